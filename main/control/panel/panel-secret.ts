import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../config/write-file-atomically.ts';
import type { Log } from '../../log.ts';

const SECRET_BYTES = 32;

/** The file of the secret with which sessions are signed. Deleting it ends every session. */
export const panelSecretPath = (dataDir: string): string => join(dataDir, 'panel.key');

/** The data folder's secret; a new one where there is none, or none that can be trusted. */
export function panelSecret(dataDir: string, log: Log): Buffer {
  const path = panelSecretPath(dataDir);
  const known = existsSync(path) ? secretIn(path, log) : null;
  if (known !== null) return known;
  const secret = randomBytes(SECRET_BYTES);
  writeFileAtomically(path, secret.toString('base64url'));
  return secret;
}

function secretIn(path: string, log: Log): Buffer | null {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    log.warn('others could read the key of the panel: it is replaced, and its sessions end', { path });
    return null;
  }
  const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64url');
  if (secret.length === SECRET_BYTES) return secret;
  log.warn('the key of the panel is damaged: it is replaced, and its sessions end', { path });
  return null;
}
