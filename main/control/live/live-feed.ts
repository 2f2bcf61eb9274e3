import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { CONTROL_TOPICS, type ControlFeed, type ControlTopic, type TopicValue } from '../contract.ts';
import { Topic, type Source } from './topic.ts';

/** Where each topic's values come from. */
export type Sources = { readonly [T in ControlTopic]: Source<TopicValue<T>> };

type Topics = { readonly [T in ControlTopic]: Topic<TopicValue<T>> };

/** The topics that a screen follows. A topic that nobody follows costs nothing. */
export class LiveFeed implements ControlFeed {
  readonly #topics: Topics;
  #isStopped = false;

  constructor(sources: Sources, ports: { readonly clock: Clock; readonly log: Log }) {
    const names = Object.keys(CONTROL_TOPICS) as ControlTopic[];
    const topics = names.map((name) => [name, new Topic<unknown>(name, sources[name], ports)]);
    this.#topics = Object.fromEntries(topics) as Topics;
  }

  subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void {
    return this.#isStopped ? () => {} : this.#topics[topic].subscribe(listener);
  }

  /** Nobody gets anything any more. May be called twice. */
  stop(): void {
    this.#isStopped = true;
    for (const topic of Object.values(this.#topics)) topic.stop();
  }
}
