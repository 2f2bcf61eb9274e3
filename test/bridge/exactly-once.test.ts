import { beforeAll, describe, expect, test } from 'vitest';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import { SimulatedClock } from '../fakes/simulated-clock.ts';
import type { BrokerFault } from '../mql5/broker/faults.ts';
import type { Sent } from '../scenarios/brain.ts';
import type { BehaviourRig } from './behaviour-rig.ts';
import { compiledProgram } from './bridge-adapter.ts';
import { type Live, withProgram } from './live-rig.ts';
import { COMPILED_WITHIN_MS, PLAYED_WITHIN_MS } from './live-terminal.ts';

const ID = 'order';
const BUY = { symbol: 'EURUSD', volume: 0.1, side: 'BUY' };
const isPending = { status: 'PENDING', code: 'OUTCOME_UNKNOWN', data: { state: 'UNKNOWN' } };
const isDone = { state: 'DONE', status: 'SUCCESS', data: { volume: 0.1 } };
const didNotHappen = { state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' };

const buy = (rig: BehaviourRig): Sent => rig.send('OPEN_ORDER', BUY, { reqId: ID });
const known = async (rig: BehaviourRig) => (await rig.ask('GET_COMMAND', { req_id: ID })).data;

/** What the command's rows tell of it, from its intent to its end. */
function course({ audit }: BehaviourRig): readonly string[] {
  const told = audit.rows.filter(({ reqId }) => reqId === ID).map(({ type, status }) => status ?? type);
  return told.filter((state, at) => state !== told[at - 1]);
}

/** It was recorded, sent, lost, and found out about. */
const foundOut = (end: 'DONE' | 'EXPIRED') => ['ACCEPTED', 'DISPATCHING', 'UNKNOWN', end, 'RECONCILED'];

/** The broker had the request once, and the account shows it so often. */
function expectExecuted({ terminal: { broker } }: Live, times: 0 | 1): void {
  expect(broker.requests).toHaveLength(1);
  expect(broker.deals).toHaveLength(times);
  expect(broker.positions.map(({ volumeLots }) => volumeLots)).toEqual(times === 1 ? [0.1] : []);
}

/** The same bytes again get the recorded reply, and send nothing. */
async function expectSpent({ rig, terminal }: Live, sent: Sent, reply: object): Promise<void> {
  const before = terminal.broker.requests.length;
  expect(await rig.reply(rig.again(sent))).toMatchObject({ ...reply, duplicate: true });
  expect(terminal.broker.requests).toHaveLength(before);
}

beforeAll(compiledProgram, COMPILED_WITHIN_MS);

describe.concurrent('a reply that is lost on its way', { timeout: PLAYED_WITHIN_MS }, () => {
  test.each(['received', 'executed'] as const)(
    'exactly once 14: the link breaks inside OrderSend, and what the program has recorded is the reply: %s',
    (moment) =>
      withProgram({ commandDeadlineMs: 15_000 }, async (live) => {
        const { rig, terminal, pipe } = live;
        const broken = terminal.atNextSend(moment, () => pipe.break());
        const sent = buy(rig);
        await broken;
        expect(await rig.reply(sent)).toMatchObject({ status: 'SUCCESS', data: { volume: 0.1 } });
        expect(course(rig)).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
        expectExecuted(live, 1);
        await expectSpent(live, sent, { status: 'SUCCESS' });
      }),
  );
});

describe.concurrent('the program is killed inside OrderSend', { timeout: PLAYED_WITHIN_MS }, () => {
  test.each<[string, BrokerFault, 'received' | 'executed', 0 | 1]>([
    ['before the broker executes, which it never does', { kind: 'silent', executed: false }, 'received', 0],
    ['before the broker executes, which it then does', { kind: 'none' }, 'received', 1],
    ['after the broker has executed', { kind: 'none' }, 'executed', 1],
  ])(
    'exactly once 15: a program that is killed inside OrderSend is asked when it is back: %s',
    (_when, fault, moment, times) =>
      withProgram({}, async (live) => {
        const { rig, terminal } = live;
        terminal.broker.next(fault);
        const killed = terminal.killAtNextSend(moment);
        const sent = buy(rig);
        await killed;
        expect(await rig.reply(sent)).toMatchObject(isPending);
        await expectSpent(live, sent, isPending);
        terminal.startProgram();
        expect(await rig.outcome(ID)).toMatchObject(times === 1 ? isDone : didNotHappen);
        expect(course(rig)).toEqual(foundOut(times === 1 ? 'DONE' : 'EXPIRED'));
        expectExecuted(live, times);
        await expectSpent(live, sent, { status: times === 1 ? 'SUCCESS' : 'ERROR' });
      }),
  );
});

describe.concurrent('the broker answers TIMEOUT', { timeout: PLAYED_WITHIN_MS }, () => {
  test('exactly once 16: TIMEOUT, but filled, is PENDING until its tag is found, and is one position', () =>
    withProgram({}, async (live) => {
      live.terminal.broker.next({ kind: 'misreport', retcode: RETCODE.TIMEOUT });
      const sent = buy(live.rig);
      expect(await live.rig.reply(sent)).toMatchObject(isPending);
      expect(await live.rig.outcome(ID)).toMatchObject(isDone);
      expect(course(live.rig)).toEqual(foundOut('DONE'));
      expectExecuted(live, 1);
      await expectSpent(live, sent, { status: 'SUCCESS' });
    }));

  test('exactly once 17: TIMEOUT, and not filled, is told once the history has shown nothing, and never done late', () =>
    withProgram({ settleMs: 500 }, async (live) => {
      live.terminal.broker.next({ kind: 'refuse', retcode: RETCODE.TIMEOUT });
      const sent = buy(live.rig);
      expect(await live.rig.reply(sent)).toMatchObject(isPending);
      await live.rig.pause(1_000);
      expect(await known(live.rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
      expect(await live.rig.outcome(ID)).toMatchObject(didNotHappen);
      expect(course(live.rig)).toEqual(foundOut('EXPIRED'));
      expectExecuted(live, 0);
      await expectSpent(live, sent, { code: 'TERMINAL_TIMEOUT' });
    }));
});

test.concurrent(
  'exactly once 18: an answer after 90 s finds a command that was PENDING, and settles it once',
  { timeout: PLAYED_WITHIN_MS },
  () => {
    const clock = new SimulatedClock();
    return withProgram({ clock }, async (live) => {
      const { rig, terminal, handler } = live;
      const answer = Promise.withResolvers<undefined>();
      const arrived = terminal.atNextSend('received', () => clock.advance(1_500).then(() => answer.promise));
      const sent = buy(rig);
      expect(await rig.reply(sent)).toMatchObject(isPending);
      await clock.advance(88_500);
      expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
      expect(rig.events.filter(({ event }) => event === 'COMMAND')).toEqual([]);
      answer.resolve(undefined);
      await arrived;
      await rig.until('the late answer', () => handler.stats().lateReplies > 0);
      await rig.until('the outcome', async () => {
        await clock.advance(50);
        return (await known(rig))['state'] === 'DONE';
      });
      expect(rig.events.filter(({ event }) => event === 'COMMAND')).toMatchObject([
        { data: { req_id: ID, ...isDone } },
      ]);
      expect(sent.replies).toBe(1);
      expect(course(rig)).toEqual(foundOut('DONE'));
      expectExecuted(live, 1);
      await expectSpent(live, sent, { status: 'SUCCESS' });
    });
  },
);

describe.concurrent('a broker that rewrites comments', { timeout: PLAYED_WITHIN_MS }, () => {
  test("exactly once 19: what the program has recorded is proof where the broker's comment is none", () => {
    const clock = new SimulatedClock();
    return withProgram({ clock }, async (live) => {
      const { rig, terminal, pipe } = live;
      terminal.broker.commentsRewritten = true;
      const cut = terminal.atNextSend('executed', () => pipe.cut());
      const sent = buy(rig);
      await cut;
      await rig.until('the lost link', () => !rig.terminal.state().linked);
      // Longer than the call waits for its program to come back.
      await clock.advance(11_000);
      expect(await rig.reply(sent)).toMatchObject(isPending);
      pipe.mend();
      await rig.until('the outcome', async () => {
        await clock.advance(50);
        return (await known(rig))['state'] === 'DONE';
      });
      expect(course(rig)).toEqual(foundOut('DONE'));
      expect(rig.audit.rows.at(-1)?.reason).toContain("the terminal program's own record");
      expectExecuted(live, 1);
    });
  });

  test.each([
    ['without its record, which is gone', true],
    ['with a record that says only that it began', false],
  ])('exactly once 19: a program that comes back %s proves nothing: a person decides', (_how, isLost) =>
    withProgram({}, async (live) => {
      const { rig, terminal } = live;
      terminal.broker.commentsRewritten = true;
      const killed = terminal.killAtNextSend('executed');
      const sent = buy(rig);
      await killed;
      if (isLost) terminal.loseRecord();
      terminal.startProgram();
      expect(await rig.reply(sent)).toMatchObject(isPending);
      await rig.until('the link', () => rig.terminal.state().linked);
      await rig.pause(3_000);
      expect(await known(rig)).toMatchObject({ state: 'UNKNOWN', status: 'PENDING' });
      expectExecuted(live, 1);
      await expectSpent(live, sent, isPending);
    }),
  );
});
