import type Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { AuditEntry } from '../../main/audit/audit-log.ts';
import type { Operation, OperationResult } from '../../main/audit/operation.ts';
import { AuditWriter } from '../../main/audit/writer.ts';
import { intent, keyOf } from './audit-entries.ts';
import { SimulatedClock } from './simulated-clock.ts';

/** What every row of a test is stamped with. */
export const STAMP = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };

/** A writer on a data folder, closed when the test ends. Its clock stands in January 2026, as the test rows do. */
export function writerIn(
  dataDir: string,
  { clock = new SimulatedClock(), open }: { clock?: SimulatedClock; open?: (file: string) => Database.Database } = {},
): AuditWriter {
  const writer = new AuditWriter({ dataDir, stamp: STAMP, clock, ...(open === undefined ? {} : { open }) });
  onTestFinished(() => writer.close());
  return writer;
}

export const append = (...entries: readonly AuditEntry[]): Operation => ({ kind: 'append', entries });

export const claim = (reqId: string, entries: readonly AuditEntry[] = [intent(keyOf(reqId))]): Operation => ({
  kind: 'claim',
  key: keyOf(reqId),
  entries,
});

export const find = (reqId: string): Operation => ({ kind: 'find', key: keyOf(reqId) });

/** Asks a writer one thing. */
export function ask(writer: AuditWriter, operation: Operation): OperationResult | undefined {
  return writer.run([operation]).results[0];
}
