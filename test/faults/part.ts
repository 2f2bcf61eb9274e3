import type { Violation } from './violation.ts';

/** The parts of a run, in their order. */
export const PART_NAMES = ['kill', 'fsync', 'full', 'power'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** How much a part does, and where it says how far it is. */
export interface Effort {
  /** Rounds: restarts, injected faults, or a multiple of the cuts. */
  readonly cycles: number;
  /** The same seed gives the same choices; the moments themselves depend on the machine too. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Figures of one line of the table. */
export interface Tally {
  readonly name: string;
  /** Restarts, injected faults or power cuts. */
  readonly faults: number;
  readonly commands: number;
  /** Commands whose outcome a client was told; in the power model rows that were told to be on disk. */
  readonly acknowledged: number;
  readonly resent: number;
  readonly violations: readonly Violation[];
  /** Made so that it has to lose: where it loses nothing, the check that it shares with the others could not fail. */
  readonly isControl?: true;
}

/** What a part came to. */
export type PartResult =
  | { readonly kind: 'ran'; readonly tallies: readonly Tally[]; readonly notes: readonly string[] }
  /** It cannot be run on this machine. */
  | { readonly kind: 'not-run'; readonly why: string };

/** One part: a kind of fault, and the checks after it. Rejects when the gateway cannot be run at all. */
export type Part = (effort: Effort) => Promise<PartResult>;
