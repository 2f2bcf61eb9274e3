import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_FILE } from '../../../main/audit/schema.ts';

/** A system call on the log's files that fails, as strace makes it. Each thread of the gateway counts for itself. */
export interface Injection {
  readonly call: 'fsync' | 'pwrite64';
  readonly error: 'EIO' | 'ENOSPC';
  /** The first call that fails, from 1. */
  readonly at: number;
  /** Whether every later one fails too. */
  readonly lasting: boolean;
}

const CALLS = { fsync: 'fsync,fdatasync', pwrite64: 'pwrite64' } as const;

/** The command line in front of the gateway's. What was done to it is written to `traceFile`. */
export function underStrace({ call, error, at, lasting }: Injection, dataDir: string, traceFile: string) {
  const log = join(dataDir, AUDIT_FILE);
  // A checkpoint that fails costs nothing as long as the write-ahead log has the rows, so writes are refused there alone.
  const files = call === 'fsync' ? [log, `${log}-wal`, `${log}-journal`] : [`${log}-wal`];
  const calls = CALLS[call];
  return [
    ...['strace', '-f', '-qq', '-y', '-o', traceFile, '-s', '0'],
    ...files.flatMap((file) => ['-P', file]),
    ...['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}:when=${at}${lasting ? '+' : ''}`],
  ];
}

/** How many calls have failed so far. */
export function failedCalls(traceFile: string): number {
  return readFileSync(traceFile, 'utf8').split('(INJECTED)').length - 1;
}

/** The fault in words for a person. */
export function nameOf({ call, error, at, lasting }: Injection): string {
  return `${error} at ${call} ${at}${lasting ? ' and all after it' : ''}`;
}
