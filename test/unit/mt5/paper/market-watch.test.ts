import { beforeEach, describe, expect, it } from 'vitest';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { answer, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

let rig: PaperRig;

beforeEach(async () => {
  rig = await PaperRig.start();
});

async function lastDeal() {
  return (await rig.history()).deals.at(-1);
}

describe('a stop loss', () => {
  it('closes a buy when the bid falls to it, at the bid', async () => {
    await rig.send({ side: 'BUY', sl: 1.095 });
    rig.quote('EURUSD', 1.09501, 1.09511);
    expect(await rig.positions()).toHaveLength(1);
    rig.quote('EURUSD', 1.0949, 1.095);
    expect(await rig.positions()).toEqual([]);
    expect(await lastDeal()).toMatchObject({
      reason: 'SL',
      side: 'SELL',
      price: 1.0949,
      comment: '[sl 1.09500]',
      magic: 7n,
    });
  });

  it('closes a sell when the ask rises to it, at the ask', async () => {
    await rig.send({ side: 'SELL', sl: 1.105 });
    rig.quote('EURUSD', 1.10489, 1.10499);
    expect(await rig.positions()).toHaveLength(1);
    rig.quote('EURUSD', 1.1049, 1.105);
    expect(await lastDeal()).toMatchObject({ reason: 'SL', side: 'BUY', price: 1.105 });
  });

  it('is not set off by another symbol', async () => {
    await rig.send({ side: 'BUY', sl: 1.095 });
    rig.quote('GBPUSD', 1.01, 1.011);
    expect(await rig.positions()).toHaveLength(1);
  });
});

describe('a take profit', () => {
  it('closes a buy when the bid rises to it, not the ask', async () => {
    await rig.send({ side: 'BUY', tp: 1.11 });
    rig.quote('EURUSD', 1.10995, 1.11005);
    expect(await rig.positions()).toHaveLength(1);
    rig.quote('EURUSD', 1.11, 1.1101);
    expect(await lastDeal()).toMatchObject({ reason: 'TP', price: 1.11, comment: '[tp 1.11000]' });
  });

  it('closes a sell when the ask falls to it, not the bid', async () => {
    await rig.send({ side: 'SELL', tp: 1.09 });
    rig.quote('EURUSD', 1.08995, 1.09005);
    expect(await rig.positions()).toHaveLength(1);
    rig.quote('EURUSD', 1.0899, 1.09);
    expect(await lastDeal()).toMatchObject({ reason: 'TP', price: 1.09 });
  });
});

describe('a pending order', () => {
  it.each([
    ['a buy limit when the ask falls to it', 'BUY', 'LIMIT', 1.09, [1.08991, 1.09001], [1.0899, 1.09], 1.09],
    ['a sell limit when the bid rises to it', 'SELL', 'LIMIT', 1.11, [1.10999, 1.11009], [1.11, 1.1101], 1.11],
    ['a buy stop when the ask rises to it', 'BUY', 'STOP', 1.11, [1.10989, 1.10999], [1.1099, 1.11], 1.11],
    ['a sell stop when the bid falls to it', 'SELL', 'STOP', 1.09, [1.09001, 1.09011], [1.09, 1.0901], 1.09],
  ] as const)('is filled as %s', async (_, side, type, price, before, at, filledAt) => {
    const { order } = await rig.send({ side, type, price });
    rig.quote('EURUSD', before[0], before[1]);
    expect(await rig.orders()).toHaveLength(1);
    rig.quote('EURUSD', at[0], at[1]);
    expect(await rig.orders()).toEqual([]);
    expect(await rig.positions()).toMatchObject([{ ticket: order, side, openPrice: filledAt }]);
    expect((await rig.history()).orders).toMatchObject([{ ticket: order, state: 'FILLED', type: `${side}_${type}` }]);
  });

  it('of limit kind is filled at a better price when the market jumps over it, of stop kind at a worse one', async () => {
    const limit = await rig.send({ side: 'BUY', type: 'LIMIT', price: 1.09 });
    const stop = await rig.send({ side: 'SELL', type: 'STOP', price: 1.09 });
    rig.quote('EURUSD', 1.08, 1.0801);
    const prices = new Map((await rig.positions()).map(({ ticket, openPrice }) => [ticket, openPrice]));
    expect([prices.get(limit.order), prices.get(stop.order)]).toEqual([1.0801, 1.08]);
  });

  it('takes its stops along into the position', async () => {
    await rig.send({ type: 'LIMIT', price: 1.09, sl: 1.08, tp: 1.12 });
    rig.quote('EURUSD', 1.0899, 1.09);
    expect(await rig.positions()).toMatchObject([{ sl: 1.08, tp: 1.12 }]);
  });

  it('ends unfilled at its expiration, also when the price comes to it at that moment', async () => {
    const expirationMs = rig.clock.nowMs() + 60_000;
    await rig.send({ type: 'LIMIT', price: 1.09, expirationMs });
    await rig.clock.advance(59_999);
    rig.quote('GBPUSD', 1.3, 1.3002);
    expect(await rig.orders()).toHaveLength(1);
    await rig.clock.advance(1);
    rig.quote('EURUSD', 1.0899, 1.09);
    expect(await rig.orders()).toEqual([]);
    expect((await rig.history()).orders).toMatchObject([{ state: 'EXPIRED', doneAtMs: expirationMs }]);
    expect(await rig.positions()).toEqual([]);
  });

  it('is cancelled when it triggers and the account cannot pay for it', async () => {
    await rig.send({ type: 'LIMIT', price: 1.09, volumeLots: 10 });
    rig.quote('EURUSD', 1.0899, 1.09);
    expect(await rig.positions()).toEqual([]);
    expect((await rig.history()).orders).toMatchObject([{ state: 'CANCELED' }]);
  });

  it('can be moved, and is held to the rules at its new price', async () => {
    const { order: ticket } = await rig.send({ type: 'LIMIT', price: 1.09 });
    const change = (price: number, stops = { sl: 0, tp: 0 }) =>
      answer(rig.terminal.modifyOrder({ ticket, price, ...stops }, OPEN_FENCE));
    expect((await change(1.09)).retcode).toBe(RETCODE.NO_CHANGES);
    expect((await change(1.2)).retcode).toBe(RETCODE.INVALID_PRICE);
    expect((await change(1.08, { sl: 1.085, tp: 0 })).retcode).toBe(RETCODE.INVALID_STOPS);
    expect((await change(1.08, { sl: 1.07, tp: 0 })).retcode).toBe(RETCODE.DONE);
    expect(await rig.orders()).toMatchObject([{ ticket, openPrice: 1.08, sl: 1.07, state: 'PLACED' }]);
  });

  it('may be given a stop while the price has come near the order', async () => {
    const { order: ticket } = await rig.send({ type: 'LIMIT', price: 1.09 });
    rig.quote('EURUSD', 1.08991, 1.09001);
    const change = await answer(rig.terminal.modifyOrder({ ticket, price: 1.09, sl: 1.08, tp: 0 }, OPEN_FENCE));
    expect(change.retcode).toBe(RETCODE.DONE);
  });

  it('can be cancelled once', async () => {
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09 });
    expect((await rig.cancel(order)).retcode).toBe(RETCODE.DONE);
    expect((await rig.cancel(order)).retcode).toBe(RETCODE.INVALID);
    expect((await rig.history()).orders).toMatchObject([{ ticket: order, state: 'CANCELED', volumeCurrentLots: 0.1 }]);
  });
});

describe('the stops of a position', () => {
  it('are changed, removed with 0, and held against the price at which it would close', async () => {
    const { position: ticket } = await rig.send();
    const change = async (sl: number, tp: number) =>
      (await answer(rig.terminal.modifyPosition({ ticket, sl, tp }, OPEN_FENCE))).retcode;
    expect(await change(1.0999, 1.1001)).toBe(RETCODE.DONE);
    expect(await change(1.0999, 1.1001)).toBe(RETCODE.NO_CHANGES);
    expect(await change(1.09991, 1.1001)).toBe(RETCODE.INVALID_STOPS);
    expect(await change(0, 1.2)).toBe(RETCODE.DONE);
    expect(await rig.positions()).toMatchObject([{ sl: 0, tp: 1.2 }]);
    await rig.close(ticket);
    expect(await change(0, 0)).toBe(RETCODE.POSITION_CLOSED);
  });

  it('may leave one stop where the price has come near, while the other moves', async () => {
    const { position: ticket } = await rig.send({ sl: 1.09, tp: 1.2 });
    rig.quote('EURUSD', 1.09001, 1.09011);
    const change = await answer(rig.terminal.modifyPosition({ ticket, sl: 1.09, tp: 1.15 }, OPEN_FENCE));
    expect(change.retcode).toBe(RETCODE.DONE);
  });
});

describe('the stop-out', () => {
  it('closes the position with the largest loss at a margin level of 50 percent, and no more than it must', async () => {
    const small = await rig.send({ volumeLots: 1 });
    const large = await rig.send({ volumeLots: 5 });
    // Margin is 6,600.60. Half of it is left of 10,000 at a loss of 6,699.70: at a bid between these two.
    rig.quote('EURUSD', 1.08894, 1.08904);
    expect(await rig.positions()).toHaveLength(2);
    rig.quote('EURUSD', 1.08893, 1.08903);
    expect((await rig.positions()).map(({ ticket }) => ticket)).toEqual([small.position]);
    expect(await lastDeal()).toMatchObject({
      reason: 'SO',
      position: large.position,
      comment: expect.stringMatching(/^\[so \d+\.\d\d%\]$/) as string,
    });
  });

  it('leaves positions of closed markets alone', async () => {
    await rig.send({ volumeLots: 5 });
    rig.terminal.inject({ closedMarkets: ['EURUSD'] });
    rig.quote('EURUSD', 1.07, 1.0701);
    expect((await rig.account()).marginLevel).toBeLessThan(50);
    expect((await rig.history()).deals.filter(({ reason }) => reason === 'SO')).toEqual([]);
  });
});
