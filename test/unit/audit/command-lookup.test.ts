import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditWriter } from '../../../main/audit/writer.ts';
import { KEY_OF_TAG, ROW_OF_TICKET } from '../../../main/audit/command-rows.ts';
import { auditFile, openForReading } from '../../../main/audit/schema.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { append, ask, claim, find, writerIn } from '../../fakes/log-writer.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

/** A log of three months with one ended command in each: `january`, `february` and `march`, which is the live one. */
function threeMonths(): { dataDir: string; writer: AuditWriter } {
  const dataDir = temporaryFolder();
  const clock = new SimulatedClock();
  const writer = writerIn(dataDir, { clock });
  for (const [at, reqId] of ['january', 'february', 'march'].entries()) {
    const times = { tsUtcUs: clock.nowMs() * 1000 };
    const tags = { tag: `tag-${reqId}`, ...times };
    writer.run([
      claim(reqId, [intent(keyOf(reqId), tags), dispatch(keyOf(reqId), tags)]),
      append(outcome(keyOf(reqId), { ticket: String(1_001 + at), ...tags })),
    ]);
    if (reqId === 'march') break;
    clock.stepWall(Date.UTC(2026, at + 1, 5) - clock.nowMs());
    writer.close();
    const closing = writerIn(dataDir, { clock });
    expect(closing.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    closing.close();
  }
  return { dataDir, writer };
}

const knows = (tag: string | null, ...tickets: string[]) => ({ kind: 'knows', mark: { tag, tickets } }) as const;
const known = (isKnown: boolean) => ({ kind: 'known', isKnown });

describe('a command of an earlier month', () => {
  it('audit log 12: a command of an earlier month is found, and its key is not claimed again', () => {
    const { writer } = threeMonths();
    for (const reqId of ['january', 'february', 'march']) {
      expect(ask(writer, find(reqId))).toMatchObject({ kind: 'found', record: { key: keyOf(reqId), state: 'DONE' } });
      expect(ask(writer, claim(reqId))).toMatchObject({ kind: 'existing', record: { tag: `tag-${reqId}` } });
    }
    expect(ask(writer, claim('april'))).toMatchObject({ kind: 'claimed' });
  });

  it('is the same for its own client alone', () => {
    const { writer } = threeMonths();
    const key = keyOf('january', 'beta');
    expect(ask(writer, { kind: 'claim', key, entries: [intent(key)] })).toMatchObject({ kind: 'claimed' });
  });

  it('moves with rows that are written later', () => {
    const { writer } = threeMonths();
    writer.run([append(commandEntry('RECONCILED', keyOf('january'), { status: 'REJECTED' }))]);
    expect(ask(writer, find('january'))).toMatchObject({ record: { state: 'REJECTED', tag: 'tag-january' } });
    expect(ask(writer, { kind: 'unsettled' })).toEqual({ kind: 'list', records: [] });
  });

  it('audit log 12: a key that was claimed before the month ended under a running writer is not claimed again', () => {
    const clock = new SimulatedClock();
    const writer = writerIn(temporaryFolder(), { clock });
    writer.run([claim('r1'), append(outcome(keyOf('r1')))]);
    clock.stepWall(31 * 86_400_000);
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    expect(ask(writer, claim('r1'))).toMatchObject({ kind: 'existing', record: { state: 'DONE' } });
  });

  it('audit log 12: a closed file that cannot be read stops every new claim, since it could be the same order', () => {
    const { dataDir, writer } = threeMonths();
    writer.close();
    const file = join(dataDir, 'audit-2026-01.sqlite');
    chmodSync(file, 0o600);
    writeFileSync(file, 'spoilt');
    const failed = writer.run([claim('april')]);
    expect(failed).toMatchObject({
      results: [{ ok: false, ambiguous: false }],
      fault: 'the closed file audit-2026-01.sqlite cannot be read: file is not a database (SQLITE_NOTADB)',
      hasMovedAside: false,
    });
    expect(ask(writer, find('april'))).toMatchObject({ kind: 'failed' });
    expect(ask(writer, claim('march'))).toMatchObject({ kind: 'existing' });
    expect(ask(writer, append(entry('KILL_LATCHED')))).toMatchObject({ ok: true });
  });
});

describe('what explains a position or an order', () => {
  it('is the tag of an intent or the ticket of an outcome, of any month', () => {
    const { writer } = threeMonths();
    for (const tag of ['tag-january', 'tag-march']) expect(ask(writer, knows(tag))).toEqual(known(true));
    for (const ticket of ['1001', '1003']) expect(ask(writer, knows(null, '7', ticket))).toEqual(known(true));
    expect(ask(writer, knows('tag-april', '7', '8'))).toEqual(known(false));
    expect(ask(writer, knows(null))).toEqual(known(false));
    expect(ask(writer, knows(null, 'tag-january'))).toEqual(known(false));
  });

  it('is seen as soon as it was appended', () => {
    const writer = writerIn(temporaryFolder());
    const { results } = writer.run([
      knows('abc'),
      claim('r1', [intent(keyOf('r1'), { tag: 'abc' })]),
      knows('abc'),
      knows(null, '5'),
      append(entry('OPERATOR_CLOSE', { ticket: '5' })),
    ]);
    expect([results[0], results[2], results[3]]).toEqual([known(true), known(true), known(true)]);
  });

  it.each(['OUTCOME', 'RECONCILED', 'FLATTEN_TICKET', 'OPERATOR_CLOSE'] as const)('is a ticket in a row %s', (type) => {
    const writer = writerIn(temporaryFolder());
    writer.run([append(entry(type, { ticket: '5' }))]);
    expect(ask(writer, knows(null, '5'))).toEqual(known(true));
  });

  it.each(['REJECTED', 'EXPIRED', 'FENCED'] as const)('is not the tag of a command that ended %s', (status) => {
    const writer = writerIn(temporaryFolder());
    writer.run([claim('r1', [intent(keyOf('r1'), { tag: 'abc' })])]);
    expect(ask(writer, knows('abc'))).toEqual(known(true));
    writer.run([append(outcome(keyOf('r1'), { status }))]);
    expect(ask(writer, knows('abc'))).toEqual(known(false));
  });

  it('is not the ticket of an order that was only asked for', () => {
    const writer = writerIn(temporaryFolder());
    writer.run([claim('r1', [intent(keyOf('r1'), { ticket: '5' })]), append(dispatch(keyOf('r1'), { ticket: '5' }))]);
    expect(ask(writer, knows(null, '5'))).toEqual(known(false));
  });

  it('is looked up through an index', () => {
    const { dataDir } = threeMonths();
    const db = openForReading(auditFile(dataDir));
    const planOf = (sql: string) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all('x');
    expect(planOf(KEY_OF_TAG)).toMatchObject([{ detail: 'SEARCH audit USING INDEX by_tag (tag=?)' }]);
    expect(planOf(ROW_OF_TICKET)).toMatchObject([
      { detail: expect.stringContaining('by_ticket (ticket=?)') as string },
    ]);
    db.close();
  });

  it('cannot be told while a closed file cannot be read', () => {
    const { dataDir, writer } = threeMonths();
    writer.close();
    rmSync(join(dataDir, 'audit-2026-01.sqlite'));
    expect(ask(writer, knows('tag-april'))).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('missing') as string,
    });
  });
});
