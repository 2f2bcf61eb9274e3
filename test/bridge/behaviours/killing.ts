import { expect } from 'vitest';
import type { Fence } from '../../../main/mt5/handler.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, rowsOf, ticketOf } from '../behaviour-rig.ts';

async function aBook(rig: BehaviourRig): Promise<void> {
  await rig.opened();
  await rig.opened({ side: 'SELL', symbol: 'USDJPY' });
  await rig.open({ type: 'LIMIT', price: 1.05 });
}

/** A person's position, which carries none of the gateway's marks. */
async function byHand(rig: BehaviourRig): Promise<void> {
  await rig.market.openByHand('XAUUSD', 'BUY', 0.01);
  await rig.until('the position in GET_POSITIONS', async () =>
    rowsOf(await rig.ask('GET_POSITIONS')).some(({ symbol }) => symbol === 'XAUUSD'),
  );
}

/** Kills, and waits until so many positions are closed; the reply itself waits a second at most. */
async function killed(rig: BehaviourRig, payload: object, positions: number) {
  const reply = await rig.ask('KILL_SWITCH', payload);
  expect(reply).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', total_positions: positions } });
  return rig.until('the flatten', async () => {
    const report = await rig.safety.killReport();
    return report.positions_closed === positions && report.flatten === 'EMPTY' ? report : null;
  });
}

const ORDER = { symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1, deviationPoints: 20 } as const;
const MINUTE_MS = 60_000;

/** Halts, and waits for the terminal's own latch. The fence is one that the latch's epoch lets through. */
async function latched(rig: BehaviourRig): Promise<Fence> {
  await rig.ask('KILL_SWITCH', { flatten: 'none' });
  const { epoch } = rig.safety.state();
  await rig.until('the latch', () => rig.terminal.state().latch?.isOn === true);
  expect(rig.terminal.state().latch).toEqual({ epoch, isOn: true });
  return { epoch, validUntilMonoMs: rig.nowMonoMs() + MINUTE_MS };
}

/** GET_COMMAND tells that the account is flat. */
async function flat(rig: BehaviourRig): Promise<void> {
  await rig.until('FLAT', async () => {
    const { data } = await rig.ask('GET_COMMAND', { req_id: 'kill' });
    return (data['data'] as Record<string, unknown>)['flatten'] === 'FLAT';
  });
}

/** KILL_SWITCH in each form, and what holds after it. */
export const KILLING = [
  behaviour('KILL_SWITCH as the original sends it cancels and closes everything, and halts', async (rig) => {
    await aBook(rig);
    expect(await killed(rig, {}, 2)).toMatchObject({ orders_cancelled: 1 });
    expect([await rig.truth.positions(), await rig.truth.orders()]).toEqual([[], []]);
  }),

  behaviour('KILL_SWITCH of the account closes what a person has opened by hand too', async (rig) => {
    await rig.opened();
    await byHand(rig);
    await killed(rig, { flatten: 'account' }, 2);
    expect(await rig.truth.positions()).toEqual([]);
  }),

  behaviour('KILL_SWITCH of the gateway leaves what a person has opened by hand', async (rig) => {
    await aBook(rig);
    await byHand(rig);
    await killed(rig, { flatten: 'gateway' }, 2);
    expect(await rig.truth.positions()).toMatchObject([{ symbol: 'XAUUSD' }]);
    expect(await rig.truth.orders()).toEqual([]);
  }),

  behaviour('KILL_SWITCH without a flatten halts, and leaves positions and orders', async (rig) => {
    await aBook(rig);
    const { data } = await rig.ask('KILL_SWITCH', { flatten: 'none' });
    expect(data).toMatchObject({ mode: 'HALTED', positions_closed: 0, flatten: 'NONE' });
    expect([(await rig.truth.positions()).length, (await rig.truth.orders()).length]).toEqual([2, 1]);
  }),

  behaviour('KILL_SWITCH of an empty account is answered EMPTY', async (rig) => {
    expect((await rig.ask('KILL_SWITCH')).data).toMatchObject({ mode: 'HALTED', flatten: 'EMPTY', total_positions: 0 });
  }),

  behaviour('a flatten is called flat only after two looks, and GET_COMMAND says so then', async (rig) => {
    await aBook(rig);
    await rig.ask('KILL_SWITCH', {}, { reqId: 'kill' });
    const isFlat = () => rig.audit.rows.some(({ type }) => type === 'FLAT_VERIFIED');
    expect(isFlat()).toBe(false);
    await rig.until('FLAT_VERIFIED', isFlat);
    await flat(rig);
    expect([await rig.truth.positions(), await rig.truth.orders()]).toEqual([[], []]);
  }),

  behaviour('after a halt the terminal itself is latched at the epoch, and nothing is opened', async (rig) => {
    await latched(rig);
    expect(await rig.open()).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 0]);
  }),

  behaviour('a latched terminal refuses by itself what would open, and lets close', async (rig) => {
    const ticket = await rig.opened();
    const pending = await rig.open({ type: 'LIMIT', price: 1.05 });
    const before = rig.truth.requests();
    const { terminal } = rig;
    const fence = await latched(rig);
    expect(await terminal.send({ ...ORDER, magic: 1n, comment: '' }, fence)).toMatchObject({ kind: 'fenced' });
    const change = { ticket: toTicket(ticketOf(pending)), price: 1.06, sl: 0, tp: 0 };
    expect(await terminal.modifyOrder(change, fence)).toMatchObject({ kind: 'fenced' });
    const close = { ticket: toTicket(ticket), symbol: 'EURUSD', deviationPoints: 20, magic: 1n, comment: '' };
    const older = { ...fence, epoch: fence.epoch - 1 };
    expect(await terminal.close(close, older)).toMatchObject({ kind: 'fenced' });
    expect(await terminal.cancel(change.ticket, older)).toMatchObject({ kind: 'fenced' });
    expect(rig.truth.requests()).toBe(before);
    const done = { kind: 'answered', result: { retcode: 10009 } };
    expect(await terminal.modifyPosition({ ticket: close.ticket, sl: 1.09, tp: 0 }, fence)).toMatchObject(done);
    expect(await terminal.close(close, fence)).toMatchObject(done);
    expect(await terminal.cancel(change.ticket, fence)).toMatchObject(done);
  }),

  behaviour('the latch is not lifted by a release of a smaller epoch', async (rig) => {
    const { terminal } = rig;
    const { epoch } = await latched(rig);
    expect(await terminal.release(epoch - 1)).toBe(false);
    expect(terminal.state().latch).toEqual({ epoch, isOn: true });
  }),

  behaviour('a halt of a smaller epoch does not lower the terminal', async (rig) => {
    const { terminal } = rig;
    const fence = await latched(rig);
    await terminal.halt(fence.epoch - 1);
    const close = { ticket: toTicket(424_242n), symbol: 'EURUSD', deviationPoints: 20, magic: 1n, comment: '' };
    expect(await terminal.close(close, { ...fence, epoch: fence.epoch - 1 })).toMatchObject({ kind: 'fenced' });
    expect(terminal.state().latch).toEqual({ epoch: fence.epoch, isOn: true });
  }),

  behaviour('an order whose time has passed is not started by the terminal', async (rig) => {
    const fence = { epoch: rig.safety.state().epoch, validUntilMonoMs: rig.nowMonoMs() - 1 };
    expect(await rig.terminal.send({ ...ORDER, magic: 1n, comment: '' }, fence)).toMatchObject({ kind: 'expired' });
    expect(rig.truth.requests()).toBe(0);
  }),

  behaviour('a resume at the gateway lifts the latch of the terminal, and trading goes on', async (rig) => {
    const { epoch } = await latched(rig);
    await rig.resume();
    await rig.until('the release', () => rig.terminal.state().latch?.isOn === false);
    expect(rig.terminal.state().latch).toEqual({ epoch: epoch + 1, isOn: false });
    expect(rig.mode).toBe('TRADING');
    expect(await rig.open()).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toHaveLength(1);
  }),

  behaviour(
    'an order that the broker is working on when the kill comes is found and closed',
    async (rig) => {
      const order = rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' });
      await rig.dispatched(order.reqId);
      await rig.ask('KILL_SWITCH', {}, { reqId: 'kill' });
      await rig.reply(order);
      await rig.until('FLAT_VERIFIED', () => rig.audit.rows.some(({ type }) => type === 'FLAT_VERIFIED'));
      expect(await rig.truth.positions()).toEqual([]);
      expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
    },
    { latencyMs: 600 },
  ),

  behaviour(
    'orders that wait behind another when the kill comes are never sent',
    async (rig) => {
      const orders = Array.from({ length: 12 }, () =>
        rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' }),
      );
      await rig.dispatched(orders[0]?.reqId ?? '');
      await rig.ask('KILL_SWITCH', { flatten: 'none' });
      const replies = await Promise.all(orders.map((order) => rig.reply(order)));
      const done = replies.filter(({ status }) => status === 'SUCCESS').length;
      expect(done).toBeLessThanOrEqual(rig.terminal.concurrency);
      expect((await rig.truth.positions()).length).toBe(done);
      expect(replies.filter(({ code }) => code === 'KILL_SWITCH_ENGAGED').length).toBe(12 - done);
    },
    { latencyMs: 600 },
  ),

  behaviour('a flatten tries again what the broker refused at first', async (rig) => {
    await rig.opened();
    rig.market.next({ kind: 'refuse', retcode: 10006 }, { kind: 'refuse', retcode: 10004 });
    await rig.ask('KILL_SWITCH');
    await rig.until('an empty book', async () => (await rig.truth.positions()).length === 0);
    expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
  }),

  behaviour(
    'a flatten whose close is told lost but was executed closes once',
    async (rig) => {
      await rig.opened();
      rig.market.next({ kind: 'misreport', retcode: 10012 });
      await rig.ask('KILL_SWITCH');
      await rig.until('FLAT_VERIFIED', () => rig.audit.rows.some(({ type }) => type === 'FLAT_VERIFIED'));
      expect(await rig.truth.positions()).toEqual([]);
      expect((await rig.truth.deals()).map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
    },
    { marginMode: 'NETTING' },
  ),

  behaviour('a market that is closed blocks its ticket of the flatten, until it opens', async (rig) => {
    await rig.opened();
    await rig.opened({ symbol: 'USDJPY' });
    await rig.market.closeMarket('EURUSD');
    await rig.ask('KILL_SWITCH');
    await rig.until('the block', async () => {
      const { flatten, positions_closed: closed } = await rig.safety.killReport();
      return flatten === 'BLOCKED' && closed === 1;
    });
    await rig.market.openMarket('EURUSD');
    await rig.until('an empty book', async () => (await rig.truth.positions()).length === 0);
  }),
];
