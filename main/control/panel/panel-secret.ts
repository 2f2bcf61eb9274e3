import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../config/write-file-atomically.ts';
import type { Log } from '../../log.ts';

const SECRET_BYTES = 32;

/** The file of the secret with which sessions are signed. Deleting it ends every session. */
export const panelSecretPath = (dataDir: string): string => join(dataDir, 'panel.key');

/** The data folder's secret with which sessions are signed. */
export function panelSecret(dataDir: string, log: Log): Buffer {
  return secretFile(panelSecretPath(dataDir), 'the key of the panel', log);
}

/** The secret in a file, in base64url and for its owner alone; a new one where there is none, or none that can be trusted. */
export function secretFile(path: string, what: string, log: Log): Buffer {
  const known = existsSync(path) ? secretIn(path, what, log) : null;
  if (known !== null) return known;
  const secret = randomBytes(SECRET_BYTES);
  writeFileAtomically(path, secret.toString('base64url'));
  return secret;
}

function secretIn(path: string, what: string, log: Log): Buffer | null {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    log.warn(`others could read ${what}: it is replaced, and holds no more`, { path });
    return null;
  }
  const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64url');
  if (secret.length === SECRET_BYTES) return secret;
  log.warn(`${what} is damaged: it is replaced, and holds no more`, { path });
  return null;
}
