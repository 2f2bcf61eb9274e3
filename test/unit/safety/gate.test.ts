import { describe, expect, test } from 'vitest';
import type { Action } from '../../../main/protocol/actions.ts';
import { gate } from '../../../main/safety/gate.ts';
import type { Mode } from '../../../main/safety/trading-state.ts';
import { initialState, raise, startedUp, type MachineState } from '../../../main/safety/transitions.ts';
import { kill } from './rig.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const trading = startedUp(initialState(NOW, 1), NOW);
const inMode = (mode: Mode): MachineState =>
  mode === 'TRADING' ? trading : raise(trading, kill({ mode, flatten: 'none', reason: 'daily loss' }), NOW);

type Code = string | null;
/** Action, and what each mode answers: TRADING, SUSPENDED, REDUCE_ONLY, HALTED. */
const TABLE: readonly (readonly [Action, Code, Code, Code, Code])[] = [
  ['OPEN_ORDER', null, 'TRADING_SUSPENDED', 'REDUCE_ONLY', 'KILL_SWITCH_ENGAGED'],
  ['MODIFY_ORDER', null, 'TRADING_SUSPENDED', 'REDUCE_ONLY', 'KILL_SWITCH_ENGAGED'],
  ['CLOSE_POSITION', null, null, null, 'KILL_SWITCH_ENGAGED'],
  ['CLOSE_ALL', null, null, null, 'KILL_SWITCH_ENGAGED'],
  ['CANCEL_ORDER', null, null, null, 'KILL_SWITCH_ENGAGED'],
  ['MODIFY_POSITION', null, null, null, 'KILL_SWITCH_ENGAGED'],
  ['HEARTBEAT', null, null, null, null],
  ['GET_POSITIONS', null, null, null, null],
  ['BYE', null, null, null, null],
  ['KILL_SWITCH', null, null, null, null],
];

describe('the gate', () => {
  test.each(TABLE)('%s: TRADING %s, SUSPENDED %s, REDUCE_ONLY %s, HALTED %s', (action, ...codes) => {
    const modes = ['TRADING', 'SUSPENDED', 'REDUCE_ONLY', 'HALTED'] as const;
    expect(modes.map((mode) => gate(inMode(mode), action)?.code ?? null)).toEqual(codes);
  });

  test('says why, who, since when and how it ends', () => {
    const state = raise(inMode('HALTED'), kill({ actor: 'beta', flatten: 'none' }), NOW + 60_000);
    expect(gate(state, 'OPEN_ORDER')?.message).toBe(
      'trading is halted since 2026-01-05T12:00:00.000Z by alpha: daily loss (and 1 more); ' +
        'resume with: mt5-fabric --resume --reason "…"',
    );
  });

  test('names the cause that asked for the mode, not one that asked for less', () => {
    const suspended = raise(trading, kill({ mode: 'SUSPENDED', flatten: 'none', reason: 'link down' }), NOW);
    const message = gate(raise(suspended, kill({ reason: 'panic' }), NOW), 'OPEN_ORDER')?.message;
    expect(message).toContain('panic');
    expect(message).not.toContain('link down');
  });

  test('promises no command for what ends by itself', () => {
    const message = gate(inMode('SUSPENDED'), 'OPEN_ORDER')?.message;
    expect(message).toContain('goes on by itself');
    expect(message).not.toContain('--resume');
  });
});
