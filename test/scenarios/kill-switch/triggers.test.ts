import { expect, test } from 'vitest';
import { HALT_FILE_TRIGGER } from '../../../main/safety/halt-file.ts';
import type { TradingState, Trigger } from '../../../main/safety/trading-state.ts';
import { initialState, type MachineState, raise, startedUp } from '../../../main/safety/transitions.ts';
import { FabricRig } from '../fabric-rig.ts';
import { closesOf, expectFlat, expectNotFlat } from './flatness.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 12);

/** One trigger of each strength, from eight sources. */
const TRIGGERS: readonly Trigger[] = [
  { kind: 'WIRE', mode: 'HALTED', flatten: 'none', actor: 'alpha', reason: 'halt' },
  { kind: 'WIRE', mode: 'HALTED', flatten: 'account', actor: 'beta', reason: 'halt and close all' },
  { kind: 'OPERATOR', mode: 'HALTED', flatten: 'gateway', actor: 'operator', reason: 'our own positions' },
  HALT_FILE_TRIGGER,
  { kind: 'LEASE', mode: 'SUSPENDED', flatten: 'none', actor: 'gamma', reason: 'silent' },
  { kind: 'LIMIT', mode: 'REDUCE_ONLY', flatten: 'none', actor: 'gateway', reason: 'daily loss' },
  { kind: 'AUTOTRADING', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', reason: 'switched off' },
  { kind: 'EXCEPTION', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason: 'a bug' },
];

/** What a state comes to, whatever the order of its causes. */
function essence({ mode, flatten, flattenPhase, epoch, causes }: TradingState): string {
  const named = causes.map(({ kind, actor, mode: asked, standing }) => `${kind} ${actor} ${asked} ${standing}`);
  return JSON.stringify({ mode, flatten, flattenPhase, epoch, causes: named.sort() });
}

/** The essence of every state that the triggers lead to from `state`, one after the other in every order. */
function everyEnd(state: MachineState, triggers: readonly Trigger[], seen: Map<string, number>): Map<string, number> {
  if (triggers.length === 0) seen.set(essence(state), (seen.get(essence(state)) ?? 0) + 1);
  for (const trigger of triggers) {
    const others = triggers.filter((other) => other !== trigger);
    everyEnd(raise(state, trigger, NOW_MS), others, seen);
  }
  return seen;
}

test('kill switch 08: eight triggers come to one final state in each of their 40,320 orders', () => {
  const trading = startedUp(initialState(NOW_MS, 1), NOW_MS);
  const ends = everyEnd(trading, TRIGGERS, new Map());
  expect([...ends.values()]).toEqual([40_320]);
  expect([...ends.keys()][0]).toContain('"mode":"HALTED","flatten":"account","flattenPhase":"FLATTENING","epoch":2');
});

/** The same eight at a whole gateway, each from where it comes in earnest as far as that can be done in one turn. */
const PULLS: readonly ((rig: FabricRig) => unknown)[] = [
  (rig) => rig.brain('alpha').send('KILL_SWITCH', { flatten: 'none' }),
  (rig) => rig.brain('beta').send('KILL_SWITCH', { reason: 'halt and close all' }),
  (rig) => rig.safety.raise(TRIGGERS[2]!),
  (rig) => rig.safety.raise(HALT_FILE_TRIGGER),
  (rig) => rig.safeguards.leases.expireAll('gamma is silent'),
  (rig) => rig.safety.raise(TRIGGERS[5]!),
  (rig) => rig.inject({ switchesOff: ['TERMINAL_TRADE_ALLOWED'] }),
  (rig) => {
    rig.audit.failNext();
    void rig.audit.append([]);
  },
];

/** Each of the eight is the first once and the last once, among any others. */
const SAMPLE = PULLS.flatMap((_pull, at) => {
  const turned = [...PULLS.slice(at), ...PULLS.slice(0, at)];
  return [turned, turned.toReversed()];
});

test('kill switch 08: eight triggers in one turn bring a whole gateway to one final state, whichever is first or last', async () => {
  const ends = new Set<string>();
  for (const pulls of SAMPLE) {
    const rig = await FabricRig.start();
    const gamma = rig.brain('gamma');
    gamma.send('HEARTBEAT', { lease_s: 600, on_expiry: 'suspend' });
    gamma.open();
    await rig.settle();
    await rig.openByHand({ symbol: 'XAUUSD' });
    expect(await rig.positions()).toHaveLength(2);
    for (const pull of pulls) pull(rig);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account', epoch: 2 });
    const late = gamma.open();
    await rig.advance(2_000);
    expect(late.answer.code).toBe('KILL_SWITCH_ENGAGED');
    rig.inject({ switchesOff: [] });
    await rig.advance(20_000);
    await expectFlat(rig);
    expect(rig.token.content).toBeNull();
    expect(rig.written('halt').at(-1)).toEqual([2]);
    expect(rig.safety.state().recorded).toBe(true);
    ends.add(essence(rig.safety.state()));
  }
  expect([...ends]).toHaveLength(1);
  expect(SAMPLE).toHaveLength(16);
});

test('kill switch 09: KILL with the same req_id is a kill each time, never a duplicate', async () => {
  const rig = await FabricRig.start();
  const alpha = rig.brain('alpha');
  alpha.open();
  await rig.settle();
  const first = alpha.send('KILL_SWITCH', {}, { reqId: 'kill' });
  await rig.advance(3_000);
  expect(first.answer.data).toMatchObject({ positions_closed: 1, flatten: 'EMPTY' });
  await expectFlat(rig);
  await rig.openByHand();
  const second = alpha.again(first);
  await rig.settle();
  expect(second.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', epoch: 2, positions_closed: 1 } });
  expect(second.answer.duplicate).toBeUndefined();
  expect(await rig.positions()).toEqual([]);
  expect(rig.rows().filter((type) => type === 'KILL_TRIGGER')).toHaveLength(2);
});

test('kill switch 09: KILL with a new req_id while the first is at work is answered by itself and closes nothing twice', async () => {
  const rig = await FabricRig.start({ paper: { latencyMs: 200 } });
  rig.brain('alpha').open();
  await rig.advance(200);
  const [alpha, beta] = [rig.brain('alpha'), rig.brain('beta')];
  const kills = [alpha.send('KILL_SWITCH'), beta.send('KILL_SWITCH')];
  await rig.advance(100);
  kills.push(alpha.send('KILL_SWITCH'));
  await rig.advance(5_000);
  for (const { answer, replies } of kills) {
    expect(answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', epoch: 2, flatten: 'EMPTY' } });
    expect(replies).toBe(1);
  }
  expect(closesOf(rig)).toHaveLength(1);
  expect(rig.rows().filter((type) => type === 'KILL_TRIGGER')).toHaveLength(3);
  expect(rig.rows().filter((type) => type === 'FLATTEN_STARTED')).toHaveLength(1);
  await expectFlat(rig);
});

test('kill switch 10: a halt that keeps positions and then a flatten closes them, in one epoch', async () => {
  const rig = await FabricRig.start();
  rig.brain('alpha').open();
  await rig.settle();
  rig.brain('alpha').send('KILL_SWITCH', { flatten: 'none' });
  await rig.advance(10_000);
  expect(await rig.positions()).toHaveLength(1);
  expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none', flattenPhase: 'NONE', epoch: 2 });
  const flatten = rig.brain('beta').send('KILL_SWITCH');
  await rig.advance(3_000);
  expect(flatten.answer.data).toMatchObject({ epoch: 2, positions_closed: 1, flatten: 'EMPTY' });
  await expectFlat(rig);
});

test('kill switch 10: the wider flatten outlives a crash that comes right after it', async () => {
  const rig = await FabricRig.start();
  rig.brain('alpha').open();
  await rig.settle();
  rig.inject({ closedMarkets: ['EURUSD'] });
  rig.brain('alpha').send('KILL_SWITCH', { flatten: 'none' });
  await rig.settle();
  rig.brain('beta').send('KILL_SWITCH');
  await rig.settle();
  const next = await rig.restarted();
  await next.advance(5_000);
  expect(next.safety.state().flatten).toBe('account');
  await expectFlat(next);
});

test('kill switch 11: a flatten and then a halt that keeps positions goes on flattening', async () => {
  const rig = await FabricRig.start();
  const alpha = rig.brain('alpha');
  alpha.open();
  alpha.open({ symbol: 'XAUUSD' });
  await rig.settle();
  rig.inject({ closedMarkets: ['XAUUSD'] });
  alpha.send('KILL_SWITCH');
  await rig.advance(2_000);
  const halt = rig.brain('beta').send('KILL_SWITCH', { flatten: 'none' });
  rig.safety.raise(HALT_FILE_TRIGGER);
  await rig.advance(2_000);
  expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account', epoch: 2 });
  expect(halt.answer.data).toMatchObject({ total_positions: 2, positions_closed: 1 });
  expect(await rig.positions()).toHaveLength(1);
  expectNotFlat(rig);
  rig.inject({ closedMarkets: [] });
  await rig.advance(15_000);
  await expectFlat(rig);
});

test('kill switch 11: a flatten and then a halt that keeps positions is a flatten again after a crash', async () => {
  const rig = await FabricRig.start();
  rig.brain('alpha').open();
  await rig.settle();
  rig.inject({ closedMarkets: ['EURUSD'] });
  rig.brain('alpha').send('KILL_SWITCH');
  await rig.settle();
  rig.brain('beta').send('KILL_SWITCH', { flatten: 'none' });
  await rig.settle();
  const next = await rig.restarted();
  await next.advance(5_000);
  expect(next.safety.state().flatten).toBe('account');
  await expectFlat(next);
});
