import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { ticketOf } from '../behaviour-rig.ts';

const executed = { kind: 'lose', executed: true } as const;
const notExecuted = { kind: 'lose', executed: false } as const;

/** Answers that never come: what happened is found out, and nothing is done twice. */
export const LOSING = [
  behaviour('an order whose answer is lost but that was executed is found, and opened once', async (rig) => {
    rig.market.next(executed);
    const reply = await rig.open({ comment: 'lost' }, { reqId: 'order' });
    expect(reply).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    const outcome = await rig.outcome('order');
    expect(outcome).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: { volume: 0.1 } });
    const positions = await rig.truth.positions();
    expect(positions.map(({ ticket }) => ticket)).toEqual([ticketOf(outcome as never)]);
    expect(rig.truth.requests()).toBe(1);
  }),

  behaviour('an order whose answer is lost and that was not executed is told not to have happened', async (rig) => {
    rig.market.next(notExecuted);
    expect(await rig.open({}, { reqId: 'order' })).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(await rig.outcome('order')).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 1]);
  }),

  ...(['HEDGING', 'NETTING'] as const).flatMap((marginMode) => [
    behaviour(
      `a close whose answer is lost but that was executed is found, and closes once: ${marginMode}`,
      async (rig) => {
        const ticket = await rig.opened();
        rig.market.next(executed);
        expect(await rig.ask('CLOSE_POSITION', { ticket }, { reqId: 'close' })).toMatchObject({ status: 'PENDING' });
        expect(await rig.outcome('close')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
        expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 2]);
      },
      { marginMode },
    ),
    behaviour(
      `a close whose answer is lost and that was not executed leaves the position: ${marginMode}`,
      async (rig) => {
        const ticket = await rig.opened();
        rig.market.next(notExecuted);
        expect(await rig.ask('CLOSE_POSITION', { ticket }, { reqId: 'close' })).toMatchObject({ status: 'PENDING' });
        expect(await rig.outcome('close')).toMatchObject({ state: 'EXPIRED', status: 'ERROR' });
        expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 2]);
      },
      { marginMode },
    ),
  ]),

  behaviour('a pending order whose answer is lost but that was placed is found', async (rig) => {
    rig.market.next(executed);
    expect(await rig.open({ type: 'LIMIT', price: 1.05 }, { reqId: 'order' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('order')).toMatchObject({ state: 'PLACED', status: 'SUCCESS' });
    expect([(await rig.truth.orders()).length, rig.truth.requests()]).toEqual([1, 1]);
  }),

  behaviour('a cancellation whose answer is lost but that was made is found', async (rig) => {
    const ticket = ticketOf(await rig.open({ type: 'LIMIT', price: 1.05 }));
    rig.market.next(executed);
    expect(await rig.ask('CANCEL_ORDER', { ticket }, { reqId: 'cancel' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('cancel')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
    expect([await rig.truth.orders(), rig.truth.requests()]).toEqual([[], 2]);
  }),

  behaviour('changed stops whose answer is lost but that were set are found', async (rig) => {
    const ticket = await rig.opened();
    rig.market.next(executed);
    const change = { ticket, sl: 1.09 };
    expect(await rig.ask('MODIFY_POSITION', change, { reqId: 'change' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('change')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
    expect(await rig.truth.positions()).toMatchObject([{ sl: 1.09 }]);
  }),

  behaviour('CLOSE_ALL of which one answer is lost finds out, and closes each once', async (rig) => {
    await rig.opened();
    await rig.opened();
    rig.market.next(executed);
    expect(await rig.ask('CLOSE_ALL', {}, { reqId: 'all' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('all')).toMatchObject({ state: 'DONE', data: { positions_closed: 2 } });
    expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 4]);
  }),

  behaviour(
    'the same request again while its outcome is unknown sends nothing, and later gives the outcome',
    async (rig) => {
      rig.market.next(executed);
      const sent = rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' }, { reqId: 'order' });
      await rig.reply(sent);
      await rig.reply(rig.again(sent));
      await rig.outcome('order');
      expect(await rig.reply(rig.again(sent))).toMatchObject({ status: 'SUCCESS', duplicate: true });
      expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 1]);
    },
  ),

  behaviour(
    'a command that takes longer than the deadline is PENDING, then told when the answer comes',
    async (rig) => {
      const reply = await rig.open({}, { reqId: 'slow' });
      expect(reply).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
      expect(await rig.outcome('slow')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
      expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 1]);
    },
    { latencyMs: 600, commandDeadlineMs: 200 },
  ),
];
