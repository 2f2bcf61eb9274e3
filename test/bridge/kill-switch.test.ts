import { beforeAll, describe, expect, test } from 'vitest';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import type { NewOrder } from '../../main/mt5/market.ts';
import type { BehaviourRig } from './behaviour-rig.ts';
import { compiledProgram } from './bridge-adapter.ts';
import { closeRequests, expectFlat, expectNeverOpposite, isCalledFlat } from './flatness.ts';
import { withProgram } from './live-rig.ts';
import { COMPILED_WITHIN_MS, PLAYED_WITHIN_MS } from './live-terminal.ts';

const BUY = { symbol: 'EURUSD', volume: 0.1, side: 'BUY' };
const ORDER: NewOrder = {
  ...{ symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1 },
  ...{ deviationPoints: 20, magic: 1n, comment: '' },
};
const MINUTE_MS = 60_000;
const ENGAGED = { status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' };

const buy = (rig: BehaviourRig, reqId: string) => rig.send('OPEN_ORDER', BUY, { reqId });
const phase = ({ safety }: BehaviourRig) => safety.state().flattenPhase;
const states = ({ audit }: BehaviourRig, reqId: string) =>
  audit.rows.flatMap((row) => (row.reqId === reqId && row.status !== undefined ? [row.status] : []));

beforeAll(compiledProgram, COMPILED_WITHIN_MS);

describe.concurrent('an order on its way to the broker when KILL comes', { timeout: PLAYED_WITHIN_MS }, () => {
  test('kill switch 05: an order that passed the last gate of the gateway is fenced by the program', () =>
    withProgram({ commandDeadlineMs: 8_000 }, async ({ rig, terminal, pipe }) => {
      const written = pipe.atNextOrder(() => terminal.freeze());
      const order = buy(rig, 'order');
      await written;
      const kill = rig.send('KILL_SWITCH', {}, { reqId: 'kill' });
      await rig.until('the halt', () => rig.mode === 'HALTED');
      terminal.thaw();
      const reply = await rig.reply(order);
      expect(reply).toMatchObject(ENGAGED);
      // The terminal's own words: the epoch of the halt reached it with the order, and counted first.
      expect(reply.error).toMatch(/than the terminal's|the terminal is halted/);
      expect(states(rig, 'order')).toEqual(['ACCEPTED', 'DISPATCHING', 'FENCED']);
      await rig.reply(kill);
      await rig.until('FLAT_VERIFIED', () => isCalledFlat(rig));
      expect(terminal.broker.requests).toEqual([]);
    }));

  test('kill switch 05: of orders behind one that the broker works on none is sent, and that one is closed', () =>
    withProgram({ commandDeadlineMs: 8_000 }, async (live) => {
      const { rig, terminal } = live;
      terminal.broker.next({ kind: 'delay', delayMs: 700 });
      const received = terminal.atNextSend('received', () => {});
      const orders = ['a', 'b', 'c', 'd'].map((reqId) => buy(rig, reqId));
      await received;
      await rig.ask('KILL_SWITCH');
      const later = buy(rig, 'e');
      const replies = await Promise.all([...orders, later].map((order) => rig.reply(order)));
      expect(replies[0]).toMatchObject({ status: 'SUCCESS' });
      for (const reply of replies.slice(1)) expect(reply).toMatchObject(ENGAGED);
      await expectFlat(live);
      expect(terminal.broker.requests).toHaveLength(2);
      expectNeverOpposite(terminal.broker);
    }));

  test('kill switch 05: an order of an older epoch is fenced by the program also when it is not halted', () =>
    withProgram({}, async ({ rig, terminal, handler }) => {
      await rig.ask('KILL_SWITCH', { flatten: 'none' });
      await rig.until('the latch', () => handler.state().latch?.isOn === true);
      const { epoch } = rig.safety.state();
      await rig.resume();
      await rig.until('the release', () => handler.state().latch?.isOn === false);
      const fence = { epoch, validUntilMonoMs: rig.nowMonoMs() + MINUTE_MS };
      const outcome = await handler.send(ORDER, fence);
      expect(outcome).toEqual({
        kind: 'fenced',
        message: `epoch ${epoch} is older than the terminal's ${epoch + 1}`,
      });
      expect(terminal.broker.requests).toEqual([]);
      expect(await handler.send(ORDER, { ...fence, epoch: epoch + 1 })).toMatchObject({ kind: 'answered' });
      expect(terminal.broker.requests).toHaveLength(1);
    }));
});

test.concurrent(
  'kill switch 06: HALT is acked when a 3 s OrderSend returns, its fill is found and closed, and only then it is flat',
  { timeout: PLAYED_WITHIN_MS },
  () =>
    withProgram({ watched: true }, async (live) => {
      const { rig, terminal, handler } = live;
      const ended = Promise.withResolvers<undefined>();
      const received = Promise.withResolvers<undefined>();
      void terminal.atNextSend('received', () => {
        received.resolve(undefined);
        return ended.promise;
      });
      const order = buy(rig, 'order');
      await received.promise;
      const threeSeconds = rig.pause(3_000);
      const kill = rig.send('KILL_SWITCH', {}, { reqId: 'kill' });
      expect(rig.mode).toBe('HALTED');
      const { data } = await rig.reply(kill);
      // The program is inside OrderSend and reads nothing: the account is not known, and not called empty.
      expect(data).toMatchObject({ mode: 'HALTED', positions_closed: 0 });
      expect(['FLATTENING', 'BLOCKED']).toContain(data['flatten']);
      expect(await rig.reply(order)).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
      expect(await rig.reply(buy(rig, 'late'))).toMatchObject(ENGAGED);
      await threeSeconds;
      expect(handler.state().latch?.isOn).toBe(false);
      expect(isCalledFlat(rig)).toBe(false);
      ended.resolve(undefined);
      await rig.until('the ack', () => handler.state().latch?.isOn);
      expect(await rig.outcome('order')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
      await expectFlat(live);
      expect(terminal.broker.requests).toHaveLength(2);
      expectNeverOpposite(terminal.broker);
    }),
);

describe.concurrent('an order whose outcome is not known when KILL comes', { timeout: PLAYED_WITHIN_MS }, () => {
  test.each([
    ['and that did not happen', 'refuse', 'EXPIRED', 0],
    ['and that was filled', 'misreport', 'DONE', 1],
  ] as const)(
    'kill switch 07: with an UNKNOWN order the account is not called flat before its outcome is known: %s',
    (_what, kind, end, closes) =>
      withProgram({ settleMs: kind === 'refuse' ? 500 : 0 }, async (live) => {
        const { rig, terminal } = live;
        terminal.broker.next({ kind, retcode: RETCODE.TIMEOUT });
        expect(await rig.reply(buy(rig, 'order'))).toMatchObject({ status: 'PENDING' });
        await rig.ask('KILL_SWITCH');
        await rig.until('the outcome', () => {
          const isKnown = states(rig, 'order').includes(end);
          if (!isKnown) expect(phase(rig)).not.toBe('FLAT');
          return isKnown;
        });
        await expectFlat(live);
        expect(closeRequests(terminal.broker)).toHaveLength(closes);
        expectNeverOpposite(terminal.broker);
      }),
  );
});
