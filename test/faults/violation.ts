/** What a fault may have broken: nothing of it may ever be found. */
export const VIOLATION_KINDS = ['lost', 'doubled', 'unsettled', 'contradicted'] as const;
/**
 * `lost`: acknowledged, but no row or no trace. `doubled`: executed more than once. `unsettled`: no outcome although the
 * account could tell. `contradicted`: anything else that does not fit together, like an order after an ERROR.
 */
export type ViolationKind = (typeof VIOLATION_KINDS)[number];

/** One thing that is not as it has to be; `what` is a sentence that names the command. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

/** Violations in the order in which they were found, each once, however often a check comes back to it. */
export class Violations {
  readonly #found = new Map<string, Violation>();

  add(...violations: readonly Violation[]): void {
    for (const violation of violations) {
      const name = `${violation.kind} ${violation.what}`;
      if (!this.#found.has(name)) this.#found.set(name, violation);
    }
  }

  get all(): readonly Violation[] {
    return [...this.#found.values()];
  }

  count(kind: ViolationKind): number {
    return this.all.filter((violation) => violation.kind === kind).length;
  }
}
