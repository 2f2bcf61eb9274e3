import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { rowsOf } from '../behaviour-rig.ts';

const half = { kind: 'fill-part', share: 0.5 } as const;
const refusedFilling = { kind: 'refuse', retcode: 10030 } as const;

/** The first mode that each symbol's order is tried with: EURUSD takes IOC only, XAUUSD FOK only, USDJPY and BTCUSD both. */
const FIRST_MODES = [
  ['EURUSD', 'IOC'],
  ['GBPUSD', 'FOK'],
  ['USDJPY', 'FOK'],
  ['XAUUSD', 'FOK'],
  ['BTCUSD', 'FOK'],
] as const;

/** Filling modes, partial fills, and the one retry on 10030. */
export const FILLING = [
  ...FIRST_MODES.map(([symbol, filling]) =>
    behaviour(`a market order of ${symbol} goes as ${filling}, at the first try`, async (rig) => {
      expect(await rig.open({ symbol, volume: 0.02 })).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.endedOrders()).toMatchObject([{ symbol, filling, state: 'FILLED' }]);
      expect(rig.truth.requests()).toBe(1);
    }),
  ),

  ...(['GBPUSD', 'USDJPY', 'BTCUSD'] as const).map((symbol) =>
    behaviour(`10030 for ${symbol} is followed by its next mode`, async (rig) => {
      rig.market.next(refusedFilling);
      expect(await rig.open({ symbol, volume: 0.02 })).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.endedOrders()).toMatchObject([{ symbol, filling: 'IOC' }]);
      expect(rig.truth.requests()).toBe(2);
    }),
  ),

  ...(['EURUSD', 'XAUUSD'] as const).map((symbol) =>
    behaviour(`10030 for ${symbol}, which has one mode, is ERROR REJECTED at once`, async (rig) => {
      rig.market.next(refusedFilling);
      expect(await rig.open({ symbol, volume: 0.02 })).toMatchObject({ code: 'REJECTED', retcode: 10030 });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 1]);
    }),
  ),

  behaviour('10030 twice is ERROR REJECTED: there is no third try', async (rig) => {
    rig.market.next(refusedFilling, refusedFilling);
    expect(await rig.open({ symbol: 'BTCUSD', volume: 0.02 })).toMatchObject({ code: 'REJECTED', retcode: 10030 });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 2]);
  }),

  behaviour('another refusal than 10030 is not tried with another filling mode', async (rig) => {
    rig.market.next({ kind: 'refuse', retcode: 10006 });
    expect(await rig.open({ symbol: 'USDJPY' })).toMatchObject({ code: 'REJECTED', retcode: 10006 });
    expect(rig.truth.requests()).toBe(1);
  }),

  behaviour('an order of IOC that finds half its volume is PARTIAL, with what was filled', async (rig) => {
    rig.market.next(half);
    const reply = await rig.open({ volume: 0.2 }, { reqId: 'order' });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10010, volume: 0.1 } });
    expect(await rig.outcome('order')).toMatchObject({ state: 'PARTIAL' });
    expect(await rig.truth.positions()).toMatchObject([{ volumeLots: 0.1 }]);
    expect(await rig.truth.orders()).toEqual([]);
    expect(rowsOf(await rig.ask('GET_POSITIONS'))).toMatchObject([{ volume: 0.1 }]);
  }),

  behaviour('an order of FOK that finds half its volume is refused whole', async (rig) => {
    rig.market.next(half);
    expect(await rig.open({ symbol: 'XAUUSD', volume: 0.2 })).toMatchObject({ code: 'REJECTED', retcode: 10006 });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 1]);
  }),

  behaviour('a close that finds half its volume is PARTIAL, and the rest can be closed', async (rig) => {
    const ticket = await rig.opened({ volume: 0.2 });
    rig.market.next(half);
    const reply = await rig.ask('CLOSE_POSITION', { ticket });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10010, volume: 0.1 } });
    expect(await rig.truth.positions()).toMatchObject([{ ticket, volumeLots: 0.1 }]);
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
    expect(await rig.truth.positions()).toEqual([]);
  }),

  behaviour('CLOSE_ALL of which one is filled in part says how much', async (rig) => {
    await rig.opened({ volume: 0.2 });
    rig.market.next(half);
    const { data } = await rig.ask('CLOSE_ALL');
    expect(data).toMatchObject({
      status: 'PARTIAL',
      positions_closed: 0,
      tickets: [{ state: 'PARTIAL', volume: 0.1 }],
    });
    expect(await rig.truth.positions()).toMatchObject([{ volumeLots: 0.1 }]);
  }),
];
