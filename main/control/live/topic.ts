import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';

/** Between two values of a topic, in milliseconds. */
const LEAST_APART_MS = 100;

/** Where a topic's values come from. Nothing of it runs while nobody follows the topic. */
export interface Source<V> {
  /** The value as it is now. */
  value(): V;
  /** Begins to look, and calls `changed` whenever the value may be another. Returns what ends that. */
  watch(changed: () => void): () => void;
  /** What makes an equal value worth sending all the same, when this text is another. */
  readonly mark?: () => string;
  /** Between two values at least so long, in milliseconds. */
  readonly leastApartMs?: number;
}

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A topic and who follows it: each follower gets the value at once, then all get it whenever it is another, in turns of
 * their own and not too often. What changed last always arrives.
 */
export class Topic<V> {
  readonly #name: string;
  readonly #source: Source<V>;
  readonly #ports: Ports;
  readonly #listeners = new Set<(value: V) => void>();
  #unwatch = () => {};
  #cancelSend: (() => void) | null = null;
  #sentText = '';
  #sentMonoMs = -Infinity;

  constructor(name: string, source: Source<V>, ports: Ports) {
    this.#name = name;
    this.#source = source;
    this.#ports = ports;
  }

  /** `listener` gets the value in this turn. What this returns ends it and may be called again. */
  subscribe(listener: (value: V) => void): () => void {
    // A function of its own, so that the same listener added twice is told twice.
    const own = (value: V) => listener(value);
    const isFirst = this.#listeners.size === 0;
    this.#listeners.add(own);
    if (isFirst) this.#unwatch = this.#source.watch(() => this.#soon());
    this.#safely(() => {
      const value = this.#source.value();
      if (isFirst) this.#note(this.#textOf(value));
      own(value);
    });
    return () => this.#end(own);
  }

  /** Nobody follows it any more. */
  stop(): void {
    for (const listener of [...this.#listeners]) this.#end(listener);
  }

  #end(listener: (value: V) => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#unwatch();
    this.#cancelSend?.();
    this.#cancelSend = null;
  }

  /** Never in the turn of the change: what changes the trading state must not wait for a screen. */
  #soon(): void {
    if (this.#cancelSend !== null || this.#listeners.size === 0) return;
    const { clock } = this.#ports;
    const dueMs = this.#sentMonoMs + (this.#source.leastApartMs ?? LEAST_APART_MS);
    this.#cancelSend = clock.after(Math.max(0, dueMs - clock.monoMs()), () => {
      this.#cancelSend = null;
      this.#safely(() => this.#sendIfNew());
    });
  }

  #sendIfNew(): void {
    const value = this.#source.value();
    const text = this.#textOf(value);
    if (text === this.#sentText) return;
    this.#note(text);
    for (const listener of [...this.#listeners]) this.#safely(() => listener(value));
  }

  #note(text: string): void {
    this.#sentText = text;
    this.#sentMonoMs = this.#ports.clock.monoMs();
  }

  #textOf(value: V): string {
    return `${this.#source.mark?.() ?? ''} ${textWithoutAges(value)}`;
  }

  /** A screen that fails must cost neither the others nor the gateway anything. */
  #safely(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#ports.log.error('live-topic-failed', { topic: this.#name, error });
    }
  }
}

/** A value as text, but for what changes by itself as time goes on. */
export function textWithoutAges(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (isAge(key) ? undefined : part));
}

function isAge(key: string): boolean {
  return key === 'ms_ago' || key === 'remaining_ms' || key.endsWith('_ms_ago');
}
