import { readFileSync } from 'node:fs';

const BOM = '\ufeff';

/** Text of a file that MetaTrader has written: UTF-16LE with a byte order mark, or UTF-8. Null when it cannot be read. */
export function readText(path: string): string | null {
  try {
    return textOf(readFileSync(path));
  } catch {
    return null;
  }
}

/** Bytes of a file; null when it is not there. Throws when it is there and cannot be read: it must not be lost. */
export function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Bytes as text: UTF-16LE where they begin with its mark or have the zeros of it, else UTF-8. */
export function textOf(bytes: Buffer): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes.length >= 2 && bytes[0] !== 0 && bytes[1] === 0);
  const text = bytes.toString(isWide ? 'utf16le' : 'utf8');
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/** Text in the form that MetaTrader itself writes: UTF-16LE with a byte order mark, lines ended by CR LF. */
export function wideText(lines: readonly string[]): Buffer {
  return Buffer.from(`${BOM}${lines.map((line) => `${line}\r\n`).join('')}`, 'utf16le');
}
