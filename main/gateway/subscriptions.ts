import { symbolOfTopic } from '../protocol/ticks.ts';

/** So many different topics are kept apart; beyond that every symbol counts as wanted and libzmq filters. */
const MAX_TOPICS = 10_000;

/** Which symbols somebody subscribes to, from the messages of an XPUB that tells every subscription and its end. */
export class Subscriptions {
  readonly #topics = new Map<string, number>();
  readonly #symbols = new Map<string, number>();
  #toAll = 0;

  /** Symbols that are named by a subscription. */
  get symbols(): ReadonlySet<string> {
    return new Set(this.#symbols.keys());
  }

  /** Whether a subscription stands that names no symbol and so selects all. */
  get isToAll(): boolean {
    return this.#toAll > 0;
  }

  /** Nobody subscribes to anything any more. */
  clear(): void {
    this.#topics.clear();
    this.#symbols.clear();
    this.#toAll = 0;
  }

  wants(symbol: string): boolean {
    return this.#toAll > 0 || this.#symbols.has(symbol);
  }

  /** Takes a message of the XPUB: 1 or 0, then the topic. Returns whether it changes which symbols are wanted. */
  take(message: Uint8Array): boolean {
    const [kind] = message;
    if (kind !== 0 && kind !== 1) return false;
    const topic = Buffer.from(message.subarray(1)).toString('utf8');
    return this.#change(topic, kind === 1 ? 1 : -1);
  }

  #change(topic: string, by: 1 | -1): boolean {
    const before = this.#topics.get(topic) ?? 0;
    // An end without a beginning is one of those that were not kept apart.
    if (before + by < 0 || (before === 0 && this.#topics.size >= MAX_TOPICS)) {
      return this.#changeToAll(by);
    }
    count(this.#topics, topic, by);
    const symbol = symbolOfTopic(topic);
    if (symbol === null) return false;
    if (symbol === '*') return this.#changeToAll(by);
    const had = this.#symbols.has(symbol);
    count(this.#symbols, symbol, by);
    return had !== this.#symbols.has(symbol);
  }

  #changeToAll(by: 1 | -1): boolean {
    const was = this.isToAll;
    this.#toAll = Math.max(0, this.#toAll + by);
    return was !== this.isToAll;
  }
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
