import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../main/mt5/paper/paper-options.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import type { PaperRig } from '../../fakes/paper-rig.ts';
import { ORDER, Rig } from './rig.ts';

/** A rig on paper with a buy of EURUSD at 1.1001 (bid 1.1000) that has these stops. */
async function withPosition(stops: { sl?: number; tp?: number } = {}) {
  const { rig, paper } = await Rig.onPaper();
  const { position: ticket } = await paper.send({ ...stops });
  const modify = (payload: object, sending = {}) =>
    rig.ask('MODIFY_POSITION', { payload: { ticket, ...payload }, ...sending });
  return { rig, paper, ticket, modify, stops: async () => stopsOf(paper) };
}

async function stopsOf(paper: PaperRig) {
  const [position] = await paper.positions();
  return position === undefined ? null : [position.sl, position.tp];
}

/** A rig on paper with a buy limit of EURUSD at 1.09. */
async function withOrder(order: object = {}) {
  const { rig, paper } = await Rig.onPaper();
  const { order: ticket } = await paper.send({ type: 'LIMIT', price: 1.09, ...order });
  const modify = (payload: object, sending = {}) =>
    rig.ask('MODIFY_ORDER', { payload: { ticket, ...payload }, ...sending });
  return { rig, paper, ticket, modify };
}

const LOST_AND_DONE: Fault = { kind: 'lose', executed: true };
const LOST: Fault = { kind: 'lose', executed: false };

describe('MODIFY_POSITION', () => {
  it('changes what it names and leaves the rest as it is', async () => {
    const { modify, stops, ticket } = await withPosition({ sl: 1.09, tp: 1.12 });
    const { answer } = await modify({ sl: 1.095 });
    expect(await stops()).toEqual([1.095, 1.12]);
    expect(answer).toMatchObject({
      status: 'SUCCESS',
      retcode: RETCODE.DONE,
      data: { status: 'SUCCESS', ticket: Number(ticket), symbol: 'EURUSD', side: 'BUY', sl: 1.095, tp: 1.12 },
    });
    await modify({ tp: 1.13 });
    expect(await stops()).toEqual([1.095, 1.13]);
  });

  it('with 0 removes a stop', async () => {
    const { modify, stops } = await withPosition({ sl: 1.09, tp: 1.12 });
    await modify({ tp: 0 });
    expect(await stops()).toEqual([1.09, 0]);
    await modify({ sl: 0 });
    expect(await stops()).toEqual([0, 0]);
  });

  it('is recorded with intent, dispatch and outcome, and runs once', async () => {
    const { rig, modify } = await withPosition();
    const first = await modify({ sl: 1.09 }, { reqId: 'a', timestamp: rig.clock.nowMs() / 1000 });
    const again = await modify({ sl: 1.09 }, { reqId: 'a' });
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
    expect(again.answer).toMatchObject({ duplicate: true, data: first.answer.data });
    expect(rig.audit.rows.find(({ type }) => type === 'DISPATCH')).toMatchObject({
      sl: '1.09',
      tp: '0',
      symbol: 'EURUSD',
    });
  });

  it('of what is in force already is done: NO_CHANGES', async () => {
    const { modify } = await withPosition({ sl: 1.09 });
    expect((await modify({ sl: 1.09 })).answer).toMatchObject({ status: 'SUCCESS', retcode: RETCODE.NO_CHANGES });
  });

  it('against the rules of the broker is REJECTED with its retcode', async () => {
    const { modify, stops } = await withPosition();
    expect((await modify({ sl: 1.2 })).answer).toMatchObject({ code: 'REJECTED', retcode: RETCODE.INVALID_STOPS });
    expect(await stops()).toEqual([0, 0]);
  });

  it('of a position that is not there is NOT_FOUND, and one that is too old STALE', async () => {
    const { rig, modify } = await withPosition();
    expect((await modify({ ticket: 99, sl: 1.09 })).answer.code).toBe('NOT_FOUND');
    const old = rig.clock.nowMs() / 1000 - 60;
    expect((await modify({ sl: 1.09 }, { timestamp: old })).answer.code).toBe('STALE');
  });

  it('after a requested second look takes what has changed meanwhile along', async () => {
    const { paper, modify, stops, ticket } = await withPosition({ sl: 1.09, tp: 1.12 });
    paper.terminal.inject({ next: [{ kind: 'refuse', retcode: RETCODE.ORDER_CHANGED }] });
    const read = paper.terminal.positions.bind(paper.terminal);
    let looks = 0;
    paper.terminal.positions = async (filter) => {
      looks += 1;
      // Somebody else moves the take profit before the second look.
      if (looks === 2) await paper.terminal.modifyPosition({ ticket, sl: 1.09, tp: 1.15 }, FENCE);
      return read(filter);
    };
    expect((await modify({ sl: 1.095 })).answer.status).toBe('SUCCESS');
    expect(await stops()).toEqual([1.095, 1.15]);
  });
});

const FENCE = { epoch: 7, validUntilMonoMs: Infinity };

describe('MODIFY_POSITION outside TRADING', () => {
  it.each([
    ['REDUCE_ONLY', 'REDUCE_ONLY'],
    ['SUSPENDED', 'TRADING_SUSPENDED'],
  ] as const)('in %s protects and does not take protection away', async (mode, code) => {
    const { rig, modify, stops } = await withPosition({ sl: 1.09 });
    rig.safety.become(mode);
    expect((await modify({ sl: 1.08 })).answer.code).toBe(code);
    expect((await modify({ sl: 0 })).answer).toMatchObject({
      code,
      error: expect.stringContaining('nearer to the price') as string,
    });
    expect(await stops()).toEqual([1.09, 0]);
    expect((await modify({ sl: 1.095, tp: 1.12 })).answer.status).toBe('SUCCESS');
    expect((await modify({ tp: 0 })).answer.status).toBe('SUCCESS');
    expect(await stops()).toEqual([1.095, 0]);
  });

  it('in HALTED nothing is changed', async () => {
    const { rig, modify, stops } = await withPosition();
    rig.safety.become('HALTED');
    expect((await modify({ sl: 1.09 })).answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(await stops()).toEqual([0, 0]);
  });

  it('a mode that changes while the intent is committed is asked right before the write', async () => {
    const { rig, modify, stops } = await withPosition({ sl: 1.09 });
    rig.audit.hold();
    const loosening = await modify({ sl: 1.08 }, { reqId: 'a' });
    const tightening = await modify({ sl: 1.095 }, { reqId: 'b' });
    rig.safety.become('REDUCE_ONLY');
    rig.audit.release();
    await rig.settle();
    expect(loosening.answer.code).toBe('REDUCE_ONLY');
    expect(rig.statuses('a').at(-1)).toBe('FENCED');
    expect(tightening.answer.status).toBe('SUCCESS');
    expect(await stops()).toEqual([1.095, 0]);
  });
});

describe('a MODIFY_POSITION whose answer is lost', () => {
  it('is done where the position has what was asked for', async () => {
    const { rig, paper, modify } = await withPosition({ tp: 1.12 });
    paper.terminal.inject({ next: [LOST_AND_DONE] });
    const { answer } = await modify({ sl: 1.090004 }, { reqId: 'a' });
    expect(answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    await rig.clock.advance(1);
    expect(await rig.known('a')).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: { sl: 1.09, tp: 1.12 } });
  });

  it('did not happen where three looks show the stops as they were', async () => {
    const { rig, paper, modify } = await withPosition();
    paper.terminal.inject({ next: [LOST] });
    await modify({ sl: 1.09 }, { reqId: 'a' });
    await rig.clock.advance(300);
    expect(rig.core.lane.inFlight).toBe(1);
    await rig.clock.advance(2_000);
    expect(await rig.known('a')).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
    expect(rig.core.lane.inFlight).toBe(0);
  });

  it('and whose position is hit by the very stop asked for was done; by none, its end is told', async () => {
    const { rig, paper, modify, ticket } = await withPosition();
    const other = await paper.send({ volumeLots: 0.2 });
    paper.terminal.inject({ next: [LOST_AND_DONE, LOST] });
    await modify({ sl: 1.09 }, { reqId: 'hit' });
    await rig.ask('MODIFY_POSITION', { payload: { ticket: other.position, sl: 1.09 }, reqId: 'closed' });
    paper.quote('EURUSD', 1.0899, 1.09);
    await paper.close(other.position);
    await rig.clock.advance(1);
    expect(await rig.known('hit')).toMatchObject({ state: 'DONE', data: { ticket: Number(ticket), sl: 1.09 } });
    expect(await rig.known('closed')).toMatchObject({ state: 'REJECTED', code: 'NOT_FOUND' });
  });

  it.each([
    ['done', true, { executed: 1, notExecuted: 0 }],
    ['not done', false, { executed: 0, notExecuted: 1 }],
  ])('by a crash is settled at the next start: %s', async (_what, isDone, counts) => {
    const { rig: before, paper, modify } = await withPosition();
    const change = paper.terminal.modifyPosition.bind(paper.terminal);
    paper.terminal.modifyPosition = async (...call) => {
      if (isDone) await change(...call);
      return new Promise(() => {});
    };
    await modify({ sl: 1.09 }, { reqId: 'a' });
    const rig = before.restarted();
    expect(await rig.recovered()).toEqual({ expired: 0, unknown: 0, ...counts });
    expect((await rig.known('a'))['status']).toBe(isDone ? 'SUCCESS' : 'ERROR');
  });
});

describe('MODIFY_ORDER', () => {
  it('changes what it names and leaves the rest as it is; 0 removes stops and expiration', async () => {
    const { paper, rig, modify, ticket } = await withOrder({ sl: 1.08, tp: 1.12, expirationMs: 1_900_000_000_000 });
    const moved = await modify({ price: 1.091 }, { reqId: 'a' });
    const rest = { sl: 1.08, tp: 1.12, expirationMs: 1_900_000_000_000 };
    expect(await paper.orders()).toMatchObject([{ ticket, openPrice: 1.091, ...rest }]);
    expect(moved.answer.data).toMatchObject({ price: 1.091, sl: 1.08, tp: 1.12, expiration: 1_900_000_000 });
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
    await modify({ sl: 0, tp: 0, expiration: 0 });
    expect(await paper.orders()).toMatchObject([{ openPrice: 1.091, sl: 0, tp: 0, expirationMs: 0 }]);
    await modify({ expiration: 1_950_000_000 });
    expect(await paper.orders()).toMatchObject([{ expirationMs: 1_950_000_000_000 }]);
  });

  it.each([
    ['a price on the wrong side of the market', { price: 1.2 }, RETCODE.INVALID_PRICE],
    ['an expiration in the past', { expiration: 1 }, RETCODE.INVALID_EXPIRATION],
    ['a stop on the wrong side of its price', { sl: 1.095 }, RETCODE.INVALID_STOPS],
  ])('with %s is REJECTED', async (_what, payload, retcode) => {
    const { modify } = await withOrder();
    expect((await modify(payload)).answer).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode });
  });

  it('opens risk anew: outside TRADING it is refused', async () => {
    const { rig, modify } = await withOrder();
    rig.safety.become('REDUCE_ONLY');
    expect((await modify({ price: 1.091 })).answer.code).toBe('REDUCE_ONLY');
  });

  it('of an order that is not pending is NOT_FOUND', async () => {
    const { modify } = await withOrder();
    expect((await modify({ ticket: 99, price: 1.091 })).answer.code).toBe('NOT_FOUND');
  });

  it('whose answer is lost is done where the order has what was asked for, and was not where it has not', async () => {
    const { rig, paper, modify } = await withOrder();
    paper.terminal.inject({ next: [LOST_AND_DONE, LOST] });
    await modify({ price: 1.091, expiration: 1_900_000_000.7 }, { reqId: 'done' });
    await modify({ price: 1.085 }, { reqId: 'not done' });
    await rig.clock.advance(2_000);
    expect(await rig.known('done')).toMatchObject({ state: 'DONE', data: { price: 1.091 } });
    expect(await rig.known('not done')).toMatchObject({ state: 'EXPIRED' });
  });

  it('whose answer is lost and whose order has ended is told by what it had at its end', async () => {
    const { rig, paper, modify, ticket } = await withOrder();
    const { order: other } = await paper.send({ type: 'LIMIT', price: 1.09 });
    paper.terminal.inject({ next: [LOST_AND_DONE, LOST] });
    await modify({ price: 1.091 }, { reqId: 'done' });
    await rig.ask('MODIFY_ORDER', { payload: { ticket: other, price: 1.091 }, reqId: 'not done' });
    await paper.cancel(ticket);
    await paper.cancel(other);
    await rig.clock.advance(1);
    expect(await rig.known('done')).toMatchObject({ state: 'DONE', data: { price: 1.091 } });
    expect(await rig.known('not done')).toMatchObject({ state: 'REJECTED', code: 'NOT_FOUND' });
  });

  it('by a crash is settled at the next start', async () => {
    const { rig: before, paper, modify } = await withOrder();
    const change = paper.terminal.modifyOrder.bind(paper.terminal);
    paper.terminal.modifyOrder = async (...call) => {
      await change(...call);
      return new Promise(() => {});
    };
    await modify({ price: 1.091 }, { reqId: 'a' });
    const rig = before.restarted();
    expect(await rig.recovered()).toMatchObject({ executed: 1, unknown: 0 });
    const again = await rig.ask('MODIFY_ORDER', { reqId: 'a', payload: { ticket: 1001, price: 1.091 } });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
  });
});

describe('closing outside TRADING', () => {
  it.each(['HEDGING', 'NETTING'] as const)(
    'in REDUCE_ONLY goes up to the live volume and never flips, %s',
    async (marginMode) => {
      const { rig, paper } = await Rig.onPaper({ marginMode });
      const opened = await rig.open({ payload: { ...ORDER, volume: 0.3 } });
      const ticket = opened.answer.data['position'] as number;
      rig.safety.become('REDUCE_ONLY');
      const close = (volume?: number) => rig.ask('CLOSE_POSITION', { payload: { ticket, volume } });
      expect((await close(0.4)).answer).toMatchObject({ code: 'REJECTED', retcode: RETCODE.INVALID_CLOSE_VOLUME });
      expect((await close(0.2)).answer).toMatchObject({ status: 'SUCCESS', data: { volume: 0.2 } });
      expect((await close(0.2)).answer.retcode).toBe(RETCODE.INVALID_CLOSE_VOLUME);
      expect(await paper.positions()).toMatchObject([{ side: 'BUY', volumeLots: 0.1 }]);
      expect((await close()).answer.status).toBe('SUCCESS');
      expect((await close(0.1)).answer.code).toBe('NOT_FOUND');
      expect(await paper.positions()).toEqual([]);
    },
  );
});
