/** Below this it is not worth the copying to give memory back. */
const COMPACT_FROM = 1_024;

/** Counts what has happened within the last `lengthMs`; what is exactly that old is over. */
export class SlidingWindow {
  readonly #lengthMs: number;
  #times: number[] = [];
  #first = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** One more has happened now, in monotonic milliseconds. Returns how many have within the window, this one included. */
  add(nowMonoMs: number): number {
    this.#times.push(nowMonoMs);
    const overMonoMs = nowMonoMs - this.#lengthMs;
    while ((this.#times[this.#first] ?? nowMonoMs) <= overMonoMs) this.#first += 1;
    this.#compact();
    return this.#times.length - this.#first;
  }

  /** Counts from nothing again. */
  clear(): void {
    this.#times = [];
    this.#first = 0;
  }

  #compact(): void {
    if (this.#first < COMPACT_FROM || this.#first * 2 < this.#times.length) return;
    this.#times.splice(0, this.#first);
    this.#first = 0;
  }
}
