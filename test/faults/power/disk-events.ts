import { basename } from 'node:path';

/** What a process did to its files, in the order in which it did it. */
export type DiskEvent =
  | { readonly kind: 'write'; readonly file: string; readonly atByte: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly toBytes: number }
  | { readonly kind: 'unlink'; readonly file: string }
  /** `file` is the folder's own name where its entries were made to last. */
  | { readonly kind: 'sync'; readonly file: string }
  /** The process said that so many rows are on disk. */
  | { readonly kind: 'acknowledged'; readonly rows: number };

const CALL = /^\d+ +(\w+)\((.*)\) += (\d+)(?:<.*>)?$/;
const HANDLE = /^\d+<((?:\\x[0-9a-f]{2})+)>/;
const TEXT = /"((?:\\x[0-9a-f]{2})*)"/;

/** Reads the trace of one thread, as `strace -f -y -xx` writes it. Throws on a line that it does not know. */
export function readTrace(trace: string, notesFile: string): readonly DiskEvent[] {
  const notes = basename(notesFile);
  return trace
    .split('\n')
    .filter((line) => line !== '' && !/^\d+ +(\+\+\+|---)/.test(line) && !line.includes(' openat('))
    .flatMap((line) => readCall(line, notes));
}

function readCall(line: string, notes: string): readonly DiskEvent[] {
  const [, call, words = '', result = ''] = CALL.exec(line) ?? [];
  const bytes = decode(TEXT.exec(words)?.[1] ?? '');
  if (call === 'unlink') return [{ kind: 'unlink', file: basename(bytes.toString()) }];
  const path = HANDLE.exec(words)?.[1];
  if (call === undefined || path === undefined) throw unknown(line);
  const file = basename(decode(path).toString());
  if (call === 'fsync' || call === 'fdatasync') return [{ kind: 'sync', file }];
  const lastNumber = Number(/, (\d+)$/.exec(words)?.[1]);
  if (call === 'ftruncate') return [{ kind: 'truncate', file, toBytes: lastNumber }];
  // A string that strace has cut, or a write that was not whole, would make the model a guess.
  if (bytes.length !== Number(result)) throw unknown(line);
  if (call === 'pwrite64') return [{ kind: 'write', file, atByte: lastNumber, bytes }];
  if (call === 'write' && file === notes) return [{ kind: 'acknowledged', rows: Number(bytes.toString()) }];
  throw unknown(line);
}

function decode(hexText: string): Buffer {
  return Buffer.from(hexText.replaceAll('\\x', ''), 'hex');
}

function unknown(line: string): Error {
  return new Error(`a line of the trace cannot be read: ${line.slice(0, 200)}`);
}
