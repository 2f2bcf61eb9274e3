import { expect } from 'vitest';
import { tagOf } from '../../../main/gateway/trade-marks.ts';
import type { LooseReply, Sent } from '../../scenarios/brain.ts';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, ticketOf } from '../behaviour-rig.ts';

const TAGGED = /^(.*)~([a-z2-7]{12})$/;

/** An order is refused by its terms, and nothing has happened. */
async function expectRefused(rig: BehaviourRig, order: object, retcode: number, words = ''): Promise<void> {
  const reply = await rig.open(order);
  expect(reply).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode });
  expect(reply).toMatchObject({ error: expect.stringContaining(words) as string });
  expect([await rig.truth.positions(), await rig.truth.orders(), await rig.truth.deals()]).toEqual([[], [], []]);
}

/** Longer than the slowest machine takes over twenty orders. */
const PATIENT_MS = 15_000;
const TWENTY = Array.from({ length: 20 }, (_, at) => ({ volume: (at + 1) / 100, comment: `n${at}` }));

/** Twenty orders that can be told apart, sent without waiting for any. */
function twentyOrders(rig: BehaviourRig): readonly Sent[] {
  return TWENTY.map((order) =>
    rig.send('OPEN_ORDER', { symbol: 'EURUSD', side: 'BUY', ...order }, { ttlMs: PATIENT_MS }),
  );
}

/** Each became one position, under the ticket that it was told. */
async function expectTwenty(rig: BehaviourRig, tickets: readonly bigint[]): Promise<void> {
  const positions = await rig.truth.positions();
  expect([positions.length, rig.truth.requests()]).toEqual([20, 20]);
  const opened = tickets.map((ticket) => positions.find((position) => position.ticket === ticket));
  expect(opened.map((own) => ({ volume: own?.volumeLots, comment: own?.comment.split('~')[0] }))).toEqual(TWENTY);
}

/** Market orders: what is opened, and what is refused. */
export const OPENING = [
  ...(
    [
      ['BUY', 'EURUSD', 1.1001],
      ['SELL', 'EURUSD', 1.1],
      ['BUY', 'GBPUSD', 1.3002],
      ['SELL', 'GBPUSD', 1.3],
      ['BUY', 'USDJPY', 150.01],
      ['SELL', 'USDJPY', 150],
      ['BUY', 'XAUUSD', 4000.5],
      ['SELL', 'XAUUSD', 4000],
      ['BUY', 'BTCUSD', 90_010],
      ['SELL', 'BTCUSD', 90_000],
    ] as const
  ).map(([side, symbol, price]) =>
    behaviour(`a market ${side} of ${symbol} is filled at the ${side === 'BUY' ? 'ask' : 'bid'}`, async (rig) => {
      const reply = await rig.open({ symbol, side, volume: 0.02 });
      expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009, volume: 0.02, price, symbol, side } });
      expect(await rig.truth.positions()).toMatchObject([{ symbol, side, volumeLots: 0.02, openPrice: price }]);
      expect(rig.truth.requests()).toBe(1);
    }),
  ),

  behaviour('the reply of a fill names order, deal and position as the broker has them', async (rig) => {
    const { data } = await rig.open();
    const [position] = await rig.truth.positions();
    const [deal] = await rig.truth.deals();
    expect(BigInt(Number(data['position']))).toBe(position?.ticket);
    expect(BigInt(Number(data['ticket']))).toBe(position?.ticket);
    expect(BigInt(Number(data['deal']))).toBe(deal?.ticket);
    expect(BigInt(Number(data['order']))).toBe(deal?.order);
    expect(deal).toMatchObject({ entry: 'IN', reason: 'EXPERT' });
  }),

  behaviour("the original client's form, type without side, opens the side that it names", async (rig) => {
    const reply = await rig.ask('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, type: 'SELL' });
    expect(reply).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toMatchObject([{ side: 'SELL' }]);
  }),

  behaviour('side and type that contradict each other open nothing', async (rig) => {
    expect(await rig.open({ side: 'BUY', type: 'SELL' })).toMatchObject({ status: 'ERROR', code: 'INVALID_PAYLOAD' });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 0]);
  }),

  behaviour('stops go with a market order, to the digits of the symbol', async (rig) => {
    await rig.opened({ sl: 1.090004, tp: 1.119996 });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.09, tp: 1.12 }]);
  }),

  behaviour('stops of a symbol of 3 digits are rounded to 3', async (rig) => {
    await rig.opened({ symbol: 'USDJPY', sl: 149.0004, tp: 151.0006 });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 149, tp: 151.001 }]);
  }),

  ...(
    [
      ['a stop loss above the price of a buy', { sl: 1.2 }],
      ['a take profit below the price of a buy', { tp: 1.05 }],
      ['a stop loss below the price of a sell', { side: 'SELL', sl: 1.05 }],
      ['a take profit above the price of a sell', { side: 'SELL', tp: 1.2 }],
      ['a stop loss on the market itself', { sl: 1.1 }],
      ['a stop loss nearer than the stops level', { sl: 1.09998 }],
    ] as const
  ).map(([what, order]) => behaviour(`${what} is refused with 10016`, (rig) => expectRefused(rig, order, 10016))),

  behaviour('a stop loss just at the stops level is taken', async (rig) => {
    const { data } = await rig.ask('GET_SYMBOL', { symbol: 'EURUSD' });
    const level = Math.max(1, Number(data['trade_stops_level']));
    expect(level).toBeGreaterThan(5);
    const sl = Number((1.1 - level / 100_000).toFixed(5));
    await rig.opened({ sl });
    expect(await rig.truth.positions()).toMatchObject([{ sl }]);
  }),

  ...[0.29, 0.57, 1.13, 2.01, 0.07].map((volume) =>
    behaviour(`${volume} lots at a step of 0.01 is valid, to the last digit`, async (rig) => {
      const reply = await rig.open({ symbol: 'USDJPY', volume });
      expect(reply).toMatchObject({ status: 'SUCCESS', data: { volume } });
      expect(await rig.truth.positions()).toMatchObject([{ volumeLots: volume }]);
    }),
  ),

  ...(
    [
      ['off the step', 0.295, '0.01'],
      ['off the step by very little', 0.2900001, '0.01'],
      ['below the least', 0.001, '0.01'],
      ['above the largest', 100_000, ''],
    ] as const
  ).map(([what, volume, words]) =>
    behaviour(`a volume ${what} is refused with 10014, not rounded`, (rig) =>
      expectRefused(rig, { volume }, 10014, words),
    ),
  ),

  behaviour('more than the account can carry is refused with 10019', (rig) =>
    expectRefused(rig, { volume: 20, symbol: 'EURUSD' }, 10019),
  ),

  behaviour('a symbol that there is not is NOT_FOUND, and nothing is sent', async (rig) => {
    expect(await rig.open({ symbol: 'NOSUCH' })).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    expect(rig.truth.requests()).toBe(0);
  }),

  behaviour('a symbol that Market Watch does not show yet is traded all the same', async (rig) => {
    expect(await rig.open({ symbol: 'XAUUSD', volume: 0.01 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toMatchObject([{ symbol: 'XAUUSD' }]);
  }),

  behaviour("the comment at the broker is the user's first 18 characters, ~ and the tag: 31 in all", async (rig) => {
    await rig.open({ comment: 'a comment that is longer than MT5 keeps' }, { reqId: 'long-comment' });
    const [position] = await rig.truth.positions();
    const tag = tagOf({ client: 'alpha', reqId: 'long-comment' });
    expect(position?.comment).toBe(`a comment that is ~${tag}`);
    expect(position?.comment).toHaveLength(31);
  }),

  ...(['', 'x', 'exactly 18 letters', 'größer als €5', 'a\\b\\tc', '"quoted"', 'tabs~and~tildes'] as const).map(
    (comment) =>
      behaviour(`the comment ${JSON.stringify(comment)} arrives as it was written, with a tag`, async (rig) => {
        await rig.opened({ comment });
        const [position] = await rig.truth.positions();
        expect(TAGGED.exec(position?.comment ?? '')?.[1]).toBe(comment);
      }),
  ),

  behaviour('a magic of its own is kept exactly, above 2^53 too', async (rig) => {
    await rig.opened({ magic: 9_007_199_254_740_993n });
    expect(await rig.truth.positions()).toMatchObject([{ magic: 9_007_199_254_740_993n }]);
    const { data } = await rig.ask('GET_POSITIONS', { magic: 9_007_199_254_740_993n });
    expect(data).toMatchObject([{ magic: 9_007_199_254_740_993n }]);
    expect((await rig.ask('GET_POSITIONS', { magic: 9_007_199_254_740_992n })).data).toEqual([]);
  }),

  behaviour('without a magic of its own an order has one of the gateway, another for another client', async (rig) => {
    await rig.opened();
    const beta = rig.brain('beta').open();
    await rig.reply(beta);
    const magics = (await rig.truth.positions()).map(({ magic }) => magic);
    expect(magics.every((magic) => magic >= 5_550_000n && magic < 5_560_000n)).toBe(true);
    expect(new Set(magics).size).toBe(2);
  }),

  behaviour('the same request twice opens one position, and is answered twice alike', async (rig) => {
    const sent = rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' });
    const again = rig.again(sent);
    const [first, second] = [await rig.reply(sent), await rig.reply(again)];
    expect(second.data).toEqual(first.data);
    expect(second).toMatchObject({ duplicate: true });
    expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 1]);
  }),

  behaviour('an order that is too old is STALE and never sent', async (rig) => {
    const reply = await rig.open({}, { timestamp: Date.now() / 1_000 - 60 });
    expect(reply).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(rig.truth.requests()).toBe(0);
  }),

  behaviour(
    'twenty orders at once become twenty positions, each answered with its own',
    async (rig) => {
      const replies = await Promise.all(twentyOrders(rig).map((sent) => rig.reply(sent)));
      expect(replies.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
      await expectTwenty(rig, replies.map(ticketOf));
    },
    { commandDeadlineMs: PATIENT_MS },
  ),

  behaviour(
    'twenty orders at once of which many outlast the deadline are PENDING, then told as done, and opened once',
    async (rig) => {
      const orders = twentyOrders(rig);
      const outcomes = await Promise.all(orders.map(({ reqId }) => rig.outcome(reqId)));
      expect(outcomes.filter(({ state }) => state !== 'DONE')).toEqual([]);
      await expectTwenty(
        rig,
        outcomes.map((outcome) => ticketOf(outcome as Pick<LooseReply, 'data'>)),
      );
    },
    { latencyMs: 75, commandDeadlineMs: 1_000 },
  ),

  behaviour('two orders of one symbol are two positions on a hedging account, of opposite sides too', async (rig) => {
    await rig.opened();
    await rig.opened({ side: 'SELL' });
    expect((await rig.truth.positions()).map(({ side }) => side)).toEqual(['BUY', 'SELL']);
  }),

  behaviour('a comment that the broker rewrites does not change the reply', async (rig) => {
    rig.market.rewriteComments();
    expect(await rig.open({ comment: 'mine' })).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009 } });
    const [position] = await rig.truth.positions();
    expect(position?.comment).not.toMatch(TAGGED);
  }),
];
