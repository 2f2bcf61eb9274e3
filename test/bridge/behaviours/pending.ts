import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, rowsOf, ticketOf } from '../behaviour-rig.ts';

/** Each pending type with a price at which it waits, and a quote that triggers it. EURUSD is at 1.10000 and 1.10010. */
const TYPES = [
  { side: 'BUY', type: 'LIMIT', price: 1.095, trigger: [1.0948, 1.0949] },
  { side: 'SELL', type: 'LIMIT', price: 1.105, trigger: [1.1051, 1.1052] },
  { side: 'BUY', type: 'STOP', price: 1.105, trigger: [1.1051, 1.1052] },
  { side: 'SELL', type: 'STOP', price: 1.095, trigger: [1.0948, 1.0949] },
] as const;

/** A pending order that waits far from the market. */
async function placed(rig: BehaviourRig, order: object = {}): Promise<bigint> {
  const reply = await rig.open({ type: 'LIMIT', price: 1.05, ...order });
  expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: rig.terms.placedRetcode } });
  return ticketOf(reply);
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

/** Pending orders: placed, triggered, changed, cancelled, expired. */
export const PENDING = [
  ...TYPES.map(({ side, type, price, trigger: [bid, ask] }) =>
    behaviour(`a ${side}_${type} is placed, waits, and is filled when the price comes to it`, async (rig) => {
      const reply = await rig.open({ side, type, price, comment: 'wait' });
      expect(reply).toMatchObject({
        status: 'SUCCESS',
        data: { retcode: rig.terms.placedRetcode, volume: 0.1, price },
      });
      expect(await rig.truth.orders()).toMatchObject([
        { type: `${side}_${type}`, state: 'PLACED', openPrice: price, volumeCurrentLots: 0.1 },
      ]);
      expect(await rig.truth.positions()).toEqual([]);
      await rig.market.quote('EURUSD', bid, ask);
      const [position] = await rig.until('the fill', async () => {
        const positions = await rig.truth.positions();
        return positions.length > 0 ? positions : null;
      });
      expect(position).toMatchObject({ side, volumeLots: 0.1 });
      expect(position?.comment).toMatch(/^wait~[a-z2-7]{12}$/);
      expect(await rig.truth.orders()).toEqual([]);
      await rig.until('the position in GET_POSITIONS', async () => rowsOf(await rig.ask('GET_POSITIONS')).length === 1);
      expect(rowsOf(await rig.ask('GET_ORDERS'))).toEqual([]);
    }),
  ),

  ...TYPES.map(({ side, type }) =>
    behaviour(`a ${side}_${type} on the wrong side of the market is refused with 10015`, async (rig) => {
      const price = (type === 'LIMIT') === (side === 'BUY') ? 1.11 : 1.09;
      expect(await rig.open({ side, type, price })).toMatchObject({ code: 'REJECTED', retcode: 10015 });
      expect(await rig.truth.orders()).toEqual([]);
    }),
  ),

  behaviour('a pending price nearer than the stops level is refused with 10015', async (rig) => {
    expect(await rig.open({ type: 'LIMIT', price: 1.10008 })).toMatchObject({ code: 'REJECTED', retcode: 10015 });
  }),

  behaviour('a pending order without a price is refused before anything is sent', async (rig) => {
    expect(await rig.open({ type: 'LIMIT' })).toMatchObject({ status: 'ERROR', code: 'INVALID_PAYLOAD' });
    expect(rig.truth.requests()).toBe(0);
  }),

  behaviour('prices of a pending order are rounded to the digits', async (rig) => {
    await placed(rig, { price: 1.050004, sl: 1.040006, tp: 1.069994 });
    expect(await rig.truth.orders()).toMatchObject([{ openPrice: 1.05, sl: 1.04001, tp: 1.06999 }]);
  }),

  behaviour('stops of a pending order are measured from its own price', async (rig) => {
    expect(await rig.open({ type: 'LIMIT', price: 1.05, sl: 1.06 })).toMatchObject({ retcode: 10016 });
    await placed(rig, { sl: 1.04, tp: 1.06 });
    await rig.market.quote('EURUSD', 1.0498, 1.0499);
    await rig.until('the fill', async () => (await rig.truth.positions()).length === 1);
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.04, tp: 1.06 }]);
  }),

  behaviour('GET_ORDERS shows a pending order as the broker has it', async (rig) => {
    const ticket = await placed(rig, { sl: 1.04, magic: 9, comment: 'seen' });
    const [truth] = await rig.truth.orders();
    const [row] = rowsOf(await rig.ask('GET_ORDERS'));
    expect(row).toMatchObject({
      ticket: Number(ticket),
      type: 'BUY_LIMIT',
      state: 'PLACED',
      price_open: 1.05,
      sl: 1.04,
    });
    expect(row).toMatchObject({ volume_initial: 0.1, volume_current: 0.1, magic: 9, comment: truth?.comment });
    expect(row).toMatchObject({ time_expiration: 0, type_filling: truth?.filling });
    expect(Math.abs(Number(row?.['time_setup_msc']) - Date.now())).toBeLessThan(10_000);
  }),

  behaviour(
    'CANCEL_ORDER removes a pending order; once more is NOT_FOUND or refused, and does nothing',
    async (rig) => {
      const ticket = await placed(rig);
      const cancelled = await rig.ask('CANCEL_ORDER', { ticket });
      expect(cancelled).toMatchObject({ status: 'SUCCESS', data: { ticket: Number(ticket) } });
      expect(await rig.truth.orders()).toEqual([]);
      expect(await rig.truth.endedOrders()).toMatchObject([{ ticket, state: 'CANCELED' }]);
      expect(await rig.ask('CANCEL_ORDER', { ticket })).toMatchObject({ status: 'ERROR' });
      expect(await rig.truth.endedOrders()).toHaveLength(1);
    },
  ),

  behaviour('CANCEL_ORDER leaves a position of that ticket alone', async (rig) => {
    const ticket = await rig.opened();
    expect(await rig.ask('CANCEL_ORDER', { ticket })).toMatchObject({ status: 'ERROR' });
    expect(await rig.truth.positions()).toHaveLength(1);
  }),

  behaviour('MODIFY_ORDER moves price, stops and expiration; what it does not name stays', async (rig) => {
    const ticket = await placed(rig, { sl: 1.04 });
    const moved = await rig.ask('MODIFY_ORDER', { ticket, price: 1.06, tp: 1.09 });
    expect(moved).toMatchObject({ status: 'SUCCESS', data: { price: 1.06, sl: 1.04, tp: 1.09, expiration: 0 } });
    expect(await rig.truth.orders()).toMatchObject([{ ticket, openPrice: 1.06, sl: 1.04, tp: 1.09 }]);
    const expiration = inSeconds(7_200);
    expect(await rig.ask('MODIFY_ORDER', { ticket, expiration })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.orders()).toMatchObject([{ openPrice: 1.06, expirationMs: expiration * 1_000 }]);
    expect(await rig.ask('MODIFY_ORDER', { ticket, expiration: 0, sl: 0 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.orders()).toMatchObject([{ openPrice: 1.06, sl: 0, tp: 1.09, expirationMs: 0 }]);
  }),

  behaviour('MODIFY_ORDER to what it is already is a success with 10025', async (rig) => {
    const ticket = await placed(rig);
    const reply = await rig.ask('MODIFY_ORDER', { ticket, price: 1.05 });
    expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: 10025 } });
  }),

  behaviour('MODIFY_ORDER over the market is refused, and the order stays as it was', async (rig) => {
    const ticket = await placed(rig);
    expect(await rig.ask('MODIFY_ORDER', { ticket, price: 1.2 })).toMatchObject({ code: 'REJECTED', retcode: 10015 });
    expect(await rig.ask('MODIFY_ORDER', { ticket, sl: 1.08 })).toMatchObject({ code: 'REJECTED', retcode: 10016 });
    expect(await rig.truth.orders()).toMatchObject([{ openPrice: 1.05, sl: 0 }]);
  }),

  behaviour('MODIFY_ORDER of an order that there is not is NOT_FOUND', async (rig) => {
    expect(await rig.ask('MODIFY_ORDER', { ticket: 424_242, price: 1.06 })).toMatchObject({ code: 'NOT_FOUND' });
  }),

  behaviour('an expiration is kept to the second, in UTC', async (rig) => {
    const expiration = inSeconds(3_600);
    await placed(rig, { expiration });
    expect(await rig.truth.orders()).toMatchObject([{ expirationMs: expiration * 1_000 }]);
    expect(rowsOf(await rig.ask('GET_ORDERS'))).toMatchObject([{ time_expiration: expiration }]);
  }),

  behaviour('a pending order expires at its time, and is gone without a deal', async (rig) => {
    const ticket = await placed(rig, { expiration: inSeconds(4) });
    await rig.until('the expiry', async () => (await rig.truth.orders()).length === 0);
    expect(await rig.truth.endedOrders()).toMatchObject([{ ticket, state: 'EXPIRED' }]);
    await rig.until('no order in GET_ORDERS', async () => rowsOf(await rig.ask('GET_ORDERS')).length === 0);
    await rig.market.quote('EURUSD', 1.04, 1.0401);
    expect(await rig.truth.deals()).toEqual([]);
  }),

  behaviour('an expiration that has passed is refused with 10022', async (rig) => {
    const reply = await rig.open({ type: 'LIMIT', price: 1.05, expiration: inSeconds(-30) });
    expect(reply).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode: 10022 });
    expect(await rig.truth.orders()).toEqual([]);
  }),

  ...(['EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'] as const).map((symbol) =>
    behaviour(`a pending order of ${symbol} stands with a filling mode that its symbol takes`, async (rig) => {
      const { data } = await rig.ask('GET_TICK', { symbol });
      const price = Number((Number(data['ask']) * 0.9).toFixed(2));
      const volume = 0.01;
      const reply = await rig.open({ symbol, type: 'LIMIT', price, volume });
      expect(reply).toMatchObject({ status: 'SUCCESS', data: { retcode: rig.terms.placedRetcode } });
      expect(await rig.truth.orders()).toMatchObject([{ symbol, openPrice: price }]);
    }),
  ),
];
