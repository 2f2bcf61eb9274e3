import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditLog } from '../../../main/audit/audit-log.ts';
import { openAuditLog } from '../../../main/audit/open-audit-log.ts';
import { silentLog } from '../../../main/log.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

async function logOnDisk(): Promise<AuditLog> {
  const options = { dataDir: temporaryFolder(), session: 's1', appVersion: '0.1.0' };
  const opened = await openAuditLog({ ...options, clock: new SimulatedClock(), log: silentLog });
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.log.stop());
  return opened.log;
}

// The fake that other parts are tested with must behave as the real one.
describe.each([
  ['the log on disk', logOnDisk],
  ['the log in memory', () => Promise.resolve(new MemoryAuditLog())],
])('%s', (_name, open) => {
  const key = keyOf('r1');

  it('starts as a first run', async () => {
    const log = await open();
    expect(log.opened).toMatchObject({ fresh: true, cleanStop: false, tailIntact: true, standingHalt: null });
    expect(log.head().seq).toBe(0);
  });

  it('keeps what is appended in one turn in order', async () => {
    const log = await open();
    const results = await Promise.all([log.append([entry('ARMED'), entry('RESUME')]), log.append([entry('FENCED')])]);
    expect(results).toMatchObject([{ ok: true }, { ok: true, head: { seq: 3 } }]);
    expect(log.head().seq).toBe(3);
  });

  it('claims a key once of 100 parallel claims, and gives the other 99 its command', async () => {
    const log = await open();
    const results = await Promise.all(Array.from({ length: 100 }, () => log.claim(key, [intent(key), dispatch(key)])));
    const kinds = results.map((result) => (result.ok ? result.kind : result.message));
    expect(kinds).toEqual(['claimed', ...Array<string>(99).fill('existing')]);
    expect(results[99]).toMatchObject({ record: { key, state: 'DISPATCHING', magic: '770001' } });
    expect(log.head().seq).toBe(2);
  });

  it('finds a command that was appended before the question, and none that was not', async () => {
    const log = await open();
    void log.claim(key, [intent(key)]);
    void log.append([outcome(key)]);
    expect(await log.findCommand(key)).toMatchObject({ state: 'DONE', answer: { status: 'SUCCESS' } });
    expect(await log.findCommand(keyOf('r1', 'beta'))).toBeNull();
  });

  it('leaves a command as it is when another request is refused for its id', async () => {
    const log = await open();
    await log.claim(key, [intent(key)]);
    await log.append([commandEntry('REFUSED', key, { status: 'REFUSED', code: 'REQ_ID_REUSED' })]);
    expect(await log.findCommand(key)).toMatchObject({ state: 'ACCEPTED', answer: null });
  });

  it('lists commands without a known end, oldest first', async () => {
    const log = await open();
    for (const reqId of ['a', 'b', 'c']) await log.claim(keyOf(reqId), [intent(keyOf(reqId))]);
    await log.append([outcome(keyOf('b')), outcome(keyOf('c'), { status: 'UNKNOWN' })]);
    expect((await log.unsettled()).map((record) => [record.key.reqId, record.state])).toEqual([
      ['a', 'ACCEPTED'],
      ['c', 'UNKNOWN'],
    ]);
  });

  it('writes what is left when it is stopped, and refuses what comes after', async () => {
    const log = await open();
    const last = log.append([entry('SESSION_STOPPED')]);
    await Promise.all([log.stop(), log.stop()]);
    expect(await last).toMatchObject({ ok: true });
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: false });
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: false, ambiguous: false });
  });
});
