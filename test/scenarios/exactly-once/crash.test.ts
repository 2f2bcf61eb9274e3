import { describe, expect, test } from 'vitest';
import type { Sent } from '../brain.ts';
import { FabricRig, type RigOptions } from '../fabric-rig.ts';
import { ACCOUNT_CHANGES, type AccountChange } from './account-change.ts';
import { asRecorded, expectOnce } from './once.ts';

const ID = 'a';
/** Long enough for what is asked again after a restart and a resume: here age is not what decides. */
const LONG_TTL_MS = 300_000;

/** A gateway with what the command is about in its account, and the command sent; `moment` is when the gateway dies of it. */
async function sentTo(change: AccountChange, moment: string | null, options: RigOptions = {}) {
  const rig = await FabricRig.start(options);
  const payload = await change.prepare(rig);
  const brain = rig.brain('alpha');
  brain.send('HEARTBEAT');
  await rig.settle();
  const sent = brain.send(change.action, payload, { reqId: ID, ttlMs: LONG_TTL_MS });
  if (moment !== null) rig.process.dieAt(moment);
  await rig.settle();
  expect(rig.process.isDead).toBe(moment !== null);
  expect(sent.replies).toBe(0);
  return { rig, sent };
}

/** The same command, waiting with its intent on disk until another one has gone ahead; then the gateway dies. */
async function waitingBehindAnother(change: AccountChange) {
  const rig = await FabricRig.start({ core: { windowSize: 1 }, paper: { latencyMs: 700 } });
  const payload = await change.prepare(rig);
  rig.brain('beta').open({ symbol: 'GBPUSD' });
  await rig.settle();
  const sent = rig.brain('alpha').send(change.action, payload, { reqId: ID, ttlMs: LONG_TTL_MS });
  await rig.settle();
  rig.crash();
  return { rig, sent };
}

/** The next process, and what it answers to the same bytes. */
async function askedAgain(rig: FabricRig, sent: Sent): Promise<{ readonly next: FabricRig; readonly again: Sent }> {
  const next = await rig.restarted();
  expect(next.mode()).toBe('HALTED');
  const again = next.brain('alpha').again(sent);
  await next.settle();
  return { next, again };
}

/** It did not happen, the reply says so, and it does not happen later either. */
async function expectNothing(change: AccountChange, next: FabricRig, again: Sent, code: string): Promise<void> {
  expect(again.answer).toMatchObject({ status: 'ERROR', code, duplicate: true });
  expect(await change.timesDone(next)).toBe(0);
  await next.resume();
  const onceMore = next.brain('alpha').again(again);
  await next.advance(60_000);
  expect(asRecorded(onceMore)).toBe(asRecorded(again));
  expect(await change.timesDone(next)).toBe(0);
  expectOnce(next);
}

/** It happened once, the reply says so, and it does not happen again. */
async function expectDone(change: AccountChange, next: FabricRig, again: Sent): Promise<void> {
  expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
  expect(await change.timesDone(next)).toBe(1);
  await next.resume();
  const known = next.brain('alpha').send('GET_COMMAND', { req_id: ID });
  const onceMore = next.brain('alpha').again(again);
  await next.advance(60_000);
  expect(known.answer.data).toMatchObject({ state: change.doneState, status: 'SUCCESS' });
  expect(asRecorded(onceMore)).toBe(asRecorded(again));
  expect(await change.timesDone(next)).toBe(1);
  expect(next.calls(change.method)).toBe(change.writes);
  expectOnce(next);
}

describe.each(ACCOUNT_CHANGES)('$name', (change) => {
  test('exactly once 07: a crash before the intent leaves nothing, and the same id runs once when it is sent again', async () => {
    const { rig, sent } = await sentTo(change, 'audit.claim:before');
    expect(rig.rows(ID)).toEqual([]);
    const next = await rig.restarted();
    expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 0, unknown: 0 });
    expect(await change.timesDone(next)).toBe(0);
    await next.resume();
    const again = next.brain('alpha').again(sent);
    const onceMore = next.brain('alpha').again(sent);
    await next.settle();
    expect(again.answer.status).toBe('SUCCESS');
    expect(again.answer.duplicate).toBeUndefined();
    expect(onceMore.answer.duplicate).toBe(true);
    expect(await change.timesDone(next)).toBe(1);
    expect(next.calls(change.method)).toBe(change.writes);
    expectOnce(next);
  });

  test('exactly once 08: a crash after the intent sends nothing, then or later', async () => {
    const { rig, sent } = await waitingBehindAnother(change);
    const callsBefore = rig.calls(change.method);
    expect(rig.rows(ID)).toEqual(['INTENT']);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 1, executed: 0, notExecuted: 1, unknown: 0 });
    expect(again.answer.error).toContain('certainly not sent');
    await expectNothing(change, next, again, 'STALE');
    expect(next.calls(change.method)).toBe(callsBefore);
  });

  test('exactly once 09: a crash after DISPATCHING, before the write, is found not to have happened', async () => {
    const { rig, sent } = await sentTo(change, 'audit.claim:after');
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH']);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 1, unknown: 0 });
    await expectNothing(change, next, again, 'TERMINAL_TIMEOUT');
    expect(next.calls(change.method)).toBe(0);
  });

  test('exactly once 10: a crash after the write, with a broker that dies of it too, is found not to have happened', async () => {
    const { rig, sent } = await sentTo(change, null, { paper: { latencyMs: 700 } });
    expect(rig.calls(change.method)).toBe(change.writes);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 1, unknown: 0 });
    await expectNothing(change, next, again, 'TERMINAL_TIMEOUT');
    expect(next.calls(change.method)).toBe(change.writes);
  });

  test('exactly once 10: a crash after the write, while the terminal goes on, is found to have happened', async () => {
    const { rig, sent } = await sentTo(change, null, { paper: { latencyMs: 700 }, linkedTerminal: true });
    rig.crash();
    expect(await change.timesDone(rig)).toBe(0);
    await rig.clock.advance(1_000);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
    await expectDone(change, next, again);
  });

  test('exactly once 10: a start that is quicker than the terminal says PENDING, and tells the outcome once it is known', async () => {
    const { rig, sent } = await sentTo(change, null, { paper: { latencyMs: 20_000 }, linkedTerminal: true });
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 0, unknown: 1 });
    expect(again.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(next.safety.state().causes).toContainEqual(expect.objectContaining({ kind: 'UNKNOWN_ORDER' }));
    await next.advance(120_000);
    const later = next.brain('alpha').again(sent);
    await next.settle();
    await expectDone(change, next, later);
  });

  test('exactly once 11: a crash after the ack, before it is taken, is found to have happened', async () => {
    const { rig, sent } = await sentTo(change, `terminal.${change.method}:after`);
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH']);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
    await expectDone(change, next, again);
  });

  test('exactly once 12: a crash after the fill, before its row, is found to have happened', async () => {
    const { rig, sent } = await sentTo(change, 'audit.append:before');
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH']);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
    expect(next.rows(ID).slice(2, 4)).toEqual(['OUTCOME', 'RECONCILED']);
    await expectDone(change, next, again);
  });

  test('exactly once 13: a crash before the reply leaves the outcome on record', async () => {
    const { rig, sent } = await sentTo(change, 'audit.append:after');
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH', 'OUTCOME']);
    const { next, again } = await askedAgain(rig, sent);
    expect(next.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 0, unknown: 0 });
    expect(next.rows(ID)).toEqual(['INTENT', 'DISPATCH', 'OUTCOME']);
    await expectDone(change, next, again);
  });
});

test('exactly once 10: a crash between two closes of CLOSE_ALL tells what was closed, and closes no more', async () => {
  const change = ACCOUNT_CHANGES.find(({ action }) => action === 'CLOSE_ALL');
  if (change === undefined) throw new Error('the table has no CLOSE_ALL');
  const rig = await FabricRig.start();
  const payload = await change.prepare(rig);
  rig.process.dieAt('terminal.close:before', 2);
  const sent = rig.brain('alpha').send('CLOSE_ALL', payload, { reqId: ID, ttlMs: LONG_TTL_MS });
  await rig.settle();
  expect(rig.process.isDead).toBe(true);
  expect(await change.timesDone(rig)).toBe(0.5);
  const { next, again } = await askedAgain(rig, sent);
  expect(again.answer).toMatchObject({ duplicate: true, data: { positions_closed: 1, total_positions: 2 } });
  await next.resume();
  const onceMore = next.brain('alpha').again(sent);
  await next.advance(60_000);
  expect(asRecorded(onceMore)).toBe(asRecorded(again));
  expect(await change.timesDone(next)).toBe(0.5);
  expectOnce(next);
});

test('exactly once 11: an order that was placed before a crash and filled during it is still one order', async () => {
  const rig = await FabricRig.start({ linkedTerminal: true });
  rig.process.dieAt('terminal.send:after');
  const sent = rig.brain('alpha').open({ type: 'LIMIT', price: 1.05 }, { reqId: ID });
  await rig.settle();
  rig.paper.quote('EURUSD', 1.0498, 1.0499);
  const { next, again } = await askedAgain(rig, sent);
  expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: { volume: 0.1 } });
  expect(await next.orders()).toEqual([]);
  expect(await next.positions()).toMatchObject([{ volumeLots: 0.1 }]);
  expect(next.calls('send')).toBe(1);
  expectOnce(next);
});
