import { FLATTEN_SCOPES, type FlattenScope } from '../protocol/payloads.ts';
import {
  MODES,
  type Cause,
  type CauseKind,
  type FlattenPhase,
  type Mode,
  type TradingState,
  type Trigger,
} from './trading-state.ts';

/** The trading state with what only the machine itself needs to know. */
export interface MachineState extends TradingState {
  /** Beats since the last cause of SUSPENDED was gone. */
  readonly quietBeats: number;
}

/** SUSPENDED ends when its causes have been gone for this many beats. */
export const QUIET_BEATS = 3;
/** So many causes are kept one by one; past that, a new one joins the last of its kind (of its actor too, while it holds). */
export const MAX_CAUSES = 32;

/** State before start-up has been completed: suspended, cause STARTING. */
export function initialState(nowMs: number, epoch: number): MachineState {
  const starting: Cause = {
    kind: 'STARTING',
    mode: 'SUSPENDED',
    atMs: nowMs,
    actor: 'gateway',
    reason: 'the gateway is starting',
    standing: true,
  };
  return {
    mode: 'SUSPENDED',
    flatten: 'none',
    flattenPhase: 'NONE',
    epoch,
    causes: [starting],
    recorded: true,
    sinceMs: nowMs,
    quietBeats: 0,
  };
}

/** The maximum of what is and what the trigger asks for. Triggers commute, and repeating one changes neither mode nor flatten. */
export function raise(state: MachineState, trigger: Trigger, nowMs: number): MachineState {
  const wanted = wantedMode(trigger);
  const mode = stricter(state.mode, wanted);
  return {
    ...state,
    mode,
    flatten: wider(state.flatten, trigger.flatten),
    flattenPhase: trigger.flatten === 'none' ? state.flattenPhase : 'FLATTENING',
    epoch: state.mode === 'TRADING' ? state.epoch + 1 : state.epoch,
    causes: withCause(state.causes, causeOf(trigger, wanted, nowMs)),
    sinceMs: mode === state.mode ? state.sinceMs : nowMs,
    quietBeats: 0,
  };
}

/**
 * Marks the causes of a kind as gone, of one actor where it is named. A latched mode stays until a resume, SUSPENDED for
 * QUIET_BEATS more.
 */
export function clearCause(state: MachineState, kind: CauseKind, actor?: string): MachineState {
  const isGone = (cause: Cause) => cause.kind === kind && (actor === undefined || cause.actor === actor);
  if (!state.causes.some((cause) => isGone(cause) && cause.standing)) return state;
  const causes = state.causes.map((cause) => (isGone(cause) ? { ...cause, standing: false } : cause));
  return { ...state, causes, quietBeats: 0 };
}

/** One beat has passed: SUSPENDED ends on the third in a row without a standing cause. */
export function beat(state: MachineState, nowMs: number): MachineState {
  if (state.mode !== 'SUSPENDED') return state;
  if (standingCauses(state).length > 0) return state.quietBeats === 0 ? state : { ...state, quietBeats: 0 };
  const quietBeats = state.quietBeats + 1;
  if (quietBeats < QUIET_BEATS) return { ...state, quietBeats };
  return { ...state, mode: 'TRADING', causes: [], sinceMs: nowMs, quietBeats: 0 };
}

/** Start-up is complete: STARTING goes at once, and with it SUSPENDED where nothing else asks for it. */
export function startedUp(state: MachineState, nowMs: number): MachineState {
  const causes = state.causes.filter((cause) => cause.kind !== 'STARTING');
  if (state.mode !== 'SUSPENDED' || causes.length > 0) return { ...state, causes };
  return { ...state, mode: 'TRADING', causes, sinceMs: nowMs };
}

/** TRADING at `epoch`, with every cause acknowledged: the one way out of a latched mode. The caller has made sure that it may. */
export function resumed(state: MachineState, epoch: number, nowMs: number): MachineState {
  return {
    ...initialState(nowMs, Math.max(epoch, state.epoch + 1)),
    mode: 'TRADING',
    causes: [],
  };
}

/** The state with an epoch of at least `floor`. */
export function atEpoch(state: MachineState, floor: number): MachineState {
  return state.epoch >= floor ? state : { ...state, epoch: floor };
}

/** The state with the flatten as far as `phase`. */
export function inPhase(state: MachineState, phase: FlattenPhase): MachineState {
  return state.flattenPhase === phase ? state : { ...state, flattenPhase: phase };
}

/** Causes that still hold: while there are any, nothing lowers the mode. */
export function standingCauses(state: TradingState): readonly Cause[] {
  return state.causes.filter((cause) => cause.standing);
}

/** Whether only a person's resume ends the mode. */
export function isLatched(mode: Mode): mode is 'REDUCE_ONLY' | 'HALTED' {
  return mode === 'REDUCE_ONLY' || mode === 'HALTED';
}

/** The stricter of two modes. */
export function stricter<M extends Mode>(a: M, b: M): M {
  return MODES.indexOf(a) >= MODES.indexOf(b) ? a : b;
}

/** The wider of two scopes. */
export function wider(a: FlattenScope, b: FlattenScope): FlattenScope {
  return FLATTEN_SCOPES.indexOf(a) >= FLATTEN_SCOPES.indexOf(b) ? a : b;
}

// Closing while entries are still allowed would race against them: whoever flattens halts.
function wantedMode(trigger: Trigger): Cause['mode'] {
  return trigger.flatten === 'none' ? trigger.mode : 'HALTED';
}

function causeOf(trigger: Trigger, mode: Cause['mode'], nowMs: number): Cause {
  const { kind, actor, reason } = trigger;
  const standing = trigger.standing ?? mode === 'SUSPENDED';
  return { kind, mode, atMs: trigger.atMs ?? nowMs, actor, reason, standing };
}

function withCause(causes: readonly Cause[], added: Cause): readonly Cause[] {
  const same = (cause: Cause) =>
    cause.kind === added.kind && cause.actor === added.actor && cause.reason === added.reason;
  let index = causes.findIndex(same);
  if (index < 0 && causes.length >= MAX_CAUSES) index = causes.findLastIndex((cause) => mayJoin(added, cause));
  return index < 0 ? [...causes, added] : causes.map((cause, i) => (i === index ? merge(cause, added) : cause));
}

/** One that still holds is cleared by its actor: under another's name it would end with that one's. */
function mayJoin(added: Cause, cause: Cause): boolean {
  return cause.kind === added.kind && (!added.standing || cause.actor === added.actor);
}

function merge(cause: Cause, added: Cause): Cause {
  return {
    ...cause,
    mode: stricter(cause.mode, added.mode),
    standing: cause.standing || added.standing,
    atMs: Math.min(cause.atMs, added.atMs),
    count: (cause.count ?? 1) + 1,
  };
}
