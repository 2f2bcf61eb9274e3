import type { AccountRig } from './account-rig.ts';
import type { PartResult, Tally } from './part.ts';
import type { Violation } from './violation.ts';

/** Sums up what several accounts have come to. */
export class AccountTally {
  readonly #name: string;
  readonly #violations: Violation[] = [];
  readonly #notes: string[] = [];
  #faults = 0;
  #commands = 0;
  #acknowledged = 0;
  #resent = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Adds an account that has met so many faults, and removes its folder. `name` stands before what was found in it. */
  add(rig: AccountRig, name: string, faults: number): void {
    this.#faults += faults;
    this.#commands += rig.sent.length;
    this.#acknowledged += rig.acknowledged;
    this.#resent += rig.resent;
    this.#violations.push(...rig.violations.all.map(({ kind, what }) => ({ kind, what: `${name}: ${what}` })));
    const kept = rig.remove();
    if (kept !== null) this.#notes.push(`${name}: ${kept}`);
  }

  /** Adds a line for a person, that is no violation. */
  note(line: string): void {
    this.#notes.push(line);
  }

  /** How it stands, for a line of progress. */
  get text(): string {
    return `${this.#commands} commands, ${this.#violations.length} violations`;
  }

  get tally(): Tally {
    return {
      name: this.#name,
      faults: this.#faults,
      commands: this.#commands,
      acknowledged: this.#acknowledged,
      resent: this.#resent,
      violations: this.#violations,
    };
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  result(): PartResult {
    return { kind: 'ran', tallies: [this.tally], notes: this.#notes };
  }
}
