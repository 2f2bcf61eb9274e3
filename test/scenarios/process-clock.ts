import { SimulatedClock } from '../fakes/simulated-clock.ts';

/** The clock as one process sees it: its timers end with it, those of the next go on. */
export class ProcessClock extends SimulatedClock {
  readonly #world: SimulatedClock;
  #dead = false;

  constructor(world: SimulatedClock) {
    super();
    this.#world = world;
  }

  override nowMs(): number {
    return this.#world.nowMs();
  }

  override monoMs(): number {
    return this.#world.monoMs();
  }

  override bootMs(): number {
    return this.#world.bootMs();
  }

  override after(delayMs: number, fn: () => void): () => void {
    return this.#world.after(delayMs, () => {
      if (!this.#dead) fn();
    });
  }

  override advance(byMs: number): Promise<void> {
    return this.#world.advance(byMs);
  }

  die(): void {
    this.#dead = true;
  }
}
