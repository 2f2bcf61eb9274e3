import type { Clock } from '../../clock.ts';
import type { Fence, TradeOutcome } from '../handler.ts';
import { RETCODE } from '../retcodes.ts';
import type { CallKind, Latch } from './latch.ts';
import { answered, refuse, refusedResult } from './verdict.ts';

/** Calls that may wait; one more is answered TOO_MANY_REQUESTS. */
const MOST_WAITING = 1_000;

/** A trading call: `begin` gives the order to the broker, what it returns is the broker's answer after the latency. */
export interface TradeCall {
  readonly kind: CallKind;
  readonly fence: Fence;
  readonly begin: () => () => TradeOutcome;
}

interface Waiting {
  readonly call: TradeCall;
  readonly resolve: (outcome: TradeOutcome) => void;
}

/** How the queue is set up. */
export interface QueueOptions {
  readonly concurrency: number;
  readonly latencyMs: number;
}

/**
 * The terminal's queue: first in, first out, some at work at once. The fence is looked at immediately before a call
 * begins. A halt goes past the queue: what waits is refused at once, what has begun runs to its end.
 */
export class TradeQueue {
  readonly #options: QueueOptions;
  readonly #latch: Latch;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  readonly #atWork = new Set<() => void>();

  constructor(options: QueueOptions, latch: Latch, clock: Clock) {
    this.#options = options;
    this.#latch = latch;
    this.#clock = clock;
  }

  /** Resolves with the outcome. Without latency the call is executed before this returns. */
  submit(call: TradeCall): Promise<TradeOutcome> {
    if (this.#waiting.length === 0 && this.#atWork.size < this.#options.concurrency) return this.#start(call);
    if (this.#waiting.length >= MOST_WAITING) return Promise.resolve(tooMany());
    return new Promise((resolve) => this.#waiting.push({ call, resolve }));
  }

  /** Refuses everything that waits and may no longer start. */
  sweep(): void {
    const waiting = this.#waiting.splice(0);
    for (const { call, resolve } of waiting) {
      const refusal = this.#refusal(call);
      if (refusal === null) this.#waiting.push({ call, resolve });
      else resolve(refusal);
    }
  }

  /** Ends: what has begun is finished now, what waits was never sent. */
  stop(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve({ kind: 'unsent', message: 'the terminal was stopped' });
    for (const finish of this.#atWork) finish();
  }

  #start(call: TradeCall): Promise<TradeOutcome> {
    const refusal = this.#refusal(call);
    if (refusal !== null) return Promise.resolve(refusal);
    const answer = call.begin();
    if (this.#options.latencyMs === 0) return Promise.resolve(answer());
    return new Promise((resolve) => this.#workOn(answer, resolve));
  }

  #workOn(answer: () => TradeOutcome, resolve: (outcome: TradeOutcome) => void): void {
    const finish = () => {
      cancel();
      this.#atWork.delete(finish);
      resolve(answer());
      this.#startNext();
    };
    const cancel = this.#clock.after(this.#options.latencyMs, finish);
    this.#atWork.add(finish);
  }

  #startNext(): void {
    while (this.#atWork.size < this.#options.concurrency) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      void this.#start(next.call).then(next.resolve);
    }
  }

  #refusal({ kind, fence }: TradeCall): TradeOutcome | null {
    return this.#latch.refusal(kind, fence, this.#clock.monoMs());
  }
}

function tooMany(): TradeOutcome {
  return answered(refusedResult(refuse(RETCODE.TOO_MANY_REQUESTS, `${MOST_WAITING} calls are waiting`), null));
}
