/** Two empty looks must be this far apart before the book is called flat, in milliseconds. */
const SETTLE_MS = 2_000;

/** What it takes to call a book flat: one empty look can miss what fills right after it. */
export class FlatProof {
  #emptySinceMs: number | null = null;

  /** What has been seen so far proves nothing any more. */
  discard(): void {
    this.#emptySinceMs = null;
  }

  /**
   * A look that began at `lookedAtMs`, monotonic, with nothing left that could fill where `isEmpty`. True when it and the
   * first empty one are far enough apart, and all in between were empty too.
   */
  look(isEmpty: boolean, lookedAtMs: number): boolean {
    if (!isEmpty) {
      this.discard();
      return false;
    }
    this.#emptySinceMs ??= lookedAtMs;
    return lookedAtMs - this.#emptySinceMs >= SETTLE_MS;
  }
}
