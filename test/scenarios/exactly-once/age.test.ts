import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { ACCOUNT_CHANGES } from './account-change.ts';
import { asRecorded, expectOnce } from './once.ts';

const ID = 'a';

describe.each(ACCOUNT_CHANGES)('$name', (change) => {
  /** Sent with a clock that is off by so many seconds: refused, recorded, and nothing is done then or later. */
  async function expectStale(byS: number, words: RegExp): Promise<void> {
    const rig = await FabricRig.start();
    const payload = await change.prepare(rig);
    const timestamp = rig.clock.nowMs() / 1_000 + byS;
    const brain = rig.brain('alpha');
    const sent = brain.send(change.action, payload, { reqId: ID, timestamp });
    await rig.settle();
    expect(sent.answer).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(sent.answer.error).toMatch(words);
    expect(rig.rows(ID)).toEqual(['REFUSED']);
    // What was from the future is not any more: its id is used up all the same.
    if (byS > 0 && byS < 60) await rig.advance(byS * 1_000);
    const again = brain.again(sent);
    const mended = brain.send(change.action, { ...payload, deviation: 30 }, { reqId: ID });
    await rig.settle();
    expect(asRecorded(again)).toBe(asRecorded(sent));
    expect(mended.answer.status).toBe('ERROR');
    expect(rig.calls(change.method)).toBe(0);
    expect(await change.timesDone(rig)).toBe(0);
    expectOnce(rig);
  }

  test('exactly once 21: a stale command is refused, recorded and never done', () =>
    expectStale(-5.001, /^sent 5001 ms ago .* 5001 ms behind/));

  test('exactly once 22: a command from the future is refused, recorded and not done when its time has come', () =>
    expectStale(5.001, /^its timestamp is 5001 ms in the future.* ahead/));

  test('exactly once 23: a clock that is 3 h behind is told the difference', () =>
    expectStale(-10_800, /10800\.0 s behind/));

  test('exactly once 23: a clock that is 3 h ahead is told the difference', () =>
    expectStale(10_800, /10800\.0 s ahead/));
});

test('exactly once 21: a command at the edge of its ttl is done, also in the future', async () => {
  const rig = await FabricRig.start();
  const nowS = rig.clock.nowMs() / 1_000;
  const brain = rig.brain('alpha');
  const edges = [brain.open({}, { timestamp: nowS - 5 }), brain.open({}, { timestamp: nowS + 5 })];
  const late = brain.open({}, { timestamp: nowS - 1.001, ttlMs: 1_000 });
  await rig.settle();
  expect(edges.map(({ answer }) => answer.status)).toEqual(['SUCCESS', 'SUCCESS']);
  expect(late.answer.code).toBe('STALE');
  expect(await rig.positions()).toHaveLength(2);
  expectOnce(rig);
});

test('exactly once 21: what a client sent while the gateway was away is not done late', async () => {
  const rig = await FabricRig.start();
  const beforeS = rig.clock.nowMs() / 1_000;
  await rig.stop();
  await rig.clock.advance(60_000);
  const next = await rig.restarted();
  expect(next.mode()).toBe('TRADING');
  const sent = next.brain('alpha').open({}, { reqId: ID, timestamp: beforeS });
  await next.settle();
  expect(sent.answer.code).toBe('STALE');
  expect(await next.positions()).toEqual([]);
  expectOnce(next);
});

test('exactly once 24: what waits in the gateway longer than its ttl expires, and is not sent', async () => {
  const rig = await FabricRig.start({ core: { windowSize: 1 }, paper: { latencyMs: 6_000 } });
  const brain = rig.brain('alpha');
  brain.open({ symbol: 'GBPUSD' });
  await rig.settle();
  const queued = brain.open({}, { reqId: ID });
  await rig.advance(6_000);
  expect(queued.answer.status).toBe('PENDING');
  expect(rig.calls('send')).toBe(1);
  expect(rig.rows(ID)).toEqual(['INTENT', 'OUTCOME', 'OUTCOME']);
  await rig.advance(60_000);
  const again = brain.again(queued);
  await rig.settle();
  expect(again.answer).toMatchObject({ status: 'ERROR', code: 'STALE', duplicate: true });
  expect((await rig.positions()).map(({ symbol }) => symbol)).toEqual(['GBPUSD']);
  expectOnce(rig);
});

test('exactly once 24: what waits in the terminal longer than its ttl is refused there', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 6_000 } });
  const brain = rig.brain('alpha');
  for (let n = 0; n < 4; n += 1) brain.open({ symbol: 'GBPUSD' });
  const queued = brain.open({}, { reqId: ID });
  await rig.settle();
  expect(rig.calls('send')).toBe(5);
  await rig.advance(6_000);
  const again = brain.again(queued);
  await rig.settle();
  expect(again.answer).toMatchObject({ status: 'ERROR', code: 'STALE', duplicate: true });
  expect((await rig.positions()).map(({ symbol }) => symbol)).toEqual(Array(4).fill('GBPUSD'));
  expectOnce(rig);
});

test('exactly once 24: what waits for a disk that hangs longer than its ttl is not sent', async () => {
  const rig = await FabricRig.start();
  const brain = rig.brain('alpha');
  rig.audit.hold();
  const sent = brain.open({}, { reqId: ID });
  await rig.advance(6_000);
  expect(sent.answer.status).toBe('PENDING');
  rig.audit.release();
  await rig.advance(1_000);
  const again = brain.again(sent);
  await rig.settle();
  expect(again.answer).toMatchObject({ status: 'ERROR', code: 'STALE', duplicate: true });
  expect(rig.calls('send')).toBe(0);
  expect(await rig.positions()).toEqual([]);
  expectOnce(rig);
});
