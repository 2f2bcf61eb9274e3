import { expect, it } from 'vitest';
import type { Hearing, StateView } from '../../../main/control/contract.ts';
import { causesInOrder, modeView, needsResume } from '../../../renderer/shell/mode-view.ts';
import { haltedState, tradingState } from '../values.ts';

const trading = tradingState.state;
const halted: StateView = { ...trading, mode: 'HALTED' };
const flattening: StateView = { ...halted, flatten: 'account', flatten_phase: 'FLATTENING' };

it.each<[string, StateView | null, Hearing, boolean, string, string]>([
  ['trading', trading, 'up', false, 'TRADING', 'normal'],
  ['suspended', { ...trading, mode: 'SUSPENDED' }, 'up', false, 'SUSPENDED', 'paused'],
  ['reduce only', { ...trading, mode: 'REDUCE_ONLY' }, 'up', false, 'REDUCE_ONLY', 'paused'],
  ['a halt that was just pressed', trading, 'up', true, 'HALTING', 'halted'],
  ['halted', halted, 'up', false, 'HALTED', 'halted'],
  ['halted without a record', { ...halted, recorded: false }, 'up', false, 'HALTED_NOT_RECORDED', 'halted'],
  ['a flatten that runs', flattening, 'up', false, 'HALTING', 'halted'],
  ['a flatten that is blocked', { ...flattening, flatten_phase: 'BLOCKED' }, 'up', false, 'HALTING', 'halted'],
  ['an empty book that is not verified', { ...flattening, flatten_phase: 'EMPTY' }, 'up', false, 'HALTING', 'halted'],
  ['a verified flatten', { ...flattening, flatten_phase: 'FLAT' }, 'up', false, 'HALTED', 'halted'],
  ['nothing told yet', null, 'up', false, 'UNKNOWN', 'unknown'],
  ['a gateway that is not heard', trading, 'down', false, 'UNKNOWN', 'unknown'],
  ['a halt that is not heard any more', halted, 'down', false, 'UNKNOWN', 'unknown'],
  ['a press that nobody hears', trading, 'down', true, 'UNKNOWN', 'unknown'],
  ['a screen that is connecting', null, 'connecting', false, 'UNKNOWN', 'unknown'],
])('shows %s as it is', (_what, state, hearing, isStopping, word, tone) => {
  expect(modeView(state, hearing, isStopping)).toEqual({ word, tone });
});

it('wants a resume only for what does not end by itself', () => {
  expect(
    ['TRADING', 'SUSPENDED', 'REDUCE_ONLY', 'HALTED'].filter((mode) => needsResume(mode as StateView['mode'])),
  ).toEqual(['REDUCE_ONLY', 'HALTED']);
});

it('names what asks for the present mode before older causes of another', () => {
  const [first, second] = haltedState.state.causes;
  const state = { ...haltedState.state, causes: [{ ...second!, at_ms: first!.at_ms - 1 }, first!] };
  expect(causesInOrder(state).map(({ kind }) => kind)).toEqual(['OPERATOR', 'TERMINAL']);
});
