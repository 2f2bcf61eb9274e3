import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ScriptedGateway } from '../unit/mql5/scripted-gateway.ts';
import { compiledProgram } from './bridge-adapter.ts';
import { closeRequests, expectNeverOpposite } from './flatness.ts';
import { LinkedGateway } from './linked-gateway.ts';
import { COMPILED_WITHIN_MS, PLAYED_WITHIN_MS } from './live-terminal.ts';

const ID = 'order';
const BUY = { symbol: 'EURUSD', volume: 0.1, side: 'BUY' };
const FOREVER = '18446744073709551615';

/** An order that the gateway has written waits in the pipe of a program that stands still, and the gateway is gone. */
async function leaveOrder(linked: LinkedGateway, ttlMs: number): Promise<void> {
  const written = linked.pipe.atNextOrder(() => linked.terminal.freeze());
  const reply = linked.ask('OPEN_ORDER', BUY, { req_id: ID, ttl_ms: ttlMs });
  await written;
  await linked.crashGateway();
  expect(await reply).toBeNull();
}

/** How the order ended, once the next gateway has found out. */
async function end(linked: LinkedGateway): Promise<string> {
  await linked.until('the outcome', () => linked.course(ID).at(-1) === 'RECONCILED');
  return linked.course(ID).at(-2) ?? '';
}

beforeAll(compiledProgram, COMPILED_WITHIN_MS);

describe.concurrent('an order is left in the pipe by a gateway that was killed', { timeout: PLAYED_WITHIN_MS }, () => {
  test('exactly once 10: when the program goes on after its time it is never done, and the next gateway says so', () =>
    LinkedGateway.play({}, async (linked) => {
      const { broker } = linked.terminal;
      await leaveOrder(linked, 1_000);
      await pause(1_100);
      linked.terminal.thaw();
      expect(await linked.startGateway()).toBe('HALTED');
      expect(await end(linked)).toBe('EXPIRED');
      expect(linked.course(ID)).toEqual(['ACCEPTED', 'DISPATCHING', 'EXPIRED', 'RECONCILED']);
      const again = await linked.ask('GET_COMMAND', { req_id: ID });
      expect(again).toMatchObject({ data: { state: 'EXPIRED', code: 'TERMINAL_TIMEOUT' } });
      expect([broker.requests, broker.positions]).toEqual([[], []]);
    }));

  test('exactly once 10: when the program goes on in time it finds the gateway gone, and does not do it', () =>
    LinkedGateway.play({}, async (linked) => {
      const { broker } = linked.terminal;
      await leaveOrder(linked, 60_000);
      linked.terminal.thaw();
      expect(await linked.startGateway()).toBe('HALTED');
      expect(await end(linked)).toBe('EXPIRED');
      expect([broker.requests, broker.positions]).toEqual([[], []]);
    }));

  test('exactly once 10: when the next gateway waits for it already, the order of the dead one is not done either', () =>
    LinkedGateway.play({}, async (linked) => {
      const { broker } = linked.terminal;
      await leaveOrder(linked, 60_000);
      expect(await linked.startGateway()).toBe('HALTED');
      linked.terminal.thaw();
      expect(await end(linked)).toBe('EXPIRED');
      expect([broker.requests, broker.positions]).toEqual([[], []]);
      await linked.until('the latch', async () => (await linked.operator.status()).terminal.latched === true);
    }));

  test('exactly once 10: with a halt behind it in the pipe it is never done, and the program stays latched', () =>
    LinkedGateway.play({}, async (linked) => {
      const { broker } = linked.terminal;
      const written = linked.pipe.atNextOrder(() => linked.terminal.freeze());
      const order = linked.ask('OPEN_ORDER', BUY, { req_id: ID, ttl_ms: 60_000 });
      await written;
      expect(await linked.operator.kill()).toMatchObject({ mode: 'HALTED' });
      await linked.crashGateway();
      expect(await order).not.toMatchObject({ status: 'SUCCESS' });
      linked.terminal.thaw();
      await linked.terminal.program.waitForLine('halted at epoch');
      expect(await linked.startGateway()).toBe('HALTED');
      expect(await end(linked)).toBe('EXPIRED');
      await linked.stateWhen('FLAT', ({ flatten_phase: phase }) => phase === 'FLAT');
      expect([broker.requests, broker.positions]).toEqual([[], []]);
    }));
});

test.concurrent(
  'exactly once 12: a fill whose gateway was killed inside OrderSend is found by the next one',
  { timeout: PLAYED_WITHIN_MS },
  () =>
    LinkedGateway.play({}, async (linked) => {
      const { broker } = linked.terminal;
      const crashed = linked.terminal.atNextSend('received', () => linked.crashGateway());
      const reply = linked.ask('OPEN_ORDER', BUY, { req_id: ID });
      await crashed;
      expect(await reply).toBeNull();
      expect(await linked.startGateway()).toBe('HALTED');
      expect(await end(linked)).toBe('DONE');
      expect(linked.course(ID)).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE', 'RECONCILED']);
      await linked.resume();
      expect(await linked.ask('OPEN_ORDER', BUY, { req_id: ID })).toMatchObject({ status: 'SUCCESS', duplicate: true });
      expect(broker.requests).toHaveLength(1);
      expect(broker.positions).toMatchObject([{ volumeLots: 0.1 }]);
    }),
);

describe.concurrent('a halt and what is under way', { timeout: PLAYED_WITHIN_MS }, () => {
  test.each(['received', 'executed'] as const)(
    'kill switch 33: a gateway that is killed in the middle of a flatten goes on with it when it is back: %s',
    (moment) =>
      LinkedGateway.play({ marginMode: 'HEDGING' }, async (linked) => {
        const { broker } = linked.terminal;
        for (let n = 0; n < 3; n += 1) expect(await linked.ask('OPEN_ORDER', BUY)).toMatchObject({ status: 'SUCCESS' });
        const crashed = linked.terminal.atNextSend(moment, () => linked.crashGateway());
        void linked.ask('KILL_SWITCH');
        await crashed;
        await linked.until('the close under way', () => broker.positions.length === 2);
        await pause(300);
        expect(closeRequests(broker)).toHaveLength(1);
        expect(await linked.startGateway()).toBe('HALTED');
        await linked.stateWhen('FLAT', ({ flatten_phase: phase }) => phase === 'FLAT');
        expect(broker.positions).toEqual([]);
        expect(closeRequests(broker)).toHaveLength(3);
        expectNeverOpposite(broker);
      }),
  );

  test('kill switch 33: the latch outlives gateway and program: a program that is alone refuses to open, and closes', () =>
    LinkedGateway.play({}, async (linked) => {
      const { terminal } = linked;
      expect(await linked.ask('OPEN_ORDER', BUY)).toMatchObject({ status: 'SUCCESS' });
      await linked.ask('KILL_SWITCH', { flatten: 'none' });
      await linked.until('the latch', async () => (await linked.operator.status()).terminal.latched === true);
      const { epoch } = (await linked.operator.status()).state;
      await linked.crashGateway();
      await terminal.kill();
      rmSync(linked.pipePath, { force: true });
      const other = await new ScriptedGateway('welcome | 1 | 9.9.9 | another | 0', { path: linked.pipePath }).listen();
      try {
        terminal.startProgram();
        const state = await other.line(([kind]) => kind === 'state');
        expect(state.slice(-2)).toEqual([String(epoch), '1']);
        const send = (command: string, at: number) =>
          `send | ${command} | ${at} | ${FOREVER} | EURUSD | BUY | MARKET | 0.1 | 0 | 0 | 0 | 20 | 1 | | 0`;
        expect((await other.ask(send('a', epoch))).end).toEqual(['fenced', `the terminal is halted at epoch ${epoch}`]);
        expect((await other.ask(send('b', epoch + 1))).end[0]).toBe('fenced');
        expect((await other.ask(send('c', epoch - 1))).end[0]).toBe('fenced');
        expect(terminal.broker.requests).toHaveLength(1);
        const { ticket } = terminal.broker.positions[0]!;
        const close = `close | d | ${epoch} | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 1 | `;
        expect((await other.ask(close)).end.slice(0, 2)).toEqual(['done', '10009']);
      } finally {
        await other.stop();
      }
    }));
});
