import type { Hearing, StateView } from '../../main/control/contract.ts';
import type { Tone } from '../ui/status.tsx';

/** The words for the trading state; each is a text of the catalogue. */
export type ModeWord =
  'TRADING' | 'SUSPENDED' | 'REDUCE_ONLY' | 'HALTING' | 'HALTED' | 'HALTED_NOT_RECORDED' | 'UNKNOWN';

export interface ModeView {
  readonly tone: Tone;
  readonly word: ModeWord;
}

const TONES: Readonly<Record<ModeWord, Tone>> = {
  TRADING: 'normal',
  SUSPENDED: 'paused',
  REDUCE_ONLY: 'paused',
  HALTING: 'halted',
  HALTED: 'halted',
  HALTED_NOT_RECORDED: 'halted',
  UNKNOWN: 'unknown',
};

/** The trading state for header, banner and title. `isStopping`: a halt was pressed here and has not been answered. */
export function modeView(state: StateView | null, hearing: Hearing, isStopping = false): ModeView {
  const word = wordFor(state, hearing, isStopping);
  return { word, tone: TONES[word] };
}

function wordFor(state: StateView | null, hearing: Hearing, isStopping: boolean): ModeWord {
  if (hearing !== 'up' || state === null) return 'UNKNOWN';
  if (isStopping || isFlattening(state)) return 'HALTING';
  if (state.mode !== 'HALTED') return state.mode;
  return state.recorded ? 'HALTED' : 'HALTED_NOT_RECORDED';
}

/** A flatten is promised and not verified yet. */
export function isFlattening({ mode, flatten, flatten_phase: phase }: StateView): boolean {
  return mode === 'HALTED' && flatten !== 'none' && phase !== 'FLAT';
}

/** Only a person's resume ends it; a suspension ends by itself. */
export function needsResume(mode: StateView['mode']): boolean {
  return mode === 'HALTED' || mode === 'REDUCE_ONLY';
}

type Cause = StateView['causes'][number];

/** Why trading is not on: what asks for the present mode first, then the oldest. */
export function causesInOrder({ mode, causes }: StateView): readonly Cause[] {
  const isOfMode = (cause: Cause) => Number(cause.mode === mode);
  return causes.toSorted((a, b) => isOfMode(b) - isOfMode(a) || a.at_ms - b.at_ms);
}
