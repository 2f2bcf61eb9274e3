import { RETCODE } from '../retcodes.ts';
import { NO_FAULTS, type Fault, type Faults } from './paper-options.ts';
import { randomStream } from './random.ts';

/** The trouble that is ordered for the terminal, and the chance of some that is not. */
export class FaultScript {
  readonly #random: () => number;
  readonly #rejectRate: number;
  readonly #requoteRate: number;
  #faults: Faults = NO_FAULTS;
  #next: Fault[] = [];
  #taken = 0;

  constructor(seed: number, rejectRate: number, requoteRate: number) {
    this.#random = randomStream(seed);
    this.#rejectRate = rejectRate;
    this.#requoteRate = requoteRate;
  }

  get now(): Faults {
    return this.#faults;
  }

  /** Sets what is named; the rest stays. `next` replaces what was left of it. */
  set(faults: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...faults };
    if (faults.next !== undefined) this.#next = [...faults.next];
  }

  /** Attempts at the broker so far. */
  get taken(): number {
    return this.#taken;
  }

  /** What befalls the next attempt at the broker. */
  take(): Fault {
    this.#taken += 1;
    const ordered = this.#next.shift();
    if (ordered !== undefined) return ordered;
    if (this.#rejectRate === 0 && this.#requoteRate === 0) return { kind: 'none' };
    const chance = this.#random();
    if (chance < this.#rejectRate) return { kind: 'refuse', retcode: RETCODE.REJECT };
    if (chance < this.#rejectRate + this.#requoteRate) return { kind: 'refuse', retcode: RETCODE.REQUOTE };
    return { kind: 'none' };
  }
}
