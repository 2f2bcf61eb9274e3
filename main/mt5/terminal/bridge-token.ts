import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FORM = /^[0-9a-f]{32}$/;

/**
 * What the program in MetaTrader has to say first: 32 hex characters in `bridge.token` of the data folder, readable by its
 * owner only. Made on first use, and anew where the file holds anything else.
 */
export function bridgeToken(dataDir: string): string {
  const path = join(dataDir, 'bridge.token');
  const known = readBridgeToken(dataDir);
  if (known !== null) return known;
  const token = randomBytes(16).toString('hex');
  const draft = writeDraft(path, token);
  try {
    return isNewFile(draft, path) ? token : (readBridgeToken(dataDir) ?? replace(draft, path, token));
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The token that is there; null when there is none yet, or when the file holds something else. */
export function readBridgeToken(dataDir: string): string | null {
  try {
    const text = readFileSync(join(dataDir, 'bridge.token'), 'utf8').trim();
    return FORM.test(text) ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeDraft(path: string, token: string): string {
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, token);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

// A gateway and an installation may both be the first: a link, unlike a rename, never replaces what the other has made.
function isNewFile(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch {
    return false;
  }
}

function replace(draft: string, path: string, token: string): string {
  renameSync(draft, path);
  return token;
}
