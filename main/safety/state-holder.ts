import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { EventKind, FabricEvent } from '../protocol/events.ts';
import { canonicalJson } from '../protocol/json.ts';
import { stateData } from './halt-rows.ts';
import type { TradingState } from './trading-state.ts';
import type { MachineState } from './transitions.ts';

export interface StateHolderPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Publishes on the event channel. */
  readonly announce: (event: FabricEvent) => void;
}

/** The trading state of now, and who is told when it changes. */
export class StateHolder {
  readonly #ports: StateHolderPorts;
  readonly #listeners = new Set<(state: TradingState) => void>();
  #state: MachineState;
  #published: string;

  constructor(ports: StateHolderPorts, initial: MachineState) {
    this.#ports = ports;
    this.#state = initial;
    this.#published = textOf(initial);
  }

  get now(): MachineState {
    return this.#state;
  }

  /** Puts a state in force and tells nobody yet: on a halt, what stops trading comes before the news of it. */
  enforce(state: MachineState): void {
    this.#state = state;
  }

  /** Puts a state in force and tells. */
  become(state: MachineState): void {
    this.#state = state;
    this.publish();
  }

  /** Tells listeners and the event channel, where what can be seen of the state has changed since the last time. */
  publish(): void {
    const text = textOf(this.#state);
    if (text === this.#published) return;
    this.#published = text;
    for (const listener of this.#listeners) this.#safely('listener', () => listener(this.#state));
    this.announce('TRADING_STATE');
  }

  /** Publishes the state as an event of that kind. */
  announce(event: EventKind): void {
    const timestamp = this.#ports.clock.nowMs() / 1_000;
    this.#safely('announce', () => this.#ports.announce({ event, timestamp, data: stateData(this.#state) }));
  }

  onChange(listener: (state: TradingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What others do with the news must not keep the next step of a halt from being taken. */
  #safely(what: string, effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.#ports.log.error('trading-state-news-failed', { what, error });
    }
  }
}

function textOf(state: TradingState): string {
  return canonicalJson(stateData(state));
}
