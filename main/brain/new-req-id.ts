import { closeSync, openSync, readSync } from 'node:fs';

const POOL_BYTES = 1024;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * A random UUID (version 4). Read from the system's generator, not through node:crypto: loading that takes 2.5 MB of a
 * brain that is to stay under 50. Windows has no such file and takes node:crypto.
 */
export function newReqId(): string {
  if (used === POOL_BYTES) refill();
  const bytes = pool.subarray(used, (used += 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function refill(): void {
  if (process.platform === 'win32') process.getBuiltinModule('node:crypto').randomFillSync(pool);
  else readRandom();
  used = 0;
}

function readRandom(): void {
  const file = openSync('/dev/urandom', 'r');
  try {
    let filled = 0;
    while (filled < POOL_BYTES) filled += readSync(file, pool, filled, POOL_BYTES - filled, null);
  } finally {
    closeSync(file);
  }
}
