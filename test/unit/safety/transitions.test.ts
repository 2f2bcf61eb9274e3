import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLATTEN_SCOPES } from '../../../main/protocol/payloads.ts';
import { CAUSE_KINDS, MODES, type Trigger } from '../../../main/safety/trading-state.ts';
import {
  atEpoch,
  beat,
  clearCause,
  initialState,
  isLatched,
  MAX_CAUSES,
  raise,
  resumed,
  startedUp,
  type MachineState,
} from '../../../main/safety/transitions.ts';
import { kill } from './rig.ts';

const NOW = 1_700_000_000_000;
const trading = startedUp(initialState(NOW, 1), NOW);
const suspend = (change: Partial<Trigger> = {}): Trigger =>
  kill({ kind: 'TERMINAL', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', reason: 'link down', ...change });
const beats = (state: MachineState, count: number): MachineState =>
  Array.from({ length: count }).reduce<MachineState>((at) => beat(at, NOW), state);

describe('the trading state', () => {
  test('begins suspended and trades once start-up is complete, without waiting for a beat', () => {
    expect(initialState(NOW, 4)).toMatchObject({ mode: 'SUSPENDED', epoch: 4, causes: [{ kind: 'STARTING' }] });
    expect(trading).toMatchObject({ mode: 'TRADING', causes: [] });
  });

  test('stays suspended after start-up while something else asks for it', () => {
    expect(startedUp(raise(initialState(NOW, 1), suspend(), NOW), NOW)).toMatchObject({
      mode: 'SUSPENDED',
      causes: [{ kind: 'TERMINAL' }],
    });
  });

  test('counts the epoch up when it leaves TRADING and on a resume, and at no other change', () => {
    const suspended = raise(trading, suspend(), NOW);
    const halted = raise(suspended, kill({ flatten: 'none' }), NOW);
    const widened = raise(halted, kill(), NOW);
    expect([suspended, halted, widened].map(({ epoch }) => epoch)).toEqual([2, 2, 2]);
    expect(resumed(widened, 3, NOW).epoch).toBe(3);
    expect(resumed(widened, 2, NOW).epoch).toBe(3);
    expect(atEpoch(halted, 1)).toBe(halted);
  });

  test('a halt then a flatten widens', () => {
    const state = raise(raise(trading, kill({ flatten: 'none' }), NOW), kill(), NOW);
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'account', flattenPhase: 'FLATTENING' });
  });

  test('a flatten then a halt never narrows', () => {
    const state = raise(raise(trading, kill(), NOW), kill({ flatten: 'none' }), NOW);
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'account', flattenPhase: 'FLATTENING' });
  });

  test('whoever asks to close positions halts, whatever mode he names', () => {
    expect(raise(trading, suspend({ flatten: 'gateway' }), NOW).mode).toBe('HALTED');
  });

  test('says since when the mode holds, not since when it was asked for last', () => {
    const halted = raise(trading, kill(), NOW + 5);
    expect(raise(halted, kill({ actor: 'beta' }), NOW + 9).sinceMs).toBe(NOW + 5);
  });

  test('a resume leaves nothing behind', () => {
    const state = resumed(raise(trading, kill(), NOW), 9, NOW + 1);
    expect(state).toMatchObject({ mode: 'TRADING', flatten: 'none', flattenPhase: 'NONE', causes: [], recorded: true });
  });
});

describe('causes', () => {
  test('are all kept, the same one once with a count', () => {
    const state = [kill(), kill({ actor: 'beta' }), kill()].reduce((at, trigger) => raise(at, trigger, NOW), trading);
    expect(state.causes.map(({ actor, count }) => [actor, count])).toEqual([
      ['alpha', 2],
      ['beta', undefined],
    ]);
  });

  test('stay bounded, and one that still holds is never lost by it', () => {
    let state = trading;
    for (let n = 0; n < 3 * MAX_CAUSES; n += 1) state = raise(state, kill({ reason: `reason ${n}` }), NOW);
    state = raise(state, kill({ kind: 'HALT_FILE', standing: true, reason: 'file' }), NOW);
    state = raise(state, kill({ kind: 'HALT_FILE', standing: false, reason: 'another' }), NOW);
    expect(state.causes.length).toBeLessThanOrEqual(MAX_CAUSES + CAUSE_KINDS.length);
    expect(state.causes.filter(({ standing }) => standing)).toMatchObject([{ kind: 'HALT_FILE' }]);
  });

  test('of SUSPENDED hold until they are cleared, of a latched mode only where the trigger says so', () => {
    expect(raise(trading, suspend(), NOW).causes[0]?.standing).toBe(true);
    expect(raise(trading, kill(), NOW).causes[0]?.standing).toBe(false);
    expect(raise(trading, kill({ standing: true }), NOW).causes[0]?.standing).toBe(true);
  });

  test('that are gone are still shown while the mode is latched', () => {
    const state = clearCause(raise(trading, kill({ kind: 'HALT_FILE', standing: true }), NOW), 'HALT_FILE');
    expect(state).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'HALT_FILE', standing: false }] });
  });
});

describe('SUSPENDED', () => {
  test('ends on the third beat after its cause is gone, and not on the second', () => {
    const quiet = clearCause(raise(trading, suspend(), NOW), 'TERMINAL');
    expect(beats(quiet, 2).mode).toBe('SUSPENDED');
    expect(beats(quiet, 3)).toMatchObject({ mode: 'TRADING', causes: [], epoch: 2 });
  });

  test('does not end while a cause holds', () => {
    expect(beats(raise(trading, suspend(), NOW), 10).mode).toBe('SUSPENDED');
  });

  test('counts from the beginning when a cause comes back', () => {
    const quiet = beats(clearCause(raise(trading, suspend(), NOW), 'TERMINAL'), 2);
    const again = clearCause(raise(quiet, suspend(), NOW), 'TERMINAL');
    expect(beats(again, 2).mode).toBe('SUSPENDED');
  });

  test.each(['HALTED', 'REDUCE_ONLY'] as const)('is the only mode that ends by itself: %s does not', (mode) => {
    expect(beats(raise(trading, kill({ mode, flatten: 'none' }), NOW), 10).mode).toBe(mode);
  });
});

const triggers: fc.Arbitrary<Trigger> = fc.record({
  kind: fc.constantFrom(...CAUSE_KINDS),
  mode: fc.constantFrom('SUSPENDED', 'REDUCE_ONLY', 'HALTED'),
  flatten: fc.constantFrom(...FLATTEN_SCOPES),
  actor: fc.constantFrom('alpha', 'beta', 'gateway'),
  reason: fc.constantFrom('one', 'two'),
});
const lattice = ({ mode, flatten }: MachineState) => ({ mode, flatten });

describe('eight triggers at once', () => {
  test('kill switch 08: up to eight triggers of any kind come to one final state in every order, also when repeated', () => {
    fc.assert(
      fc.property(
        fc
          .array(triggers, { minLength: 1, maxLength: 8 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const run = (list: readonly Trigger[]) => list.reduce((at, trigger) => raise(at, trigger, NOW), trading);
          expect(lattice(run(shuffled))).toEqual(lattice(run(all)));
          expect(lattice(run([...all, ...all]))).toEqual(lattice(run(all)));
        },
      ),
    );
  });

  test('and whatever comes between, only SUSPENDED ever falls, and the epoch never does', () => {
    const steps = fc.oneof(
      triggers.map((trigger) => (state: MachineState) => raise(state, trigger, NOW)),
      fc.constantFrom(...CAUSE_KINDS).map((kind) => (state: MachineState) => clearCause(state, kind)),
      fc.constant((state: MachineState) => beat(state, NOW)),
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (sequence) => {
        sequence.reduce((before, step) => {
          const after = step(before);
          expect(after.epoch).toBeGreaterThanOrEqual(before.epoch);
          expect(FLATTEN_SCOPES.indexOf(after.flatten)).toBeGreaterThanOrEqual(FLATTEN_SCOPES.indexOf(before.flatten));
          if (isLatched(before.mode))
            expect(MODES.indexOf(after.mode)).toBeGreaterThanOrEqual(MODES.indexOf(before.mode));
          if (after.flatten !== 'none') expect(after.mode).toBe('HALTED');
          return after;
        }, trading);
      }),
    );
  });
});
