import { describe, expect, it, vi } from 'vitest';
import { ORDER_TIME, ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { aBroker, sent } from './brokers.ts';
import { aDeal, aPending } from './requests.ts';

const { SELL, BUY_LIMIT, BUY_STOP, SELL_LIMIT, SELL_STOP } = ORDER_TYPE;

describe('pending orders', () => {
  it.each([
    ['BUY_LIMIT', BUY_LIMIT, 1.09, 1.08991, 1.09001, 1.089, 1.09],
    ['BUY_STOP', BUY_STOP, 1.11, 1.10989, 1.10999, 1.1099, 1.11],
    ['SELL_LIMIT', SELL_LIMIT, 1.11, 1.10999, 1.11009, 1.11, 1.1101],
    ['SELL_STOP', SELL_STOP, 1.09, 1.09001, 1.09011, 1.09, 1.0901],
  ] as const)(
    '%s is filled when the market reaches it, not a point before',
    async (_, type, price, bidBefore, askBefore, bid, ask) => {
      const broker = await aBroker();
      const { order } = await sent(broker, aPending({ type, price, sl: 0, comment: 'wait', magic: 5n }));
      broker.quote('EURUSD', bidBefore, askBefore);
      expect(broker.positions).toEqual([]);
      broker.quote('EURUSD', bid, ask);
      expect(broker.orders).toEqual([]);
      expect(broker.positions).toMatchObject([{ ticket: order, magic: 5n, comment: 'wait', priceOpen: price }]);
      expect(broker.historyOrders).toMatchObject([{ ticket: order, state: 'FILLED', positionId: order }]);
    },
  );

  it('are filled at what the market gives after a gap, and take their stops along', async () => {
    const broker = await aBroker();
    await sent(broker, aPending({ type: BUY_STOP, price: 1.11, sl: 1.1, tp: 1.15 }));
    broker.quote('EURUSD', 1.12, 1.1201);
    expect(broker.positions).toMatchObject([{ priceOpen: 1.1201, sl: 1.1, tp: 1.15 }]);
  });

  it('trigger nothing while the market is closed', async () => {
    const broker = await aBroker();
    await sent(broker, aPending());
    broker.closeMarket('EURUSD');
    broker.quote('EURUSD', 1.08, 1.0801);
    expect(broker.orders).toHaveLength(1);
    broker.openMarket('EURUSD');
    broker.quote('EURUSD', 1.08, 1.0801);
    expect(broker.positions).toHaveLength(1);
  });

  it('are cancelled when the money is not there any more', async () => {
    const broker = await aBroker({ balance: 1_000 });
    await sent(broker, aPending({ volumeLots: 1 }));
    broker.quote('EURUSD', 1.0899, 1.09);
    expect(broker.positions).toEqual([]);
    expect(broker.historyOrders).toMatchObject([{ state: 'CANCELED' }]);
  });

  it('expire by the server’s clock, with no quote', async () => {
    let nowMs = 1_000_000_000_000;
    const broker = await aBroker({ nowMs: () => nowMs });
    const expirationS = nowMs / 1_000 + 7_200 + 60;
    await sent(broker, aPending({ timeType: ORDER_TIME.SPECIFIED, expirationS }));
    await sent(broker, aPending({ timeType: ORDER_TIME.DAY }));
    nowMs += 59_999;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(broker.orders).toHaveLength(2);
    nowMs += 1;
    await vi.waitUntil(() => broker.orders.length === 1);
    expect(broker.historyOrders).toMatchObject([{ state: 'EXPIRED', volumeCurrentLots: 0.1 }]);
    nowMs += 86_400_000;
    await vi.waitUntil(() => broker.orders.length === 0);
  });
});

describe('stops of a position', () => {
  it.each([
    ['a buy’s stop loss at the bid', {}, 1.09, 0, 1.09, 1.0901, 'SL', '[sl 1.09000]'],
    ['a buy’s take profit at the bid', {}, 0, 1.11, 1.11, 1.1101, 'TP', '[tp 1.11000]'],
    ['a sell’s stop loss at the ask', { type: SELL }, 1.11, 0, 1.1099, 1.11, 'SL', '[sl 1.11000]'],
    ['a sell’s take profit at the ask', { type: SELL }, 0, 1.09, 1.0899, 1.09, 'TP', '[tp 1.09000]'],
  ] as const)('close it: %s', async (_, change, sl, tp, bid, ask, reason, comment) => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal({ ...change, sl, tp, magic: 9n }));
    broker.quote('EURUSD', 1.1, 1.1001);
    expect(broker.positions).toHaveLength(1);
    broker.quote('EURUSD', bid, ask);
    expect(broker.positions).toEqual([]);
    expect(broker.deals.at(-1)).toMatchObject({ entry: 'OUT', reason, comment, magic: 9n, positionId: order });
  });

  it('also close a position that the same tick has opened', async () => {
    const broker = await aBroker();
    await sent(broker, aPending({ type: BUY_LIMIT, price: 1.09, sl: 1.085 }));
    broker.quote('EURUSD', 1.08, 1.0801);
    expect(broker.deals.map(({ entry, reason }) => `${entry} ${reason}`)).toEqual(['IN EXPERT', 'OUT SL']);
  });
});

describe('a stop out', () => {
  it('closes the largest loss first, until the margin level is above it', async () => {
    const broker = await aBroker({ balance: 4_000 });
    const { order: large } = await sent(broker, aDeal({ volumeLots: 2 }));
    const { order: small } = await sent(broker, aDeal({ volumeLots: 0.5 }));
    broker.quote('EURUSD', 1.088, 1.0881);
    expect(broker.positions.map(({ ticket }) => ticket)).toEqual([small]);
    expect(broker.deals.at(-1)).toMatchObject({ reason: 'SO', positionId: large });
  });
});
