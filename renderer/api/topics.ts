import type { ControlApi, ControlTopic, Hearing, TopicValue } from '../../main/control/contract.ts';

/** A value with when it came, on this page's monotonic clock, in milliseconds. */
export interface Live<V> {
  readonly value: V;
  readonly receivedMs: number;
}

/** The newest value of each topic that is followed, in the form that React's external stores take. */
export class Topics {
  readonly #api: ControlApi;
  readonly #newest = new Map<ControlTopic, Live<unknown>>();
  #hearing: Hearing = 'connecting';

  constructor(api: ControlApi) {
    this.#api = api;
  }

  follow(topic: ControlTopic, changed: () => void): () => void {
    return this.#api.subscribe(topic, (value) => {
      this.#newest.set(topic, { value, receivedMs: performance.now() });
      changed();
    });
  }

  newest<T extends ControlTopic>(topic: T): Live<TopicValue<T>> | null {
    return (this.#newest.get(topic) as Live<TopicValue<T>> | undefined) ?? null;
  }

  readonly followHearing = (changed: () => void): (() => void) =>
    this.#api.onHearing((hearing) => {
      this.#hearing = hearing;
      changed();
    });

  readonly hearing = (): Hearing => this.#hearing;
}
