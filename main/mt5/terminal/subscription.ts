import type { LineMaker } from './connection.ts';
import { buildLine, escapeField, MAX_LINE_BYTES } from './line-codec.ts';

const KIND = 'subscribe';

/** Where subscriptions are sent. */
export interface SubscriptionLink {
  send(line: LineMaker): boolean;
}

/** The symbols that are streamed. Changes of one turn go out as one line. */
export class Subscription {
  readonly #link: () => SubscriptionLink | null;
  #symbols: ReadonlySet<string> = new Set();
  #sendLater: NodeJS.Immediate | null = null;
  #isQueued = false;

  constructor(link: () => SubscriptionLink | null) {
    this.#link = link;
  }

  set(symbols: ReadonlySet<string>): void {
    this.#symbols = new Set(symbols);
    this.#sendLater ??= setImmediate(() => {
      this.#sendLater = null;
      const link = this.#link();
      if (link !== null) this.#sendOver(link);
    });
  }

  /** A program has been welcomed: it streams nothing yet. */
  programCame(link: SubscriptionLink): void {
    this.#isQueued = false;
    this.#sendOver(link);
  }

  stop(): void {
    if (this.#sendLater !== null) clearImmediate(this.#sendLater);
    this.#sendLater = null;
  }

  // What waits in the queue takes the newest set when it is written; a second line would say the same.
  #sendOver(link: SubscriptionLink): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    const isTaken = link.send(() => {
      this.#isQueued = false;
      return buildLine([KIND, ...this.#fitting()]);
    });
    if (!isTaken) this.#isQueued = false;
  }

  /** The symbols that fit into a line. */
  #fitting(): readonly string[] {
    let bytes = Buffer.byteLength(KIND);
    return [...this.#symbols].filter((symbol) => {
      bytes += 1 + Buffer.byteLength(escapeField(symbol));
      return bytes <= MAX_LINE_BYTES;
    });
  }
}
