import { readFileSync, writeFileSync } from 'node:fs';
import { getRawHeader } from '@electron/asar';

/** Size of the archive's first part: four numbers in front of the header's text. */
const PREFIX_BYTES = 16;

/** Changes one byte of the code that an archive holds, or of the header that says what it holds; its length stays. */
export function tamper(archive: string, where: 'code' | 'header'): void {
  const bytes = readFileSync(archive);
  const at = where === 'code' ? firstByteOf(archive, bytes) : bytes.indexOf('"preload.cjs"') + 1;
  if (at < PREFIX_BYTES) throw new Error(`nothing to change in ${archive}`);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(archive, bytes);
}

/** Of dist/mt5-fabric.js, without which nothing starts. */
function firstByteOf(archive: string, bytes: Buffer): number {
  const { header } = getRawHeader(archive);
  const dist = header.files['dist'];
  const entry = dist !== undefined && 'files' in dist ? dist.files['mt5-fabric.js'] : undefined;
  if (entry === undefined || !('offset' in entry)) throw new Error('the archive has no dist/mt5-fabric.js');
  return 8 + bytes.readUInt32LE(4) + Number(entry.offset);
}
