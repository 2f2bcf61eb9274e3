import { SimulatedClock } from '../fakes/simulated-clock.ts';

/** So many timers set at one moment are a loop that never rests. */
const MOST_AT_ONCE = 1_000;

/** A simulated clock that notices a loop in which no time passes, and breaks it by leaving its timers out. */
export class ModelClock extends SimulatedClock {
  readonly #onLoop: () => void;
  #atMs = 0;
  #count = 0;

  constructor(onLoop: () => void) {
    super();
    this.#onLoop = onLoop;
  }

  override after(delayMs: number, fn: () => void): () => void {
    this.#count = this.#atMs === this.monoMs() ? this.#count + 1 : 0;
    this.#atMs = this.monoMs();
    if (this.#count < MOST_AT_ONCE) return super.after(delayMs, fn);
    this.#onLoop();
    return () => {};
  }
}
