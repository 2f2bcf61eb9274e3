import { expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { closesOf, expectFlat, expectNotFlat } from './flatness.ts';

const ENGAGED = { status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' };

/** States of a command as its rows tell them, in order. */
const statesOf = (rig: FabricRig, reqId: string) =>
  rig.audit.rows.filter((row) => row.reqId === reqId && row.status !== undefined).map(({ status }) => status);

/** The same bytes after a resume: what was refused stays so, and nothing of it is sent late. */
async function expectSpent(rig: FabricRig, reqId: string): Promise<void> {
  const sends = rig.calls('send');
  await rig.resume();
  const sent = rig.sent.find((other) => other.reqId === reqId)!;
  const again = rig.brain('alpha').again(sent);
  await rig.settle();
  expect(again.answer).toMatchObject({ ...ENGAGED, duplicate: true });
  expect(rig.calls('send')).toBe(sends);
  expect(await rig.positions()).toEqual([]);
}

test('kill switch 01: an empty book is answered at once, and called flat after two empty looks 2 s apart, not before', async () => {
  const rig = await FabricRig.start();
  const kill = rig.brain('alpha').send('KILL_SWITCH', {}, { reqId: 'kill' });
  await rig.settle();
  expect(kill.answer).toMatchObject({
    status: 'SUCCESS',
    data: { mode: 'HALTED', flatten: 'EMPTY', positions_closed: 0, total_positions: 0, orders_cancelled: 0 },
  });
  await rig.advance(1_999);
  expectNotFlat(rig);
  await rig.advance(1);
  await expectFlat(rig);
  const told = rig.brain('alpha').send('GET_COMMAND', { req_id: 'kill' });
  await rig.settle();
  expect(told.answer.data).toMatchObject({ state: 'DONE', data: { flatten: 'FLAT' } });
  expect([rig.calls('halt'), rig.calls('close'), rig.calls('cancel'), rig.calls('send')]).toEqual([1, 0, 0, 0]);
});

test('kill switch 02: an order that has not passed the gate when KILL comes is refused, and never sent later', async () => {
  const rig = await FabricRig.start();
  const order = rig.brain('alpha').open({}, { reqId: 'order' });
  rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  expect(order.answer).toMatchObject(ENGAGED);
  expect(rig.rows('order')).toEqual(['REFUSED']);
  await rig.advance(3_000);
  await expectFlat(rig);
  await expectSpent(rig, 'order');
});

test('kill switch 03: an order between its gate and its intent is refused without an intent', async () => {
  const rig = await FabricRig.start({ settings: { limitOpenPositions: 10 } });
  const counting = rig.process.pauseAt('terminal.positions:after');
  const order = rig.brain('alpha').open({}, { reqId: 'order' });
  await rig.settle();
  expect(counting.isReached).toBe(true);
  rig.brain('beta').send('KILL_SWITCH');
  counting.end();
  await rig.settle();
  expect(order.answer).toMatchObject(ENGAGED);
  expect(rig.rows('order')).toEqual(['REFUSED']);
  await rig.advance(3_000);
  await expectFlat(rig);
  await expectSpent(rig, 'order');
});

test('kill switch 04: an order whose intent is being recorded is fenced before the write', async () => {
  const rig = await FabricRig.start();
  rig.audit.hold();
  const order = rig.brain('alpha').open({}, { reqId: 'order' });
  await rig.settle();
  const kill = rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  // The kill does not wait for the log that the order waits for.
  expect(kill.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', recorded: false } });
  rig.audit.release();
  await rig.settle();
  expect(order.answer).toMatchObject(ENGAGED);
  expect(statesOf(rig, 'order')).toEqual(['ACCEPTED', 'DISPATCHING', 'FENCED']);
  expect(rig.calls('send')).toBe(0);
  await rig.advance(3_000);
  await expectFlat(rig);
  await expectSpent(rig, 'order');
});

test('kill switch 04: an order that is recorded and waits for its turn to be written is fenced at once', async () => {
  const rig = await FabricRig.start({ core: { windowSize: 1 }, paper: { latencyMs: 3_000 } });
  const alpha = rig.brain('alpha');
  alpha.open({}, { reqId: 'written' });
  await rig.settle();
  const waiting = alpha.open({}, { reqId: 'waiting' });
  await rig.settle();
  expect(statesOf(rig, 'waiting')).toEqual(['ACCEPTED']);
  rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  expect(waiting.answer).toMatchObject(ENGAGED);
  expect(statesOf(rig, 'waiting')).toEqual(['ACCEPTED', 'FENCED']);
  await rig.advance(20_000);
  expect(rig.calls('send')).toBe(1);
  await expectFlat(rig);
});

test("kill switch 05: orders in the terminal's queue are fenced there; those at work fill, are found and closed", async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 3_000 } });
  const alpha = rig.brain('alpha');
  const orders = Array.from({ length: 6 }, () => alpha.open({ volume: 0.01 }));
  await rig.advance(500);
  expect(rig.calls('send')).toBe(6);
  rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  // The terminal works on four at once: it has not begun with the last two.
  const queued = orders.slice(rig.paper.terminal.concurrency);
  expect(queued).toHaveLength(2);
  for (const order of queued) {
    expect(order.answer).toMatchObject(ENGAGED);
    expect(statesOf(rig, order.reqId).at(-1)).toBe('FENCED');
  }
  await rig.advance(2_500);
  expect(await rig.positions()).toHaveLength(4);
  expectNotFlat(rig);
  await rig.advance(20_000);
  expect(closesOf(rig)).toHaveLength(4);
  await expectFlat(rig);
});

test('kill switch 06: an order inside a 3 s OrderSend fills after the kill, is found and closed, and only then it is flat', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 3_000 } });
  const order = rig.brain('alpha').open({}, { reqId: 'order' });
  await rig.advance(1_000);
  const kill = rig.brain('beta').send('KILL_SWITCH', {}, { reqId: 'kill' });
  expect(rig.mode()).toBe('HALTED');
  await rig.settle();
  // Answered while the order is still inside: the account looks empty and is not called so.
  expect(kill.answer.data).toMatchObject({ flatten: 'FLATTENING', positions_closed: 0, total_positions: 0 });
  await rig.advance(1_999);
  expect(order.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
  expect(await rig.positions()).toEqual([]);
  expectNotFlat(rig);
  await rig.advance(1);
  const [filled] = await rig.positions();
  expect(statesOf(rig, 'order').at(-1)).toBe('DONE');
  await rig.advance(3_000 + 1_999);
  expectNotFlat(rig);
  expect(closesOf(rig)).toMatchObject([{ ticket: filled!.ticket, symbol: 'EURUSD', volumeLots: 0.1 }]);
  await rig.advance(3_000);
  await expectFlat(rig);
});

test('kill switch 07: an UNKNOWN order is not called flat, however empty the book, until its outcome is known', async () => {
  const rig = await FabricRig.start();
  const search = rig.process.pauseAt('terminal.find:before');
  rig.inject({ next: [{ kind: 'lose', executed: false }] });
  const order = rig.brain('alpha').open({}, { reqId: 'order' });
  await rig.settle();
  expect(order.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
  const kill = rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  expect(kill.answer.data).toMatchObject({ flatten: 'FLATTENING' });
  await rig.advance(60_000);
  expect(await rig.positions()).toEqual([]);
  expect(rig.safety.state().flattenPhase).toBe('FLATTENING');
  expectNotFlat(rig);
  expect(await rig.safety.resume('operator', 'looks empty')).toMatchObject({ ok: false });
  search.end();
  await rig.advance(5_000);
  expect(statesOf(rig, 'order').at(-1)).toBe('EXPIRED');
  await expectFlat(rig);
});

test('kill switch 07: an UNKNOWN order that has filled is closed, and still not called flat until it is known', async () => {
  const rig = await FabricRig.start();
  const search = rig.process.pauseAt('terminal.find:before');
  rig.inject({ next: [{ kind: 'lose', executed: true }] });
  rig.brain('alpha').open({}, { reqId: 'order' });
  await rig.settle();
  rig.brain('beta').send('KILL_SWITCH');
  await rig.advance(60_000);
  expect(await rig.positions()).toEqual([]);
  expect(closesOf(rig)).toHaveLength(1);
  expectNotFlat(rig);
  search.end();
  await rig.advance(5_000);
  expect(statesOf(rig, 'order').at(-1)).toBe('DONE');
  await expectFlat(rig);
});
