import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, rowsOf } from '../behaviour-rig.ts';

async function close(rig: BehaviourRig, ticket: bigint | number, more: object = {}) {
  return rig.ask('CLOSE_POSITION', { ticket, ...more });
}

/** CLOSE_POSITION, whole and in part, and CLOSE_ALL. */
export const CLOSING = [
  ...(['BUY', 'SELL'] as const).flatMap((side) =>
    (['HEDGING', 'NETTING'] as const).map((marginMode) =>
      behaviour(
        `a ${side} is closed at the other price, and nothing is opened: ${marginMode}`,
        async (rig) => {
          const ticket = await rig.opened({ side });
          const reply = await close(rig, ticket);
          const price = side === 'BUY' ? 1.1 : 1.1001;
          expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009, volume: 0.1, price } });
          expect(reply.data).toMatchObject({ side: side === 'BUY' ? 'SELL' : 'BUY', ticket: Number(ticket) });
          expect(await rig.truth.positions()).toEqual([]);
          expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
        },
        { marginMode },
      ),
    ),
  ),

  ...(['HEDGING', 'NETTING'] as const).map((marginMode) =>
    behaviour(
      `a part is closed by volume and the rest stays, until it is closed too: ${marginMode}`,
      async (rig) => {
        const ticket = await rig.opened({ volume: 0.29 });
        expect(await close(rig, ticket, { volume: 0.12 })).toMatchObject({ status: 'SUCCESS', data: { volume: 0.12 } });
        expect(await rig.truth.positions()).toMatchObject([{ ticket, volumeLots: 0.17 }]);
        expect(rowsOf(await rig.ask('GET_POSITIONS'))).toMatchObject([{ ticket: Number(ticket), volume: 0.17 }]);
        expect(await close(rig, ticket)).toMatchObject({ status: 'SUCCESS', data: { volume: 0.17 } });
        expect(await rig.truth.positions()).toEqual([]);
      },
      { marginMode },
    ),
  ),

  behaviour('more than the position has is refused with 10038, and nothing is closed', async (rig) => {
    const ticket = await rig.opened();
    expect(await close(rig, ticket, { volume: 0.11 })).toMatchObject({ code: 'REJECTED', retcode: 10038 });
    expect(await rig.truth.positions()).toMatchObject([{ volumeLots: 0.1 }]);
  }),

  behaviour(
    'more than the position has never reverses it on a netting account',
    async (rig) => {
      const ticket = await rig.opened();
      expect(await close(rig, ticket, { volume: 0.3 })).toMatchObject({ code: 'REJECTED', retcode: 10038 });
      expect(await rig.truth.positions()).toMatchObject([{ side: 'BUY', volumeLots: 0.1 }]);
    },
    { marginMode: 'NETTING' },
  ),

  behaviour('a part off the step is refused with 10014', async (rig) => {
    const ticket = await rig.opened();
    expect(await close(rig, ticket, { volume: 0.055 })).toMatchObject({ code: 'REJECTED', retcode: 10014 });
    expect(await rig.truth.positions()).toMatchObject([{ volumeLots: 0.1 }]);
  }),

  behaviour('a ticket that there is not is NOT_FOUND, and nothing is sent', async (rig) => {
    await rig.opened();
    const before = rig.truth.requests();
    expect(await close(rig, 424_242)).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    expect(rig.truth.requests()).toBe(before);
  }),

  behaviour('closing twice closes once: the second finds nothing', async (rig) => {
    const ticket = await rig.opened();
    const [first, second] = [rig.send('CLOSE_POSITION', { ticket }), rig.send('CLOSE_POSITION', { ticket })];
    const replies = [await rig.reply(first), await rig.reply(second)];
    expect(replies[0]).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009 } });
    // The second is done already where it was planned before the first closed, else there is nothing to plan for.
    expect(replies[1]?.status === 'ERROR' ? 'NOT_FOUND' : replies[1]?.data['retcode']).toBeOneOf([10036, 'NOT_FOUND']);
    expect(await rig.truth.positions()).toEqual([]);
    expect((await rig.truth.deals()).filter(({ entry }) => entry !== 'IN')).toHaveLength(1);
  }),

  behaviour(
    'closing twice at once never opens the other side on a netting account',
    async (rig) => {
      const ticket = await rig.opened();
      const sent = [rig.send('CLOSE_POSITION', { ticket }), rig.send('CLOSE_POSITION', { ticket })];
      for (const one of sent) await rig.reply(one);
      expect(await rig.truth.positions()).toEqual([]);
      expect(await rig.truth.deals()).toHaveLength(2);
    },
    { marginMode: 'NETTING' },
  ),

  behaviour('closing one of two positions leaves the other alone', async (rig) => {
    const first = await rig.opened();
    const second = await rig.opened({ volume: 0.2 });
    await close(rig, second);
    expect(await rig.truth.positions()).toMatchObject([{ ticket: first, volumeLots: 0.1 }]);
  }),

  behaviour("a close carries the position's magic and a tag of its own", async (rig) => {
    const ticket = await rig.opened({ magic: 42 });
    await close(rig, ticket);
    const closing = (await rig.truth.deals()).find(({ entry }) => entry === 'OUT');
    expect(closing).toMatchObject({ magic: 42n, side: 'SELL', position: ticket, reason: 'EXPERT' });
    expect(closing?.comment).toMatch(/^~[a-z2-7]{12}$/);
  }),

  ...(['GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'] as const).map((symbol) =>
    behaviour(`a position of ${symbol} is closed with a filling mode that its symbol takes`, async (rig) => {
      const ticket = await rig.opened({ symbol, volume: 0.02 });
      expect(await close(rig, ticket, { volume: 0.01 })).toMatchObject({ status: 'SUCCESS' });
      expect(await close(rig, ticket)).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.positions()).toEqual([]);
    }),
  ),

  behaviour('the profit of a round trip is in the balance', async (rig) => {
    const ticket = await rig.opened({ volume: 1 });
    await rig.market.quote('EURUSD', 1.102, 1.1021);
    await close(rig, ticket);
    const { data } = await rig.ask('GET_ACCOUNT_INFO');
    expect(data).toMatchObject({ balance: 10_190, equity: 10_190, margin: 0, profit: 0 });
  }),

  behaviour('CLOSE_ALL closes everything and names each position', async (rig) => {
    const tickets = [await rig.opened(), await rig.opened({ symbol: 'USDJPY' }), await rig.opened({ side: 'SELL' })];
    const { data } = await rig.ask('CLOSE_ALL');
    expect(data).toMatchObject({ status: 'SUCCESS', positions_closed: 3, total_positions: 3 });
    expect(
      (data['tickets'] as { ticket: number; state: string }[]).map(({ ticket, state }) => [ticket, state]),
    ).toEqual(tickets.map((ticket) => [Number(ticket), 'CLOSED']));
    expect(await rig.truth.positions()).toEqual([]);
    expect(rig.truth.requests()).toBe(6);
  }),

  behaviour('CLOSE_ALL of a symbol, and of a magic, leaves the others', async (rig) => {
    await rig.opened({ magic: 1 });
    await rig.opened({ symbol: 'USDJPY', magic: 2 });
    await rig.opened({ symbol: 'XAUUSD', magic: 3 });
    expect((await rig.ask('CLOSE_ALL', { symbol: 'USDJPY' })).data).toMatchObject({ positions_closed: 1 });
    expect((await rig.ask('CLOSE_ALL', { magic: 3 })).data).toMatchObject({ positions_closed: 1 });
    expect(await rig.truth.positions()).toMatchObject([{ symbol: 'EURUSD' }]);
  }),

  behaviour('CLOSE_ALL of nothing is a success with nothing closed', async (rig) => {
    const reply = await rig.ask('CLOSE_ALL');
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { positions_closed: 0, total_positions: 0 } });
    expect(rig.truth.requests()).toBe(0);
  }),

  behaviour('CLOSE_ALL of which the broker refuses one closes the others and says which', async (rig) => {
    await rig.opened();
    await rig.opened();
    rig.market.next({ kind: 'refuse', retcode: 10006 });
    const { status, data } = await rig.ask('CLOSE_ALL');
    expect([status, data['status'], data['positions_closed']]).toEqual(['SUCCESS', 'PARTIAL', 1]);
    expect((data['tickets'] as { state: string }[]).map(({ state }) => state)).toEqual(['REJECTED', 'CLOSED']);
    expect(await rig.truth.positions()).toHaveLength(1);
  }),
];
