import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { ACCOUNT_CHANGES } from './account-change.ts';
import { asRecorded, expectOnce } from './once.ts';

const ID = 'a';

describe.each(ACCOUNT_CHANGES)('$name', (change) => {
  describe.each([
    ['whose rows are on disk all the same', true],
    ['whose rows are not on disk', false],
  ])('%s', (_what, written) => {
    test('exactly once 26: an fsync error on the intent sends nothing, halts, and stays so', async () => {
      const rig = await FabricRig.start();
      const payload = await change.prepare(rig);
      const brain = rig.brain('alpha');
      brain.send('HEARTBEAT');
      await rig.settle();
      const sent = brain.send(change.action, payload, { reqId: ID });
      rig.audit.failNext({ ambiguous: true, written, message: 'fsync failed' });
      await rig.settle();
      expect(sent.answer).toMatchObject({ status: 'ERROR', code: 'AUDIT_UNAVAILABLE' });
      expect(rig.mode()).toBe('HALTED');
      expect(rig.rows(ID)).toEqual(written ? ['INTENT', 'DISPATCH'] : []);
      await rig.advance(60_000);
      // What is there after all gets an end, so that nobody has to search the terminal for it.
      expect(rig.rows(ID)).toEqual(written ? ['INTENT', 'DISPATCH', 'OUTCOME', 'RECONCILED'] : []);
      const again = brain.again(sent);
      await rig.settle();
      expect(again.answer).toMatchObject({ status: 'ERROR', duplicate: true });
      expect(rig.calls(change.method)).toBe(0);

      const next = await rig.restarted();
      expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 0, unknown: 0 });
      const afterwards = next.brain('alpha').again(sent);
      await next.settle();
      expect(afterwards.answer.status).toBe('ERROR');
      if (written) expect(asRecorded(afterwards)).toBe(asRecorded(again));
      expect(next.calls(change.method)).toBe(0);
      expect(await change.timesDone(next)).toBe(0);
      expectOnce(next);
    });
  });
});

test('exactly once 26: a crash right after it leaves a command that was certainly not done', async () => {
  const rig = await FabricRig.start();
  const brain = rig.brain('alpha');
  brain.send('HEARTBEAT');
  await rig.settle();
  rig.audit.failNext({ ambiguous: true, written: true });
  const sent = brain.open({}, { reqId: ID });
  await rig.settle();
  expect(sent.answer.code).toBe('AUDIT_UNAVAILABLE');
  const next = await rig.restarted();
  expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 1, unknown: 0 });
  const again = next.brain('alpha').again(sent);
  await next.settle();
  expect(again.answer).toMatchObject({ status: 'ERROR', duplicate: true });
  expect(await next.positions()).toEqual([]);
  expectOnce(next);
});

test('exactly once 26: an outcome that cannot be recorded is PENDING, never ERROR, and is found by the next gateway', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 300 } });
  const sent = rig.brain('alpha').open({}, { reqId: ID });
  await rig.advance(100);
  rig.audit.breakDown({ message: 'disk gone' });
  await rig.advance(300);
  expect(sent.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
  expect(rig.mode()).toBe('HALTED');
  expect(await rig.positions()).toHaveLength(1);
  const next = await rig.restarted();
  expect(next.recovery).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
  const again = next.brain('alpha').again(sent);
  await next.settle();
  expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: { volume: 0.1 } });
  expect(next.calls('send')).toBe(1);
  expectOnce(next);
});
