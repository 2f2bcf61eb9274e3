import Database from 'better-sqlite3';
import type { AuditEntry } from '../../main/audit/audit-log.ts';
import type { Operation } from '../../main/audit/operation.ts';
import { auditFile } from '../../main/audit/schema.ts';
import { AuditWriter } from '../../main/audit/writer.ts';
import { systemClock } from '../../main/clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A data folder whose audit log holds these rows. An INTENT claims its key. */
export function dataDirWith(entries: readonly AuditEntry[]): string {
  const dataDir = temporaryFolder();
  const stamp = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };
  const writer = new AuditWriter({ dataDir, stamp, clock: systemClock });
  writer.run(entries.map(toOperation));
  writer.close();
  return dataDir;
}

/** Runs SQL on the file as somebody with the means to would: with the triggers dropped first. */
export function tamper(dataDir: string, sql: string): void {
  const db = new Database(auditFile(dataDir));
  db.exec(`DROP TRIGGER no_update; DROP TRIGGER no_delete; ${sql}`);
  db.close();
}

function toOperation(entry: AuditEntry): Operation {
  if (entry.type !== 'INTENT') return { kind: 'append', entries: [entry] };
  return { kind: 'claim', key: { client: entry.actor, reqId: entry.reqId ?? '' }, entries: [entry] };
}
