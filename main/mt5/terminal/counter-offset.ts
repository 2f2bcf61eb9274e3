/** How long a pair of times counts, in milliseconds. */
const WINDOW_MS = 60_000;

interface Pair {
  readonly arrivalMonoMs: number;
  readonly differenceMs: number;
}

/**
 * How far the terminal's counter (GetTickCount64) is from the gateway's monotonic clock. A line can only arrive late, so the
 * smallest difference of the last minute is the nearest to the truth, and what is left of the error only shortens a validity.
 */
export class CounterOffset {
  /** Differences that can still become the smallest: each larger than the one before it. */
  readonly #pairs: Pair[] = [];

  /** A line with the terminal's `counter` has arrived. */
  note(arrivalMonoMs: number, counter: number): void {
    const differenceMs = arrivalMonoMs - counter;
    while ((this.#pairs.at(-1)?.differenceMs ?? -Infinity) >= differenceMs) this.#pairs.pop();
    this.#pairs.push({ arrivalMonoMs, differenceMs });
    this.#forget(arrivalMonoMs);
  }

  /** What the counter shows at `monoMs`, or a little less; null when nothing has been heard for a minute. */
  counterAt(monoMs: number, nowMonoMs: number): number | null {
    this.#forget(nowMonoMs);
    const nearest = this.#pairs[0];
    return nearest === undefined ? null : Math.max(0, Math.floor(monoMs - nearest.differenceMs));
  }

  #forget(nowMonoMs: number): void {
    while (nowMonoMs - (this.#pairs[0]?.arrivalMonoMs ?? Infinity) > WINDOW_MS) this.#pairs.shift();
  }
}
