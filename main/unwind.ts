/** What has been started, to be undone in reverse order. Each step runs once, whatever the others do. */
export class Unwind {
  readonly #steps: (() => Promise<void> | void)[] = [];

  /** Adds a step; steps added later run earlier. */
  defer(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Undoes everything. Rejects with the first failure, after all steps have run; a second call finds nothing to do. */
  async run(): Promise<void> {
    let failure: { readonly error: unknown } | null = null;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }
}
