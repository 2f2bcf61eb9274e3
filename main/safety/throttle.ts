import { retryDelayMs } from './retry-delay.ts';

/** Holds all tickets back when the broker has had enough of one. Times are monotonic, in milliseconds. */
export class Throttle {
  #untilMs = 0;
  #inARow = 0;

  /** When calls may go on. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** The broker asked to wait; answers to calls that were already out when it did so count once. */
  slowDown(nowMs: number): void {
    if (nowMs < this.#untilMs) return;
    this.#inARow += 1;
    this.#untilMs = nowMs + retryDelayMs(this.#inARow);
  }

  /** A call worked. */
  reset(): void {
    this.#inARow = 0;
  }
}
