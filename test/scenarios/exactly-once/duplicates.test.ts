import { describe, expect, test } from 'vitest';
import type { Sent } from '../brain.ts';
import { FabricRig } from '../fabric-rig.ts';
import { asRecorded, expectOnce } from './once.ts';

/** The second asking brought the recorded reply of the first, byte for byte but for its time and mark. */
function expectSameReply(first: Sent, again: Sent): void {
  expect(again.answer.duplicate).toBe(true);
  expect(asRecorded(again)).toBe(asRecorded(first));
}

async function afterOneOrder(name = 'alpha') {
  const rig = await FabricRig.start();
  const brain = rig.brain(name);
  const first = brain.open({}, { reqId: 'a' });
  await rig.settle();
  expect(first.answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
  expect(first.answer.duplicate).toBeUndefined();
  return { rig, brain, first };
}

test('exactly once 01: a duplicate while the first is pending waits for the same outcome', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 300 } });
  const brain = rig.brain('alpha');
  const first = brain.open();
  await rig.advance(100);
  const second = brain.again(first);
  await rig.advance(100);
  expect([first.replies, second.replies]).toEqual([0, 0]);
  await rig.advance(200);
  expect(first.answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
  expect(first.answer.duplicate).toBeUndefined();
  expectSameReply(first, second);
  expect(rig.calls('send')).toBe(1);
  expect(await rig.positions()).toHaveLength(1);
  expectOnce(rig);
});

test('exactly once 01: a duplicate before the intent is on disk waits for the same outcome', async () => {
  const rig = await FabricRig.start();
  const brain = rig.brain('alpha');
  rig.audit.hold();
  const first = brain.open();
  await rig.settle();
  const second = brain.again(first);
  await rig.settle();
  expect([rig.calls('send'), first.replies, second.replies]).toEqual([0, 0, 0]);
  rig.audit.release();
  await rig.settle();
  expectSameReply(first, second);
  expect(await rig.positions()).toHaveLength(1);
  expectOnce(rig);
});

test('exactly once 02: a duplicate after the end gets the recorded reply, however old it is', async () => {
  const { rig, brain, first } = await afterOneOrder();
  await rig.advance(600_000);
  const again = brain.again(first);
  await rig.settle();
  expectSameReply(first, again);
  expect(await rig.positions()).toHaveLength(1);
  expectOnce(rig);
});

test('exactly once 02: a duplicate of what memory has forgotten gets the recorded reply', async () => {
  const rig = await FabricRig.start({ core: { recentCommands: 1 } });
  const brain = rig.brain('alpha');
  const first = brain.open({}, { reqId: 'a' });
  await rig.settle();
  for (let n = 0; n < 3; n += 1) {
    brain.open({ symbol: 'GBPUSD' });
    await rig.settle();
  }
  const again = brain.again(first);
  await rig.settle();
  expectSameReply(first, again);
  expect(await rig.positions()).toHaveLength(4);
  expectOnce(rig);
});

describe.each([
  ['a crash', (rig: FabricRig) => rig.restarted()],
  ['a stop in order', (rig: FabricRig) => rig.stop().then(() => rig.restarted())],
])('after %s', (_what, restart) => {
  test('exactly once 03: a duplicate after a restart gets the recorded reply, tickets past 2^53 exact', async () => {
    const rig = await FabricRig.start({ paper: { firstTicket: 9_007_199_254_740_993n } });
    const first = rig.brain('alpha').open();
    await rig.settle();
    expect(first.answer.data).toMatchObject({ ticket: 9_007_199_254_740_993n });
    const next = await restart(rig);
    const again = next.brain('alpha').again(first);
    await next.settle();
    expectSameReply(first, again);
    expect(next.calls('send')).toBe(1);
    expect(await next.positions()).toHaveLength(1);
    expectOnce(next);
  });
});

describe.each([
  ['while it is in memory', (rig: FabricRig) => Promise.resolve(rig)],
  ['after a restart', (rig: FabricRig) => rig.stop().then(() => rig.restarted())],
])('%s', (_when, go) => {
  test('exactly once 04: the same id with another volume is refused, and the first reply stands', async () => {
    const { rig: before, first } = await afterOneOrder();
    const rig = await go(before);
    const brain = rig.brain('alpha');
    const other = brain.open({ volume: 0.2 }, { reqId: 'a' });
    await rig.settle();
    expect(other.answer).toMatchObject({ status: 'ERROR', code: 'REQ_ID_REUSED', data: { state: 'DONE' } });
    const again = brain.again(first);
    await rig.settle();
    expectSameReply(first, again);
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.1 }]);
    expect(rig.rows('a').filter((type) => type === 'REFUSED')).toHaveLength(1);
    expectOnce(rig);
  });
});

test('exactly once 04: the same id with another volume is refused while the first is under way', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 300 } });
  const brain = rig.brain('alpha');
  const first = brain.open({}, { reqId: 'a' });
  await rig.advance(100);
  const other = brain.open({ volume: 0.2 }, { reqId: 'a' });
  await rig.settle();
  expect(other.answer).toMatchObject({ code: 'REQ_ID_REUSED', data: { state: 'DISPATCHING' } });
  await rig.advance(300);
  expect(first.answer.status).toBe('SUCCESS');
  expect(await rig.positions()).toMatchObject([{ volumeLots: 0.1 }]);
  expectOnce(rig);
});

test('exactly once 05: the same id from another client is another command', async () => {
  const { rig, first } = await afterOneOrder();
  const beta = rig.brain('beta').open({}, { reqId: 'a' });
  const nameless = rig.brain().open({}, { reqId: 'a' });
  await rig.settle();
  for (const sent of [beta, nameless]) {
    expect(sent.answer.status).toBe('SUCCESS');
    expect(sent.answer.duplicate).toBeUndefined();
  }
  const tickets = [first, beta, nameless].map((sent) => sent.answer.data['ticket']);
  expect(new Set(tickets).size).toBe(3);
  const positions = await rig.positions();
  expect(new Set(positions.map(({ comment }) => comment)).size).toBe(3);
  const next = await rig.restarted();
  const again = next.brain('beta').again(beta);
  await next.settle();
  expectSameReply(beta, again);
  expectOnce(next);
});

describe.each([
  ['in one turn', {}, 0],
  ['while the order takes its time', { latencyMs: 400 }, 4],
])('%s', (_when, paper, everyMs) => {
  test('exactly once 06: 100 parallel duplicates give one order, and one reply each', async () => {
    const rig = await FabricRig.start({ paper });
    const brain = rig.brain('alpha');
    const first = brain.open();
    const others: Sent[] = [];
    for (let n = 0; n < 99; n += 1) {
      others.push(brain.again(first));
      if (everyMs > 0) await rig.clock.advance(everyMs);
    }
    await rig.advance(500);
    expect(first.answer.status).toBe('SUCCESS');
    for (const other of others) expectSameReply(first, other);
    expect([first, ...others].map(({ replies }) => replies)).toEqual(Array(100).fill(1));
    expect(rig.calls('send')).toBe(1);
    expect(await rig.positions()).toHaveLength(1);
    expectOnce(rig);
  });
});

test('exactly once 14: a reply that is lost on its way comes again to who asks again', async () => {
  const { rig, first } = await afterOneOrder();
  // The client that got nothing has a new connection, and knows only what it sent.
  const again = rig.brain('alpha').sendBytes(first.bytes, first.reqId);
  const other = rig.brain('alpha').send('GET_COMMAND', { req_id: 'a' });
  await rig.settle();
  expectSameReply(first, again);
  expect(other.answer.data).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: first.answer.data });
  expect(await rig.positions()).toHaveLength(1);
  expectOnce(rig);
});

test('exactly once 25: an old id gets its recorded reply also when the account was reset', async () => {
  const { rig, first } = await afterOneOrder();
  await rig.stop();
  const next = await rig.restarted({ paper: { reset: true } });
  expect(next.mode()).toBe('TRADING');
  const again = next.brain('alpha').again(first);
  await next.settle();
  expectSameReply(first, again);
  expect(await next.positions()).toEqual([]);
  const fresh = next.brain('alpha').open({}, { reqId: 'b' });
  await next.settle();
  expect(fresh.answer.status).toBe('SUCCESS');
  expect(fresh.answer.duplicate).toBeUndefined();
  expectOnce(next);
});

test('exactly once 25: a client that lost its data and counts from 1 again trades nothing twice', async () => {
  const rig = await FabricRig.start();
  const before = rig.brain('alpha');
  const old = [before.open(), before.open({ symbol: 'GBPUSD' })];
  await rig.settle();
  await rig.advance(600_000);
  const after = rig.brain('alpha');
  const same = after.open();
  const other = after.open({ symbol: 'USDJPY' });
  await rig.settle();
  expect([same.reqId, other.reqId]).toEqual(old.map(({ reqId }) => reqId));
  expect(same.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: old[0]?.answer.data });
  expect(other.answer).toMatchObject({ status: 'ERROR', code: 'REQ_ID_REUSED' });
  expect((await rig.positions()).map(({ symbol }) => symbol)).toEqual(['EURUSD', 'GBPUSD']);
  expectOnce(rig);
});
