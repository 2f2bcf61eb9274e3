import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, rowsOf } from '../behaviour-rig.ts';

async function gone(rig: BehaviourRig): Promise<void> {
  await rig.until('the close at the broker', async () => (await rig.truth.positions()).length === 0);
  await rig.until('an empty GET_POSITIONS', async () => rowsOf(await rig.ask('GET_POSITIONS')).length === 0);
}

/** MODIFY_POSITION, and stops that are hit. EURUSD is at 1.10000 and 1.10010. */
export const PROTECTING = [
  behaviour('MODIFY_POSITION sets, moves and removes stops; what it does not name stays', async (rig) => {
    const ticket = await rig.opened();
    const set = await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09, tp: 1.12 });
    expect(set).toMatchObject({
      status: 'SUCCESS',
      data: { retcode: 10009, sl: 1.09, tp: 1.12, ticket: Number(ticket) },
    });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.09, tp: 1.12 }]);
    expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.095 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.095, tp: 1.12 }]);
    expect(await rig.ask('MODIFY_POSITION', { ticket, tp: 0 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.095, tp: 0 }]);
    expect(rowsOf(await rig.ask('GET_POSITIONS'))).toMatchObject([{ sl: 1.095, tp: 0 }]);
  }),

  behaviour(
    'MODIFY_POSITION works on a netting account',
    async (rig) => {
      const ticket = await rig.opened();
      expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 })).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.positions()).toMatchObject([{ ticket, sl: 1.09, tp: 0 }]);
    },
    { marginMode: 'NETTING' },
  ),

  behaviour('MODIFY_POSITION to what it is already is a success with 10025', async (rig) => {
    const ticket = await rig.opened({ sl: 1.09 });
    const reply = await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10025 } });
  }),

  behaviour('MODIFY_POSITION rounds to the digits', async (rig) => {
    const ticket = await rig.opened({ symbol: 'USDJPY' });
    await rig.ask('MODIFY_POSITION', { ticket, sl: 149.00049 });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 149 }]);
  }),

  ...(
    [
      ['a stop loss above a buy', 'BUY', { sl: 1.11 }],
      ['a take profit below a buy', 'BUY', { tp: 1.09 }],
      ['a stop loss below a sell', 'SELL', { sl: 1.09 }],
      ['a take profit above a sell', 'SELL', { tp: 1.11 }],
      ['a stop loss nearer than the stops level', 'BUY', { sl: 1.09998 }],
    ] as const
  ).map(([what, side, stops]) =>
    behaviour(`MODIFY_POSITION with ${what} is refused with 10016, and the old stops stay`, async (rig) => {
      const old = side === 'BUY' ? { sl: 1.08, tp: 1.13 } : { sl: 1.13, tp: 1.08 };
      const ticket = await rig.opened({ side, ...old });
      expect(await rig.ask('MODIFY_POSITION', { ticket, ...stops })).toMatchObject({
        code: 'REJECTED',
        retcode: 10016,
      });
      expect(await rig.truth.positions()).toMatchObject([old]);
    }),
  ),

  behaviour('MODIFY_POSITION of a position that there is not is NOT_FOUND', async (rig) => {
    expect(await rig.ask('MODIFY_POSITION', { ticket: 424_242, sl: 1.09 })).toMatchObject({ code: 'NOT_FOUND' });
    expect(rig.truth.requests()).toBe(0);
  }),

  ...(
    [
      ['BUY', 'SL', { sl: 1.095 }, [1.0949, 1.095]],
      ['BUY', 'TP', { tp: 1.105 }, [1.1051, 1.1052]],
      ['SELL', 'SL', { sl: 1.105 }, [1.105, 1.1051]],
      ['SELL', 'TP', { tp: 1.095 }, [1.0948, 1.0949]],
    ] as const
  ).flatMap(([side, reason, stops, [bid, ask]]) =>
    (['HEDGING', 'NETTING'] as const).map((marginMode) =>
      behaviour(
        `the ${reason} of a ${side} closes it when the price comes to it: ${marginMode}`,
        async (rig) => {
          const ticket = await rig.opened({ side, ...stops });
          await rig.market.quote('EURUSD', bid, ask);
          await gone(rig);
          const closing = (await rig.truth.deals()).find(({ entry }) => entry === 'OUT');
          expect(closing).toMatchObject({ reason, position: ticket, volumeLots: 0.1 });
          const deals = await rig.until('both deals in GET_HISTORY', async () => {
            const { data } = await rig.ask('GET_HISTORY', { from: 0, ticket });
            const found = data['deals'] as { reason: string }[];
            return found.length === 2 ? found : null;
          });
          expect(deals.map((deal) => deal.reason)).toEqual(['EXPERT', reason]);
        },
        { marginMode },
      ),
    ),
  ),

  behaviour('a stop that the price only comes near leaves the position', async (rig) => {
    await rig.opened({ sl: 1.095 });
    await rig.market.quote('EURUSD', 1.09501, 1.09511);
    await rig.pause(50);
    expect(await rig.truth.positions()).toHaveLength(1);
  }),

  behaviour('closing a position whose stop was hit before is NOT_FOUND, and opens nothing', async (rig) => {
    const ticket = await rig.opened({ sl: 1.095 });
    await rig.market.quote('EURUSD', 1.0949, 1.095);
    await gone(rig);
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    expect(await rig.truth.positions()).toEqual([]);
  }),
];
