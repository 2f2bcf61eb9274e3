import { describe, expect, it } from 'vitest';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

describe('a hedging account', () => {
  it('opens a position of its own for every order, also on the other side', async () => {
    const rig = await PaperRig.start();
    const bought = await rig.send({ side: 'BUY', volumeLots: 0.1 });
    const sold = await rig.send({ side: 'SELL', volumeLots: 0.3 });
    const positions = await rig.positions();
    expect(positions.map(({ ticket, side, volumeLots }) => [ticket, side, volumeLots])).toEqual([
      [bought.order, 'BUY', 0.1],
      [sold.order, 'SELL', 0.3],
    ]);
  });

  it('buys at the ask, sells at the bid, and names a position by the order that opened it', async () => {
    const rig = await PaperRig.start();
    const bought = await rig.send({ side: 'BUY', magic: 77n, comment: 'mine~abc' });
    const sold = await rig.send({ side: 'SELL' });
    expect([bought.price, sold.price]).toEqual([1.1001, 1.1]);
    expect(bought.position).toBe(bought.order);
    const [position] = await rig.positions();
    expect(position).toMatchObject({
      ticket: 1001n,
      identifier: 1001n,
      magic: 77n,
      comment: 'mine~abc',
      openPrice: 1.1001,
    });
  });

  it('closes a part of a position and keeps its ticket and opening price', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send({ volumeLots: 0.29 });
    rig.quote('EURUSD', 1.2, 1.2001);
    const closed = await rig.close(position, { volumeLots: 0.1 });
    expect(closed).toMatchObject({ retcode: RETCODE.DONE, volumeLots: 0.1, price: 1.2, position });
    const [rest] = await rig.positions();
    expect(rest).toMatchObject({ ticket: position, volumeLots: 0.19, openPrice: 1.1001 });
    const { deals } = await rig.history();
    expect(deals.map(({ entry, side, volumeLots, profit }) => [entry, side, volumeLots, profit])).toEqual([
      ['IN', 'BUY', 0.29, 0],
      ['OUT', 'SELL', 0.1, 999],
    ]);
  });

  it('pays profit into the balance when a position is closed, and shows it in the equity before', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send({ volumeLots: 0.1 });
    rig.quote('EURUSD', 1.1101, 1.1102);
    expect(await rig.account()).toMatchObject({ balance: 10_000, profit: 100, equity: 10_100 });
    await rig.close(position);
    expect(await rig.account()).toMatchObject({ balance: 10_100, profit: 0, equity: 10_100, margin: 0 });
  });

  it('changes yen into dollars at the closing price', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send({ symbol: 'USDJPY', volumeLots: 0.1 });
    rig.quote('USDJPY', 151.01, 151.02);
    await rig.close(position, { symbol: 'USDJPY' });
    expect((await rig.account()).balance).toBe(10_066.22);
  });

  it('keeps order and deals of a closing apart, with the comment of the request', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send({ comment: 'opening' });
    const closed = await rig.close(position, { comment: 'closing', magic: 5n });
    const { orders, deals } = await rig.history();
    expect(orders.map(({ ticket, type, state, position: of, comment }) => [ticket, type, state, of, comment])).toEqual([
      [position, 'BUY', 'FILLED', position, 'opening'],
      [closed.order, 'SELL', 'FILLED', position, 'closing'],
    ]);
    expect(deals[1]).toMatchObject({
      ticket: closed.deal,
      order: closed.order,
      position,
      comment: 'closing',
      magic: 5n,
    });
  });
});

describe('a netting account', () => {
  it('adds to the position at the average price', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    const first = await rig.send({ volumeLots: 0.1 });
    rig.quote('EURUSD', 1.1299, 1.13);
    const second = await rig.send({ volumeLots: 0.2 });
    expect(second.position).toBe(first.position);
    const positions = await rig.positions();
    expect(positions).toHaveLength(1);
    expect(positions[0]).toMatchObject({ ticket: first.order, side: 'BUY', volumeLots: 0.3 });
    expect(positions[0]?.openPrice).toBeCloseTo((1.1001 + 2 * 1.13) / 3, 10);
  });

  it('closes a part with an order on the other side, and keeps the opening price', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    const { position } = await rig.send({ volumeLots: 0.3 });
    await rig.send({ side: 'SELL', volumeLots: 0.1 });
    expect(await rig.positions()).toMatchObject([
      { ticket: position, side: 'BUY', volumeLots: 0.2, openPrice: 1.1001 },
    ]);
  });

  it('is flat after an order of the same volume on the other side', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    await rig.send({ volumeLots: 0.3 });
    await rig.send({ side: 'SELL', volumeLots: 0.3 });
    expect(await rig.positions()).toEqual([]);
    expect((await rig.account()).balance).toBe(9_997);
  });

  it('turns round with one deal: the ticket becomes the order’s, the identifier stays', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    const first = await rig.send({ volumeLots: 0.1 });
    const turned = await rig.send({ side: 'SELL', volumeLots: 0.3 });
    expect(await rig.positions()).toMatchObject([
      { ticket: turned.order, identifier: first.order, side: 'SELL', volumeLots: 0.2, openPrice: 1.1 },
    ]);
    const { deals } = await rig.history();
    expect(deals.at(-1)).toMatchObject({ entry: 'INOUT', volumeLots: 0.3, profit: -1, position: first.order });
  });

  it('closes by ticket and never opens the other side, however often it is asked', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    const { position } = await rig.send({ volumeLots: 0.1 });
    expect((await rig.close(position)).retcode).toBe(RETCODE.DONE);
    expect((await rig.close(position)).retcode).toBe(RETCODE.POSITION_CLOSED);
    expect(await rig.positions()).toEqual([]);
  });

  it('takes over the stops of an order that adds to the position, none included', async () => {
    const rig = await PaperRig.start({ marginMode: 'NETTING' });
    await rig.send({ sl: 1.05, tp: 1.2 });
    await rig.send({ sl: 1.06 });
    expect(await rig.positions()).toMatchObject([{ sl: 1.06, tp: 0 }]);
    await rig.send();
    expect(await rig.positions()).toMatchObject([{ sl: 0, tp: 0 }]);
  });
});

describe('an order that finds only part of its volume', () => {
  it('is done in part under immediate-or-cancel: the rest is gone (10010)', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'fill-part', share: 0.55 }] } });
    const result = await rig.send({ volumeLots: 0.29 });
    expect(result).toMatchObject({ retcode: RETCODE.DONE_PARTIAL, volumeLots: 0.15 });
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.15 }]);
    expect(await rig.orders()).toEqual([]);
    const { orders } = await rig.history();
    expect(orders).toMatchObject([{ state: 'PARTIAL', volumeInitialLots: 0.29, volumeCurrentLots: 0.14 }]);
  });

  it('is rejected under fill-or-kill: all or nothing', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'fill-part', share: 0.5 }] } });
    expect((await rig.send({ symbol: 'XAUUSD', volumeLots: 0.1 })).retcode).toBe(RETCODE.REJECT);
    expect(await rig.positions()).toEqual([]);
  });

  it('closes only that part of a position', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send({ volumeLots: 0.1 });
    rig.terminal.inject({ next: [{ kind: 'fill-part', share: 0.5 }] });
    expect(await rig.close(position)).toMatchObject({ retcode: RETCODE.DONE_PARTIAL, volumeLots: 0.05 });
    expect(await rig.positions()).toMatchObject([{ ticket: position, volumeLots: 0.05 }]);
    expect((await rig.close(position)).retcode).toBe(RETCODE.DONE);
  });

  it('goes on waiting with the rest where it is pending, and both parts make one position', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'fill-part', share: 0.5 }] } });
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09, volumeLots: 0.3 });
    rig.quote('EURUSD', 1.0899, 1.09);
    expect(await rig.orders()).toMatchObject([{ ticket: order, state: 'PARTIAL', volumeCurrentLots: 0.15 }]);
    expect(await rig.positions()).toMatchObject([{ ticket: order, volumeLots: 0.15 }]);
    rig.quote('EURUSD', 1.0898, 1.0899);
    expect(await rig.orders()).toEqual([]);
    expect(await rig.positions()).toMatchObject([{ ticket: order, volumeLots: 0.3 }]);
  });

  it('keeps what was filled when the rest of a pending order is cancelled', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'fill-part', share: 0.5 }] } });
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09, volumeLots: 0.3 });
    rig.quote('EURUSD', 1.0899, 1.09);
    expect((await rig.cancel(order)).retcode).toBe(RETCODE.DONE);
    expect(await rig.positions()).toMatchObject([{ volumeLots: 0.15 }]);
    const { orders } = await rig.history();
    expect(orders).toMatchObject([{ state: 'CANCELED', volumeInitialLots: 0.3, volumeCurrentLots: 0.15 }]);
  });
});
