import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const CHUNK_BYTES = 1 << 20;

/** Writes a whole file so that it outlives a power cut, mode 0600, in the place of any other. */
export function writeDurably(file: string, text: string): void {
  const fd = openSync(file, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncFolder(dirname(file));
}

/** Gives a file another name in the same folder so that the move outlives a power cut. */
export function moveDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Moves a file if it is there and nothing has the new name; false where it is not. */
export function moveIfThere(from: string, to: string): boolean {
  if (!existsSync(from) || existsSync(to)) return false;
  moveDurably(from, to);
  return true;
}

/** Puts what was written to a file by somebody else on the disk. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Nobody writes this file any more. */
export function makeReadOnly(file: string): void {
  chmodSync(file, 0o400);
}

/** SHA-256 of a file in hex, read in pieces. */
export function sha256OfFile(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const fd = openSync(file, 'r');
  try {
    for (;;) {
      const length = readSync(fd, chunk);
      if (length === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
}

/** A rename is on the disk when its folder is. Windows has no such call, and its journal keeps renames in order. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
