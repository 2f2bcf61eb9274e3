import type { Clock } from '../clock.ts';

/** A wait that can be cut short. A wake that comes before the wait counts for it. */
export class WakeablePause {
  readonly #clock: Clock;
  #isWoken = false;
  #end = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits `forMs`, or until woken. */
  async wait(forMs: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(forMs, resolve);
        this.#end = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#isWoken = false;
  }

  /** Ends the wait of now, or else the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#end();
  }
}
