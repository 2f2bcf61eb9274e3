import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import type { BehaviourRig } from '../behaviour-rig.ts';

const requote = { kind: 'refuse', retcode: 10004 } as const;
/** GBPUSD executes instantly, at the price asked for; it is at 1.30000 and 1.30020. */
const SLOW = { latencyMs: 600 };

/** The reply to an order of GBPUSD while which the price moves up by so many points. */
async function openWhileMoving(rig: BehaviourRig, points: number, order: object) {
  const sent = rig.send('OPEN_ORDER', { symbol: 'GBPUSD', volume: 0.1, side: 'BUY', ...order });
  await rig.dispatched(sent.reqId);
  const moved = points / 100_000;
  await rig.market.quote('GBPUSD', 1.3 + moved, 1.3002 + moved);
  return rig.reply(sent);
}

/** Prices that move away, inside and outside the deviation. */
export const REQUOTES = [
  behaviour(
    'a price that moved inside the deviation while the broker worked is taken',
    async (rig) => {
      expect(await openWhileMoving(rig, 15, { deviation: 20 })).toMatchObject({ status: 'SUCCESS' });
      const [position] = await rig.truth.positions();
      expect(position?.openPrice).toBeCloseTo(1.30035, 8);
      expect(rig.truth.requests()).toBe(1);
    },
    SLOW,
  ),

  behaviour(
    'a price that moved past the deviation while the broker worked is ERROR REQUOTE',
    async (rig) => {
      const reply = await openWhileMoving(rig, 50, { deviation: 20 });
      expect(reply).toMatchObject({ status: 'ERROR', code: 'REQUOTE', retcode: 10004 });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 1]);
    },
    SLOW,
  ),

  behaviour(
    "a price that moved in the client's favour past the deviation is tried again and taken",
    async (rig) => {
      expect(await openWhileMoving(rig, -50, { deviation: 20 })).toMatchObject({ status: 'SUCCESS' });
      const [position] = await rig.truth.positions();
      expect(position?.openPrice).toBeCloseTo(1.2997, 8);
      expect(rig.truth.requests()).toBe(2);
    },
    SLOW,
  ),

  behaviour(
    'market execution takes the price as it is, however far it moved',
    async (rig) => {
      const sent = rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY', deviation: 1 });
      await rig.dispatched(sent.reqId);
      await rig.market.quote('EURUSD', 1.102, 1.1021);
      expect(await rig.reply(sent)).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.positions()).toMatchObject([{ openPrice: 1.1021 }]);
    },
    SLOW,
  ),

  behaviour(
    'a requote is retried while the price is inside the deviation of the price that the client named',
    async (rig) => {
      await rig.market.quote('GBPUSD', 1.3001, 1.3003);
      rig.market.next(requote);
      const reply = await rig.open({ symbol: 'GBPUSD', price: 1.3002, deviation: 20 });
      expect(reply).toMatchObject({ status: 'SUCCESS', data: { price: 1.3003 } });
      expect(rig.truth.requests()).toBe(2);
    },
  ),

  behaviour(
    'a requote is not retried once the price is past the deviation of the price that the client named',
    async (rig) => {
      await rig.market.quote('GBPUSD', 1.3003, 1.3005);
      rig.market.next(requote);
      const reply = await rig.open({ symbol: 'GBPUSD', price: 1.3002, deviation: 20 });
      expect(reply).toMatchObject({ status: 'ERROR', code: 'REQUOTE', retcode: 10004 });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 1]);
    },
  ),

  behaviour('a close is retried after a requote, and closes once', async (rig) => {
    const ticket = await rig.opened({ symbol: 'GBPUSD' });
    rig.market.next(requote);
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS' });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 3]);
  }),

  behaviour('a close without any deviation is ERROR REQUOTE after a requote, and the position stays', async (rig) => {
    const ticket = await rig.opened({ symbol: 'GBPUSD' });
    rig.market.next(requote);
    expect(await rig.ask('CLOSE_POSITION', { ticket, deviation: 0 })).toMatchObject({ code: 'REQUOTE' });
    expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 2]);
  }),

  behaviour('a pending order is not retried after a requote', async (rig) => {
    rig.market.next(requote);
    expect(await rig.open({ type: 'LIMIT', price: 1.05 })).toMatchObject({ code: 'REQUOTE', retcode: 10004 });
    expect([await rig.truth.orders(), rig.truth.requests()]).toEqual([[], 1]);
  }),
];
