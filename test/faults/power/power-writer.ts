// Writes to an audit log in one process, and notes each commit in a file of its own once the log says that it is on disk:
//   power-writer.ts FOLDER NOTES FULL|NORMAL COMMITS
import { openSync, writeSync } from 'node:fs';
import type { AuditEntry } from '../../../main/audit/audit-log.ts';
import { openForWriting } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { systemClock } from '../../../main/clock.ts';

/** Small, so that a run of a few hundred rows goes through several checkpoints. */
const CHECKPOINT_PAGES = 150;

const [dataDir = '', notes = '', synchronous = '', commits = ''] = process.argv.slice(2);
const writer = new AuditWriter({
  dataDir,
  clock: systemClock,
  stamp: { session: 'power', appVersion: '0', bridgeVersion: null },
  open,
});
const acknowledgements = openSync(notes, 'a');
for (let number = 0; number < Number(commits); number += 1) {
  const { head, fault } = writer.run([operation(number)]);
  if (fault !== null) throw new Error(fault);
  writeSync(acknowledgements, `${head.seq}\n`);
}

function open(file: string) {
  const db = openForWriting(file);
  // The control: what the log would be with the library's own default.
  if (synchronous === 'NORMAL') db.pragma('synchronous = NORMAL');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return db;
}

/** A command's first rows and its last in turn. */
function operation(number: number) {
  const reqId = `order-${Math.floor(number / 2)}`;
  const entries = (types: readonly AuditEntry['type'][]) => types.map((type) => entry(type, reqId, number));
  return number % 2 === 0
    ? ({ kind: 'claim', key: { client: 'alpha', reqId }, entries: entries(['INTENT', 'DISPATCH']) } as const)
    : ({ kind: 'append', entries: entries(['OUTCOME']) } as const);
}

function entry(type: AuditEntry['type'], reqId: string, number: number): AuditEntry {
  const status = { INTENT: 'ACCEPTED', DISPATCH: 'DISPATCHING', OUTCOME: 'DONE' } as Partial<Record<string, string>>;
  return {
    type,
    tsUtcUs: 1_766_800_000_000_000 + number * 1_000,
    tsMonoUs: number * 1_000,
    actorKind: 'client',
    actor: 'alpha',
    action: 'OPEN_ORDER',
    reqId,
    payload: JSON.stringify({ comment: 'x'.repeat((number * 37) % 400), symbol: 'EURUSD' }),
    symbol: 'EURUSD',
    status: status[type] ?? 'DONE',
  };
}
