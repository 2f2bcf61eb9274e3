import { expect } from 'vitest';
import type { Behaviour } from '../behaviour.ts';
import { behaviour } from '../behaviour.ts';
import { rowsOf } from '../behaviour-rig.ts';

const netting = (name: string, run: Behaviour['run']) => behaviour(name, run, { marginMode: 'NETTING' });

/** An account that keeps one position a symbol. */
export const NETTING = [
  netting('orders of one side add up, at the mean price', async (rig) => {
    await rig.opened({ volume: 0.1 });
    await rig.market.quote('EURUSD', 1.102, 1.1021);
    await rig.opened({ volume: 0.3 });
    const [position, ...others] = await rig.truth.positions();
    expect(others).toEqual([]);
    expect(position).toMatchObject({ side: 'BUY', volumeLots: 0.4 });
    expect(position?.openPrice).toBeCloseTo((1.1001 + 3 * 1.1021) / 4, 8);
    expect(rowsOf(await rig.ask('GET_POSITIONS'))).toMatchObject([{ volume: 0.4 }]);
  }),

  netting('a smaller order of the other side takes from the position', async (rig) => {
    await rig.opened({ volume: 0.3 });
    const reply = await rig.open({ side: 'SELL', volume: 0.1 });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009, volume: 0.1 } });
    expect(await rig.truth.positions()).toMatchObject([{ side: 'BUY', volumeLots: 0.2 }]);
    expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
  }),

  netting('an equal order of the other side leaves nothing', async (rig) => {
    await rig.opened({ volume: 0.3 });
    expect(await rig.open({ side: 'SELL', volume: 0.3 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toEqual([]);
    expect(rowsOf(await rig.ask('GET_POSITIONS'))).toEqual([]);
  }),

  netting('a larger order of the other side reverses the position in one deal', async (rig) => {
    await rig.opened({ volume: 0.1 });
    const reply = await rig.open({ side: 'SELL', volume: 0.3 });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { volume: 0.3, price: 1.1 } });
    expect(await rig.truth.positions()).toMatchObject([{ side: 'SELL', volumeLots: 0.2, openPrice: 1.1 }]);
    expect((await rig.truth.deals()).map(({ entry, volumeLots }) => [entry, volumeLots])).toEqual([
      ['IN', 0.1],
      ['INOUT', 0.3],
    ]);
  }),

  netting(
    'the ticket of the reply to a second order is that of the position as it stands, and closes it',
    async (rig) => {
      await rig.opened({ volume: 0.1 });
      const ticket = await rig.opened({ volume: 0.1 });
      expect((await rig.truth.positions()).map((position) => position.ticket)).toEqual([ticket]);
      expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS', data: { volume: 0.2 } });
      expect(await rig.truth.positions()).toEqual([]);
    },
  ),

  netting('the ticket of the reply to a reversal is that of the position as it stands, and closes it', async (rig) => {
    await rig.opened({ volume: 0.1 });
    const ticket = await rig.opened({ side: 'SELL', volume: 0.3 });
    expect((await rig.truth.positions()).map((position) => position.ticket)).toEqual([ticket]);
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS', data: { volume: 0.2 } });
    expect(await rig.truth.positions()).toEqual([]);
  }),

  netting('each symbol has a position of its own', async (rig) => {
    await rig.opened();
    await rig.opened({ symbol: 'USDJPY', side: 'SELL' });
    expect((await rig.truth.positions()).map(({ symbol, side }) => [symbol, side])).toEqual([
      ['EURUSD', 'BUY'],
      ['USDJPY', 'SELL'],
    ]);
    expect((await rig.ask('CLOSE_ALL')).data).toMatchObject({ positions_closed: 2 });
    expect(await rig.truth.positions()).toEqual([]);
  }),

  netting('stops of a newer order replace those of the position, and where it has none they are gone', async (rig) => {
    await rig.opened({ sl: 1.08, tp: 1.13 });
    await rig.opened({ sl: 1.09 });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.09, tp: 0 }]);
    await rig.opened();
    expect(await rig.truth.positions()).toMatchObject([{ sl: 0, tp: 0 }]);
  }),

  netting('an order that takes from the position leaves its stops', async (rig) => {
    await rig.opened({ volume: 0.3, sl: 1.08, tp: 1.13 });
    await rig.open({ side: 'SELL', volume: 0.1 });
    expect(await rig.truth.positions()).toMatchObject([{ volumeLots: 0.2, sl: 1.08, tp: 1.13 }]);
  }),

  netting('a pending order nets when it is filled', async (rig) => {
    await rig.opened({ volume: 0.1 });
    await rig.open({ type: 'LIMIT', side: 'SELL', price: 1.105, volume: 0.1 });
    await rig.market.quote('EURUSD', 1.1051, 1.1052);
    await rig.until('an empty book', async () => (await rig.truth.positions()).length === 0);
    expect(await rig.truth.orders()).toEqual([]);
  }),

  netting('KILL_SWITCH flattens, and no opposite position is left', async (rig) => {
    await rig.opened({ volume: 0.3 });
    await rig.opened({ symbol: 'USDJPY', side: 'SELL' });
    await rig.ask('KILL_SWITCH');
    await rig.until('an empty book', async () => (await rig.truth.positions()).length === 0);
    await rig.pause(300);
    expect(await rig.truth.positions()).toEqual([]);
    expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'IN', 'OUT', 'OUT']);
  }),
];
