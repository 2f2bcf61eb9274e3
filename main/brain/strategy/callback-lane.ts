/** How a callback ended. */
export type CallbackEnd =
  { readonly ok: true } | { readonly ok: false; readonly name: string; readonly error: unknown };

/**
 * Runs the strategy's callbacks, one at a time, and knows whether it is alive. That is what the lease hangs on: a timer
 * alone would keep a strategy "alive" that has been waiting for ever for something.
 */
export class CallbackLane {
  #running: string | null = null;
  #moved = true;
  /** Called when a callback has begun or ended. */
  onMove: () => void = () => {};

  /** The callback under way, or null. */
  get running(): string | null {
    return this.#running;
  }

  /**
   * Whether the strategy has given a sign of life since the last call that said so: no callback is under way, or one has
   * begun or ended meanwhile.
   */
  takeSign(): boolean {
    const alive = this.#running === null || this.#moved;
    this.#moved = false;
    return alive;
  }

  /** Calls `callback` and waits for its promise. Never rejects. */
  async run(name: string, callback: () => unknown): Promise<CallbackEnd> {
    this.#running = name;
    this.#move();
    try {
      await callback();
      return { ok: true };
    } catch (error) {
      return { ok: false, name, error };
    } finally {
      this.#running = null;
      this.#move();
    }
  }

  #move(): void {
    this.#moved = true;
    this.onMove();
  }
}
