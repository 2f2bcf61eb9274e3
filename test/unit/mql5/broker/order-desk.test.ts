import { describe, expect, it, vi } from 'vitest';
import { ORDER_FILLING, ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { aBroker, retcodeOf, sent } from './brokers.ts';
import { aClose, aDeal, aPending, aRemoval } from './requests.ts';

const { FOK, IOC, RETURN } = ORDER_FILLING;

describe('faults of OrderSend', () => {
  it('befall the next calls in order, one each', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'refuse', retcode: 10024 }, { kind: 'none' }, { kind: 'refuse', retcode: 10028 });
    expect(await retcodeOf(broker, aDeal())).toBe(10024);
    expect(await retcodeOf(broker, aDeal())).toBe(10009);
    expect(await retcodeOf(broker, aDeal())).toBe(10028);
    expect(await retcodeOf(broker, aDeal())).toBe(10009);
    expect(broker.positions).toHaveLength(2);
  });

  it('misreport what was done, and tell nothing of it', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'misreport', retcode: 10012 });
    expect(await broker.send(aDeal())).toMatchObject({
      isTrue: false,
      lastError: 4756,
      result: { retcode: 10012, order: 0n, deal: 0n, volumeLots: 0, comment: 'Request timed out' },
    });
    expect(broker.positions).toHaveLength(1);
  });

  it('fill a part with IOC and drop the rest', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'fill-part', share: 0.55 });
    expect(await sent(broker, aDeal({ volumeLots: 0.29 }))).toMatchObject({ retcode: 10010, volumeLots: 0.15 });
    expect(broker.positions).toMatchObject([{ volumeLots: 0.15 }]);
    expect(broker.historyOrders).toMatchObject([
      { state: 'PARTIAL', volumeInitialLots: 0.29, volumeCurrentLots: 0.14 },
    ]);
    expect(broker.orders).toEqual([]);
  });

  it('fill a part with RETURN and leave the rest working until the next price', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'fill-part', share: 0.5 });
    const { order } = await sent(broker, aDeal({ symbol: 'BTCUSD', filling: RETURN }));
    expect(broker.orders).toMatchObject([{ ticket: order, type: 'BUY', state: 'PARTIAL', volumeCurrentLots: 0.05 }]);
    broker.quote('BTCUSD', 90_020, 90_030);
    expect(broker.orders).toEqual([]);
    expect(broker.positions).toMatchObject([{ ticket: order, volumeLots: 0.1, priceOpen: 90_020 }]);
  });

  it('let the rest of an order be removed', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'fill-part', share: 0.5 });
    const { order } = await sent(broker, aDeal({ symbol: 'BTCUSD', filling: RETURN }));
    expect(await retcodeOf(broker, aRemoval(order))).toBe(10009);
    broker.quote('BTCUSD', 90_020, 90_030);
    expect(broker.positions).toMatchObject([{ volumeLots: 0.05 }]);
  });

  it('reject FOK where only a part can be filled', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'fill-part', share: 0.5 });
    expect(await retcodeOf(broker, aDeal({ symbol: 'USDJPY', filling: FOK }))).toBe(10006);
    expect(broker.positions).toEqual([]);
  });

  it('close a part of a position with IOC', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    broker.next({ kind: 'fill-part', share: 0.4 });
    expect(await sent(broker, aClose(order, { filling: IOC }))).toMatchObject({ retcode: 10010, volumeLots: 0.04 });
    expect(broker.positions).toMatchObject([{ volumeLots: 0.06 }]);
  });

  it('place an order first and deal later', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'place-first' });
    expect(await sent(broker, aDeal())).toMatchObject({ retcode: 10008, order: 1_001n, deal: 0n });
    expect(broker.orders).toMatchObject([{ ticket: 1_001n, state: 'PLACED', type: 'BUY' }]);
    expect(broker.positions).toEqual([]);
    await vi.waitUntil(() => broker.positions.length === 1);
    expect(broker.orders).toEqual([]);
  });

  it('cancel a placed close whose position has gone meanwhile: it never opens the other side', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal({ sl: 1.09 }));
    broker.next({ kind: 'place-first' });
    await sent(broker, aClose(order));
    broker.quote('EURUSD', 1.08, 1.0801);
    await vi.waitUntil(() => broker.orders.length === 0);
    expect(broker.positions).toEqual([]);
    expect(broker.historyOrders.at(-1)).toMatchObject({ state: 'CANCELED' });
  });

  it('delay a request, which is carried out at the end of it', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'delay', delayMs: 60, then: { kind: 'misreport', retcode: 10012 } });
    const answer = retcodeOf(broker, aDeal());
    expect(broker.positions).toEqual([]);
    expect(await answer).toBe(10012);
    expect(broker.positions).toHaveLength(1);
  });

  it('fail inside the terminal: false, no code, nothing done', async () => {
    const broker = await aBroker();
    broker.next({ kind: 'fail', lastError: 4014 });
    expect(await broker.send(aDeal())).toMatchObject({
      isTrue: false,
      lastError: 4014,
      result: { retcode: 0, comment: '' },
    });
    expect(broker.positions).toEqual([]);
  });

  it.each([true, false])('never answer; carried out: %s', async (executed) => {
    const broker = await aBroker();
    broker.next({ kind: 'silent', executed });
    expect(await broker.send(aDeal())).toBeNull();
    expect(broker.positions).toHaveLength(executed ? 1 : 0);
    expect(broker.requests).toMatchObject([{ retcode: 0 }]);
  });
});

describe('the desk', () => {
  it('keeps every request that ever came, as it came, with what was answered', async () => {
    const broker = await aBroker();
    const before = Date.now();
    await sent(broker, aDeal({ comment: 'one' }));
    await sent(broker, aDeal({ volumeLots: 0.015 }));
    expect(broker.requests.map(({ request, retcode }) => [request.comment, retcode])).toEqual([
      ['one', 10009],
      ['test', 10014],
    ]);
    expect(broker.requests[0]!.atMs).toBeGreaterThanOrEqual(before);
  });

  it('waits for the test when a request has come and when it is done with', async () => {
    const broker = await aBroker();
    const seen: string[] = [];
    broker.onSend = (request, phase) => {
      seen.push(`${phase} ${request.symbol} ${broker.positions.length}`);
      return Promise.resolve();
    };
    await sent(broker, aDeal());
    expect(seen).toEqual(['received EURUSD 0', 'executed EURUSD 1']);
  });

  it('answers after its delay', async () => {
    const broker = await aBroker({ answerDelayMs: 50 });
    const before = performance.now();
    await sent(broker, aDeal());
    expect(performance.now() - before).toBeGreaterThan(45);
  });
});

describe('another person on the account', () => {
  it('opens, places and closes whatever the program may not', async () => {
    const broker = await aBroker();
    broker.setSwitch('TERMINAL_TRADE_ALLOWED', false);
    const position = broker.openByHand({ symbol: 'XAUUSD', type: 'SELL', volumeLots: 0.05, comment: 'hand' });
    const order = broker.openByHand({ symbol: 'EURUSD', type: 'BUY_LIMIT', volumeLots: 0.1, price: 1.05 });
    expect(broker.positions).toMatchObject([{ ticket: position, side: 'SELL', magic: 0n, comment: 'hand' }]);
    expect(broker.deals).toMatchObject([{ reason: 'CLIENT' }]);
    broker.closeByHand(position);
    broker.closeByHand(order);
    expect([...broker.positions, ...broker.orders]).toEqual([]);
    expect(broker.requests).toEqual([]);
  });

  it('is held by the rules all the same', async () => {
    const broker = await aBroker();
    broker.closeMarket('EURUSD');
    expect(() => broker.openByHand({ symbol: 'EURUSD', type: 'BUY', volumeLots: 0.1 })).toThrow('10018');
    expect(() => broker.closeByHand(5n)).toThrow('10013');
  });

  it('adds to a netting position and is told its ticket', async () => {
    const broker = await aBroker({ marginMode: 'NETTING' });
    const { order } = await sent(broker, aDeal({ type: ORDER_TYPE.BUY }));
    expect(broker.openByHand({ symbol: 'EURUSD', type: 'BUY', volumeLots: 0.1 })).toBe(order);
    expect(await retcodeOf(broker, aPending())).toBe(10009);
  });
});
