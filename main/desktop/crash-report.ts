import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MOST_REPORTS = 20;

export interface Crash {
  readonly atMs: number;
  readonly error: unknown;
  /** What else helps to understand it: versions, the trading state. */
  readonly circumstances: Readonly<Record<string, unknown>>;
}

/** Writes what is known of a crash into the data folder's `crashes` and returns the file; null where that fails too. */
export function writeCrashReport(dataDir: string, { atMs, error, circumstances }: Crash): string | null {
  const folder = join(dataDir, 'crashes');
  const at = new Date(atMs).toISOString();
  const file = join(folder, `crash-${at.replaceAll(/[:.]/g, '-')}.txt`);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${at}\n${JSON.stringify(circumstances, null, 2)}\n\n${stack}\n`, { mode: 0o600 });
    forgetOldest(folder);
    return file;
  } catch {
    return null;
  }
}

/** Names sort by time: a program that crashes over and over must not fill the disk. */
function forgetOldest(folder: string): void {
  const reports = readdirSync(folder).filter((name) => name.startsWith('crash-'));
  for (const name of reports.toSorted().slice(0, -MOST_REPORTS)) rmSync(join(folder, name), { force: true });
}
