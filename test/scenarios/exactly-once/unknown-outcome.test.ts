import { describe, expect, test } from 'vitest';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import type { Sent } from '../brain.ts';
import { FabricRig, type RigOptions } from '../fabric-rig.ts';
import { ACCOUNT_CHANGES } from './account-change.ts';
import { asRecorded, expectOnce } from './once.ts';

const ID = 'a';

/** What GET_COMMAND tells. */
async function known(rig: FabricRig): Promise<Record<string, unknown>> {
  const asked = rig.brain('alpha').send('GET_COMMAND', { req_id: ID });
  await rig.settle();
  return asked.answer.data;
}

async function again(rig: FabricRig, sent: Sent): Promise<Sent> {
  const asked = rig.brain('alpha').again(sent);
  await rig.settle();
  return asked;
}

const outcomesAnnounced = ({ events }: FabricRig) =>
  events.filter(({ event }) => event === 'COMMAND').map(({ data }) => data);

async function sentTo(options: RigOptions, order: object = {}) {
  const rig = await FabricRig.start(options);
  const sent = rig.brain('alpha').open(order, { reqId: ID });
  await rig.settle();
  return { rig, sent };
}

const isPending = { status: 'PENDING', code: 'OUTCOME_UNKNOWN', data: { state: 'UNKNOWN' } };

describe('a terminal that dies inside OrderSend', () => {
  describe.each([
    ['is found once it is back: it was done', true, { status: 'SUCCESS', data: { volume: 0.1 } }, 1],
    ['is told once it is back: it was not done', false, { status: 'ERROR', code: 'TERMINAL_TIMEOUT' }, 0],
  ])('%s', (_what, executed, expected, positions) => {
    test('exactly once 15: what it was working on is PENDING until it is back, and then told as it was', async () => {
      const next = [{ kind: 'lose', executed }] as const;
      const { rig, sent } = await sentTo({ paper: { latencyMs: 700, faults: { next } } });
      await rig.advance(300);
      rig.inject({ linkDown: true });
      await rig.advance(1_300);
      expect(sent.answer).toMatchObject(isPending);
      expect((await again(rig, sent)).answer).toMatchObject({ ...isPending, duplicate: true });
      await rig.advance(60_000);
      expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
      expect(rig.core.lane.inFlight).toBe(1);
      rig.inject({ linkDown: false });
      await rig.advance(3_000);
      expect(rig.core.lane.inFlight).toBe(0);
      expect(await known(rig)).toMatchObject(expected);
      expect(outcomesAnnounced(rig)).toMatchObject([{ req_id: ID, ...expected }]);
      expect((await again(rig, sent)).answer).toMatchObject({ ...expected, duplicate: true });
      expect(await rig.positions()).toHaveLength(positions);
      expect(rig.calls('send')).toBe(1);
      expectOnce(rig);
    });
  });

  test('exactly once 15: what it was working on is found by the next gateway too', async () => {
    const next = [{ kind: 'lose', executed: true }] as const;
    const { rig, sent } = await sentTo({ paper: { faults: { next } }, linkedTerminal: true });
    rig.inject({ linkDown: true });
    await rig.advance(2_000);
    const later = await rig.restarted();
    expect(later.recovery).toMatchObject({ unknown: 1 });
    expect((await again(later, sent)).answer).toMatchObject({ status: 'PENDING', duplicate: true });
    await expect(later.resume()).rejects.toThrow('outcome');
    later.inject({ linkDown: false });
    await later.advance(120_000);
    expect((await again(later, sent)).answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
    expect(await later.positions()).toHaveLength(1);
    expect(later.calls('send')).toBe(1);
    expectOnce(later);
  });
});

describe.each(ACCOUNT_CHANGES)('$name', (change) => {
  /** The broker says that it does not know, and what it did is `done` or not. */
  async function withTimeout(kind: 'misreport' | 'refuse') {
    const rig = await FabricRig.start();
    const payload = await change.prepare(rig);
    rig.inject({ next: Array.from({ length: change.writes }, () => ({ kind, retcode: RETCODE.TIMEOUT })) });
    const sent = rig.brain('alpha').send(change.action, payload, { reqId: ID });
    await rig.settle();
    expect(sent.answer).toMatchObject(isPending);
    expect((await again(rig, sent)).answer).toMatchObject({ ...isPending, duplicate: true });
    await rig.advance(5_000);
    return { rig, sent };
  }

  test('exactly once 16: TIMEOUT, but it was done, is PENDING until it is found, and is done once', async () => {
    const { rig, sent } = await withTimeout('misreport');
    expect(await known(rig)).toMatchObject({ state: change.doneState, status: 'SUCCESS' });
    expect(outcomesAnnounced(rig)).toMatchObject([{ req_id: ID, client_id: 'alpha', status: 'SUCCESS' }]);
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH', 'OUTCOME', 'OUTCOME', 'RECONCILED']);
    expect((await again(rig, sent)).answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
    expect(await change.timesDone(rig)).toBe(1);
    expect(rig.calls(change.method)).toBe(change.writes);
    expectOnce(rig);
  });

  test('exactly once 17: TIMEOUT, and it was not done, is told after three complete looks, and never done late', async () => {
    const { rig, sent } = await withTimeout('refuse');
    expect(await known(rig)).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
    expect(outcomesAnnounced(rig)).toMatchObject([{ req_id: ID, client_id: 'alpha', status: 'ERROR' }]);
    expect(rig.rows(ID)).toEqual(['INTENT', 'DISPATCH', 'OUTCOME', 'OUTCOME', 'RECONCILED']);
    expect((await again(rig, sent)).answer).toMatchObject({ code: 'TERMINAL_TIMEOUT', duplicate: true });
    expect(await change.timesDone(rig)).toBe(0);
    expect(rig.calls(change.method)).toBe(change.writes);
    expectOnce(rig);
  });
});

test('exactly once 17: one look that finds nothing does not count, nor do two', async () => {
  const { rig } = await sentTo({ paper: { faults: { next: [{ kind: 'refuse', retcode: RETCODE.TIMEOUT }] } } });
  await rig.advance(700);
  expect(rig.calls('find')).toBe(2);
  expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
  await rig.advance(100);
  expect(rig.calls('find')).toBe(3);
  expect(await known(rig)).toMatchObject({ state: 'EXPIRED' });
  expectOnce(rig);
});

test('exactly once 18: a late reply after 90 s is told by an event and by GET_COMMAND, and changes no reply', async () => {
  const { rig, sent } = await sentTo({ paper: { latencyMs: 90_000 } });
  await rig.advance(1_499);
  expect(sent.replies).toBe(0);
  await rig.advance(1);
  expect(sent.answer).toMatchObject(isPending);
  const told = sent.text;
  expect((await again(rig, sent)).answer).toMatchObject({ ...isPending, duplicate: true });
  await rig.advance(88_000);
  expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
  expect(outcomesAnnounced(rig)).toEqual([]);
  await rig.advance(1_000);
  expect(await known(rig)).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: { volume: 0.1 } });
  expect(outcomesAnnounced(rig)).toMatchObject([{ req_id: ID, client_id: 'alpha', state: 'DONE', status: 'SUCCESS' }]);
  expect([sent.replies, sent.text]).toEqual([1, told]);
  expect((await again(rig, sent)).answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
  expect(await rig.positions()).toHaveLength(1);
  expect(rig.calls('send')).toBe(1);
  expectOnce(rig);
});

describe('a broker that rewrites comments', () => {
  test('exactly once 19: with an answer it is as with any other', async () => {
    const { rig, sent } = await sentTo({ paper: { faults: { commentsRewritten: true } } });
    expect(sent.answer.status).toBe('SUCCESS');
    expect(asRecorded(await again(rig, sent))).toBe(asRecorded(sent));
    expect(await rig.positions()).toHaveLength(1);
    expectOnce(rig);
  });

  test('exactly once 19: without an answer the order stays UNKNOWN, is never sent again, and a person decides', async () => {
    const next = [{ kind: 'misreport', retcode: RETCODE.TIMEOUT }] as const;
    const { rig, sent } = await sentTo({ paper: { faults: { commentsRewritten: true, next } } });
    expect(sent.answer).toMatchObject(isPending);
    await rig.advance(600_000);
    expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
    expect(rig.core.lane.inFlight).toBe(1);
    const later = await rig.restarted();
    expect(later.recovery).toEqual({ expired: 0, executed: 0, notExecuted: 0, unknown: 1 });
    expect((await again(later, sent)).answer).toMatchObject({ status: 'PENDING', duplicate: true });
    await expect(later.resume()).rejects.toThrow('outcome');
    await later.advance(600_000);
    expect(await known(later)).toMatchObject({ state: 'UNKNOWN' });
    expect(await later.positions()).toHaveLength(1);
    expect(later.calls('send')).toBe(1);
    expectOnce(later);
  });

  test('exactly once 19: an order that did not happen is not taken for one of the same kind that did', async () => {
    const { rig, sent } = await sentTo({ paper: { faults: { commentsRewritten: true } } });
    expect(sent.answer.status).toBe('SUCCESS');
    rig.inject({ next: [{ kind: 'refuse', retcode: RETCODE.TIMEOUT }] });
    const second = rig.brain('alpha').open({}, { reqId: 'b' });
    await rig.advance(600_000);
    const told = rig.brain('alpha').again(second);
    await rig.settle();
    expect(told.answer.status).not.toBe('SUCCESS');
    expect(await rig.positions()).toHaveLength(1);
    expectOnce(rig);
  });
});

describe('a partial fill', () => {
  const part = { next: [{ kind: 'fill-part', share: 0.4 }] } as const;

  test('exactly once 20: an order that is filled in part is PARTIAL, and its rest needs an id of its own', async () => {
    const { rig, sent } = await sentTo({ paper: { faults: part } });
    expect(sent.answer).toMatchObject({ status: 'SUCCESS', retcode: RETCODE.DONE_PARTIAL, data: { volume: 0.04 } });
    expect(await known(rig)).toMatchObject({ state: 'PARTIAL' });
    expect(asRecorded(await again(rig, sent))).toBe(asRecorded(sent));
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.04 }]);
    const rest = rig.brain('alpha').open({ volume: 0.06 }, { reqId: 'rest' });
    await rig.settle();
    expect(rest.answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.06 } });
    expect((await again(rig, rest)).answer.duplicate).toBe(true);
    expect((await rig.positions()).map(({ volumeLots }) => volumeLots)).toEqual([0.04, 0.06]);
    expectOnce(rig);
  });

  test('exactly once 20: a partial fill whose answer is lost in a crash is found with what was filled', async () => {
    const rig = await FabricRig.start({ paper: { faults: part } });
    rig.process.dieAt('terminal.send:after');
    const sent = rig.brain('alpha').open({}, { reqId: ID });
    await rig.settle();
    const next = await rig.restarted({});
    expect(next.recovery).toMatchObject({ executed: 1 });
    expect((await again(next, sent)).answer).toMatchObject({
      status: 'SUCCESS',
      data: { volume: 0.04 },
      duplicate: true,
    });
    expect(await known(next)).toMatchObject({ state: 'PARTIAL' });
    expect(await next.positions()).toMatchObject([{ volumeLots: 0.04 }]);
    expectOnce(next);
  });

  test('exactly once 20: a waiting order that is filled in part and then in whole is one order', async () => {
    const { rig, sent } = await sentTo({ paper: { faults: part } }, { type: 'LIMIT', price: 1.05 });
    expect(sent.answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
    rig.paper.quote('EURUSD', 1.0497, 1.0498);
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.04 }]);
    expect(asRecorded(await again(rig, sent))).toBe(asRecorded(sent));
    rig.paper.quote('EURUSD', 1.0496, 1.0497);
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.1 }]);
    expect(await rig.orders()).toEqual([]);
    expect(asRecorded(await again(rig, sent))).toBe(asRecorded(sent));
    expect(rig.calls('send')).toBe(1);
    expectOnce(rig);
  });
});
