import type { Clock } from '../../main/clock.ts';
import type { Action } from '../../main/protocol/actions.ts';
import type { Refusal } from '../../main/protocol/codes.ts';
import { gate } from '../../main/safety/gate.ts';
import type { KillReport, ResumeResult, Safety } from '../../main/safety/safety-port.ts';
import {
  type FlattenPhase,
  MODES,
  type Mode,
  type TradingState,
  type Trigger,
} from '../../main/safety/trading-state.ts';

/** A trading state without its effects: triggers raise the mode at once, nothing is closed or recorded. */
export class FakeSafety implements Safety {
  readonly triggers: Trigger[] = [];
  /** Kinds of causes that were said to be gone. */
  readonly cleared: Trigger['kind'][] = [];
  /** What a kill is answered with, and when. */
  report: () => Promise<KillReport> = () => Promise.resolve(EMPTY_REPORT);
  #state: TradingState;
  readonly #listeners = new Set<(state: TradingState) => void>();

  constructor(clock: Clock) {
    this.#state = {
      mode: 'TRADING',
      flatten: 'none',
      flattenPhase: 'NONE',
      epoch: 7,
      causes: [],
      recorded: true,
      sinceMs: clock.nowMs(),
    };
  }

  state(): TradingState {
    return this.#state;
  }

  gate(action: Action): Refusal | null {
    return gate(this.#state, action);
  }

  raise(trigger: Trigger): void {
    this.triggers.push(trigger);
    if (MODES.indexOf(trigger.mode) > MODES.indexOf(this.#state.mode)) this.become(trigger.mode);
  }

  clear(kind: Trigger['kind']): void {
    this.cleared.push(kind);
  }

  killReport(): Promise<KillReport> {
    return this.report();
  }

  resume(): Promise<ResumeResult> {
    return Promise.reject(new Error('this fake does not resume'));
  }

  onChange(listener: (state: TradingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts the state into a mode, one epoch on. */
  become(mode: Mode): void {
    this.#change({ mode, epoch: this.#state.epoch + 1 });
  }

  /** Puts the flatten into a phase. */
  inPhase(flattenPhase: FlattenPhase): void {
    this.#change({ flattenPhase });
  }

  #change(change: Partial<TradingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

const EMPTY_REPORT: KillReport = {
  positions_closed: 0,
  total_positions: 0,
  orders_cancelled: 0,
  flatten: 'EMPTY',
  tickets: [],
};
