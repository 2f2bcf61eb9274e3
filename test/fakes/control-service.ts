import {
  CONTROL_CALLS,
  type ControlFeed,
  type ControlHandlers,
  type ControlService,
  type ControlTopic,
  type StateView,
  type TopicValue,
} from '../../main/control/contract.ts';

type Listener = (value: unknown) => void;

/** A state as it is while all is well. */
export const TRADING_VIEW: StateView = {
  ...{ mode: 'TRADING', flatten: 'none', flatten_phase: 'NONE', epoch: 1, since_ms: 0, recorded: true },
  causes: [],
};

/** What a gateway offers its screens, under a test's hand: calls as given, topics told with `tell`. */
export class FakeControlService implements ControlService {
  readonly handlers: ControlHandlers;
  readonly feed: ControlFeed;
  readonly #listeners = new Map<ControlTopic, Set<Listener>>();
  readonly #newest = new Map<ControlTopic, unknown>();

  constructor(handlers: Partial<ControlHandlers> = {}) {
    this.handlers = withoutOthers(handlers);
    this.feed = { subscribe: (topic, listener) => this.#subscribe(topic, listener as Listener) };
  }

  /** How many follow a topic. */
  followers(topic: ControlTopic): number {
    return this.#listeners.get(topic)?.size ?? 0;
  }

  tell<T extends ControlTopic>(topic: T, value: TopicValue<T>): void {
    this.#newest.set(topic, value);
    for (const listener of this.#listeners.get(topic) ?? []) listener(value);
  }

  #subscribe(topic: ControlTopic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    if (this.#newest.has(topic)) listener(this.#newest.get(topic));
    return () => listeners.delete(listener);
  }
}

function withoutOthers(handlers: Partial<ControlHandlers>): ControlHandlers {
  const others = Object.keys(CONTROL_CALLS).map((call) => [
    call,
    () => Promise.reject(new Error(`${call} is not expected here`)),
  ]);
  return { ...(Object.fromEntries(others) as ControlHandlers), ...handlers };
}
