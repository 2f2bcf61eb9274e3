/** The ticks that a brain got, symbol by symbol: what is missing, and whether one came twice. */
export class TickRecord {
  readonly #last = new Map<string, number>();
  #received = 0;
  #missed = 0;
  #doubled = 0;
  #lastAtMs = -Infinity;

  take(symbol: string, seq: number, atMs: number): void {
    const before = this.#last.get(symbol);
    this.#received += 1;
    this.#lastAtMs = atMs;
    if (before !== undefined && seq <= before) {
      this.#doubled += 1;
      return;
    }
    if (before !== undefined) this.#missed += seq - before - 1;
    this.#last.set(symbol, seq);
  }

  get received(): number {
    return this.#received;
  }

  /** Numbers that were left out. */
  get missed(): number {
    return this.#missed;
  }

  /** Numbers that came again, or too late. */
  get doubled(): number {
    return this.#doubled;
  }

  /** When the newest came. */
  get lastAtMs(): number {
    return this.#lastAtMs;
  }
}
