import type { Clock } from '../clock.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';

/** So many connections are told apart; the longest idle begins anew. */
const CONNECTIONS_KEPT = 1_000;

interface Bucket {
  left: number;
  atMonoMs: number;
}

/** How many requests a second each connection may send; as many at once. */
export class RequestRate {
  readonly #perSecond: number;
  readonly #clock: Pick<Clock, 'monoMs'>;
  /** The longest idle first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number, clock: Pick<Clock, 'monoMs'>) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Takes one request of a connection, or says why it is one too many. */
  take(connection: string): Refusal | null {
    const nowMonoMs = this.#clock.monoMs();
    const bucket = this.#buckets.get(connection) ?? { left: this.#perSecond, atMonoMs: nowMonoMs };
    const gained = ((nowMonoMs - bucket.atMonoMs) / 1_000) * this.#perSecond;
    bucket.left = Math.min(this.#perSecond, bucket.left + gained);
    bucket.atMonoMs = nowMonoMs;
    this.#keep(connection, bucket);
    if (bucket.left < 1) {
      return refusal(
        'RATE_LIMITED',
        `a connection may send ${this.#perSecond} requests a second (requests_per_second)`,
      );
    }
    bucket.left -= 1;
    return null;
  }

  #keep(connection: string, bucket: Bucket): void {
    this.#buckets.delete(connection);
    this.#buckets.set(connection, bucket);
    const [longestIdle] = this.#buckets.keys();
    if (this.#buckets.size > CONNECTIONS_KEPT && longestIdle !== undefined) this.#buckets.delete(longestIdle);
  }
}
