import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AUDIT_FILE } from '../../../main/audit/schema.ts';
import { readTrace, type DiskEvent } from './disk-events.ts';

/** How durable commits are; NORMAL is the control. */
export type Synchronous = 'FULL' | 'NORMAL';

/** What a writer did to its disk. */
export interface TracedRun {
  readonly events: readonly DiskEvent[];
  /** Name of the folder in the events. */
  readonly folder: string;
}

const WRITER = join(import.meta.dirname, 'power-writer.ts');
const CALLS = 'openat,pwrite64,write,pwritev,writev,fsync,fdatasync,ftruncate,unlink,rename';

/** Runs a writer through so many commits and to its end, and reads what it did to its disk. */
export async function traceWriter(synchronous: Synchronous, commits: number): Promise<TracedRun> {
  const outer = mkdtempSync(join(tmpdir(), 'mt5-fabric-trace-'));
  try {
    const folder = mkdtempSync(join(outer, 'log-'));
    const [notes, trace] = [join(outer, 'notes'), join(outer, 'trace')];
    const log = join(folder, AUDIT_FILE);
    const files = [folder, log, `${log}-wal`, `${log}-journal`, notes];
    const words = ['-f', '-qq', '-y', '-xx', '-s', '1000000', '-o', trace, '-e', `trace=${CALLS}`];
    const program = [process.execPath, WRITER, folder, notes, synchronous, String(commits)];
    const child = spawn('strace', [...words, ...files.flatMap((file) => ['-P', file]), ...program], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the writer under strace ended with ${code}`);
    return { events: readTrace(readFileSync(trace, 'latin1'), notes), folder: basename(folder) };
  } finally {
    rmSync(outer, { recursive: true, force: true });
  }
}
