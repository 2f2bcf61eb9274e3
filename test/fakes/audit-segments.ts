import { readFileSync, writeFileSync } from 'node:fs';
import type { AuditEntry } from '../../main/audit/audit-log.ts';
import type { Operation } from '../../main/audit/operation.ts';
import { auditFile } from '../../main/audit/schema.ts';
import { AuditWriter } from '../../main/audit/writer.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const STAMP = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };

/** Noon of the 5th of a month of 2026, in Unix milliseconds; the first month is 1. */
export function noonOf(month: number): number {
  return Date.UTC(2026, month - 1, 5, 12);
}

/**
 * A data folder with a file a month from January 2026 on, the last one live. The rows of a month are a millisecond apart
 * from noon of its 5th day; every file but the first begins with the writer's own SEGMENT_STARTED.
 */
export function dataDirWithMonths(...months: readonly (readonly AuditEntry[])[]): string {
  const dataDir = temporaryFolder();
  for (const [at, entries] of months.entries()) {
    const startMs = noonOf(at + 1);
    const stamped = entries.map((entry, row) => ({ ...entry, tsUtcUs: (startMs + row) * 1_000 }));
    write(dataDir, startMs, stamped, at > 0);
  }
  return dataDir;
}

/** Makes the live file unreadable and has the writer find that: it is set aside, and a new one begun with these rows. */
export function setLiveAside(dataDir: string, entries: readonly AuditEntry[] = []): void {
  const file = auditFile(dataDir);
  writeFileSync(file, readFileSync(file).fill(0xff, 0, 100));
  appendTo(dataDir, entries);
}

/** Adds rows to a log as the next run would. */
export function appendTo(dataDir: string, entries: readonly AuditEntry[]): void {
  write(dataDir, noonOf(1), entries, false);
}

function write(dataDir: string, nowMs: number, entries: readonly AuditEntry[], closesMonth: boolean): void {
  const writer = new AuditWriter({ dataDir, stamp: STAMP, clock: new SimulatedClock(nowMs) });
  if (closesMonth && writer.lookAtMonth()?.kind !== 'month closed') throw new Error('the month was not closed');
  writer.run(entries.map(toOperation));
  writer.close();
}

function toOperation(entry: AuditEntry): Operation {
  if (entry.type !== 'INTENT') return { kind: 'append', entries: [entry] };
  return { kind: 'claim', key: { client: entry.actor, reqId: entry.reqId ?? '' }, entries: [entry] };
}
