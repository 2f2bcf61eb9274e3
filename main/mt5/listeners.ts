/** Those who asked to be told of something. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Adds a listener; the returned function removes it and may be called again. */
  add(listener: (value: T) => void): () => void {
    // A wrapper of its own, so that the same function added twice is told twice and removed once.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}
