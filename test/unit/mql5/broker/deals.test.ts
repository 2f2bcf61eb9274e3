import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimBroker } from '../../../mql5/broker/sim-broker.ts';
import { addLots, toUnits } from '../../../mql5/broker/volume.ts';
import { ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { aBroker, sent } from './brokers.ts';
import { aClose, aCloseBy, aDeal, aPending, aStopChange } from './requests.ts';

const { BUY, SELL } = ORDER_TYPE;

describe('a hedging account', () => {
  it('opens a position for each order, which takes the order’s ticket, magic and comment', async () => {
    const broker = await aBroker();
    const result = await sent(broker, aDeal({ magic: 2n ** 63n, comment: 'mine', sl: 1.09, tp: 1.11 }));
    expect(result).toMatchObject({ retcode: 10009, order: 1_001n, deal: 1_002n, volumeLots: 0.1, price: 1.1001 });
    expect(broker.positions).toMatchObject([
      { ticket: 1_001n, identifier: 1_001n, side: 'BUY', volumeLots: 0.1, priceOpen: 1.1001, sl: 1.09, tp: 1.11 },
    ]);
    expect(broker.positions[0]).toMatchObject({ magic: 2n ** 63n, comment: 'mine' });
    expect(broker.deals).toMatchObject([{ positionId: 1_001n, entry: 'IN', reason: 'EXPERT', profit: 0 }]);
    expect(broker.historyOrders).toMatchObject([{ ticket: 1_001n, state: 'FILLED', positionId: 1_001n }]);
  });

  it('opens the other side for a deal that names no position: it closes nothing', async () => {
    const broker = await aBroker();
    await sent(broker, aDeal());
    await sent(broker, aDeal({ type: SELL }));
    expect(broker.positions.map(({ side }) => side)).toEqual(['BUY', 'SELL']);
  });

  it('closes a position in parts, to the last hundredth', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal({ volumeLots: 0.3 }));
    for (const volumeLots of [0.1, 0.1]) await sent(broker, aClose(order, { volumeLots }));
    expect(broker.positions).toMatchObject([{ ticket: order, volumeLots: 0.1 }]);
    await sent(broker, aClose(order, { volumeLots: 0.1 }));
    expect(broker.positions).toEqual([]);
    expect(broker.deals.map(({ entry }) => entry)).toEqual(['IN', 'OUT', 'OUT', 'OUT']);
    expect(broker.deals.every(({ positionId }) => positionId === order)).toBe(true);
  });

  it('books the profit of what was closed, in the account’s currency', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    broker.quote('EURUSD', 1.1101, 1.1102);
    await sent(broker, aClose(order));
    expect(broker.deals.at(-1)).toMatchObject({ profit: 100, price: 1.1101 });
    const yen = await sent(broker, aDeal({ symbol: 'USDJPY', type: SELL }));
    broker.quote('USDJPY', 148.99, 149);
    await sent(broker, aClose(yen.order, { symbol: 'USDJPY', type: BUY }));
    expect(broker.deals.at(-1)!.profit).toBeCloseTo(10_000 / 149, 2);
    expect(broker.account.balance).toBeCloseTo(100_000 + 100 + 10_000 / 149, 2);
  });

  it('closes two positions by each other and keeps the rest of the larger', async () => {
    const broker = await aBroker();
    const { order: long } = await sent(broker, aDeal({ volumeLots: 0.3 }));
    const { order: short } = await sent(broker, aDeal({ type: SELL }));
    const result = await sent(broker, aCloseBy(long, short));
    expect(result).toMatchObject({ retcode: 10009, volumeLots: 0.1 });
    expect(broker.positions).toMatchObject([{ ticket: long, volumeLots: 0.2 }]);
    const [first, second] = broker.deals.slice(-2);
    expect(first).toMatchObject({ entry: 'OUT_BY', positionId: long, side: 'SELL', profit: -1 });
    expect(second).toMatchObject({ entry: 'OUT_BY', positionId: short, side: 'BUY', profit: 0 });
    expect(broker.historyOrders.at(-1)).toMatchObject({ type: 'CLOSE_BY', state: 'FILLED', positionById: short });
  });

  it('gives out exact tickets above 2^53', async () => {
    const broker = await aBroker({ firstTicket: 9_007_199_254_740_993n });
    expect(await sent(broker, aDeal())).toMatchObject({ order: 9_007_199_254_740_993n, deal: 9_007_199_254_740_994n });
    expect((await sent(broker, aClose(9_007_199_254_740_993n))).retcode).toBe(10009);
  });
});

describe('a netting account', () => {
  const netting = (): Promise<SimBroker> => aBroker({ marginMode: 'NETTING' });

  it('adds to the position at the mean price', async () => {
    const broker = await netting();
    await sent(broker, aDeal({ volumeLots: 0.1 }));
    broker.quote('EURUSD', 1.103, 1.1031);
    await sent(broker, aDeal({ volumeLots: 0.2 }));
    expect(broker.positions).toMatchObject([{ ticket: 1_001n, volumeLots: 0.3, priceOpen: 1.1021 }]);
  });

  it('takes the stops of the newest order that adds, also none', async () => {
    const broker = await netting();
    await sent(broker, aDeal({ sl: 1.09 }));
    await sent(broker, aDeal({ tp: 1.2 }));
    expect(broker.positions).toMatchObject([{ sl: 0, tp: 1.2 }]);
  });

  it('lessens the position by an opposite deal and leaves its stops', async () => {
    const broker = await netting();
    await sent(broker, aDeal({ volumeLots: 0.3, sl: 1.09 }));
    await sent(broker, aDeal({ type: SELL, volumeLots: 0.1, sl: 1.2 }));
    expect(broker.positions).toMatchObject([{ volumeLots: 0.2, side: 'BUY', sl: 1.09 }]);
    expect(broker.deals.at(-1)).toMatchObject({ entry: 'OUT', profit: -1 });
  });

  it('turns the position over by a larger opposite deal: a new ticket, the same identifier', async () => {
    const broker = await netting();
    await sent(broker, aDeal({ volumeLots: 0.1 }));
    const { order } = await sent(broker, aDeal({ type: SELL, volumeLots: 0.3 }));
    expect(broker.positions).toMatchObject([
      { ticket: order, identifier: 1_001n, side: 'SELL', volumeLots: 0.2, priceOpen: 1.1 },
    ]);
    expect(broker.deals.at(-1)).toMatchObject({ entry: 'INOUT', volumeLots: 0.3, positionId: 1_001n, profit: -1 });
  });

  it('closes by the position’s ticket and never past it', async () => {
    const broker = await netting();
    const { order } = await sent(broker, aDeal());
    expect((await sent(broker, aClose(order, { volumeLots: 0.2 }))).retcode).toBe(10038);
    expect((await sent(broker, aClose(order))).retcode).toBe(10009);
    expect(broker.positions).toEqual([]);
    expect((await sent(broker, aClose(order))).retcode).toBe(10036);
  });

  it('holds, over any deals, what was bought less what was sold', async () => {
    const lots = fc.integer({ min: -300, max: 300 }).filter((hundredths) => hundredths !== 0);
    await fc.assert(
      fc.asyncProperty(fc.array(lots, { maxLength: 20 }), async (deals) => {
        const broker = await netting();
        for (const hundredths of deals) {
          await sent(broker, aDeal({ type: hundredths > 0 ? BUY : SELL, volumeLots: Math.abs(hundredths) / 100 }));
        }
        const held = broker.positions.map(({ side, volumeLots }) => (side === 'BUY' ? volumeLots : -volumeLots));
        expect(toUnits(held.reduce(addLots, 0))).toBe(deals.reduce((sum, hundredths) => sum + hundredths, 0) * 1e6);
        await broker.stop();
      }),
      { numRuns: 30 },
    );
  });
});

describe('comments', () => {
  it('are cut at 31 characters', async () => {
    const broker = await aBroker();
    await sent(broker, aDeal({ comment: 'x'.repeat(40) }));
    expect(broker.positions[0]?.comment).toBe('x'.repeat(31));
    expect(broker.requests[0]?.request.comment).toHaveLength(40);
  });

  it('may be the broker’s own', async () => {
    const broker = await aBroker();
    broker.commentsRewritten = true;
    await sent(broker, aDeal({ comment: 'mine' }));
    await sent(broker, aPending({ comment: 'mine' }));
    const all = [...broker.positions, ...broker.orders, ...broker.historyOrders, ...broker.deals];
    expect(all.filter(({ comment }) => comment.includes('mine'))).toEqual([]);
  });
});

describe('a change of stops', () => {
  it('answers without order, deal or volume', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    const result = await sent(broker, aStopChange(order, 1.09, 1.12));
    expect(result).toMatchObject({ retcode: 10009, order: 0n, deal: 0n, volumeLots: 0, price: 0 });
    expect(broker.positions[0]).toMatchObject({ sl: 1.09, tp: 1.12 });
  });
});
