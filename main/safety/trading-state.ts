import type { FlattenScope } from '../protocol/payloads.ts';

/** Trading modes, in rising order of restriction. */
export const MODES = ['TRADING', 'SUSPENDED', 'REDUCE_ONLY', 'HALTED'] as const;
export type Mode = (typeof MODES)[number];

/** What can make the gateway leave TRADING. */
export const CAUSE_KINDS = [
  'STARTING',
  'FIRST_RUN',
  'TOKEN',
  'CRASH',
  'WIRE',
  'OPERATOR',
  'HALT_FILE',
  'LEASE',
  'LIMIT',
  'AUDIT',
  'DISK',
  'TERMINAL',
  'AUTOTRADING',
  'ACCOUNT_CHANGED',
  'CLOCK',
  'RECONCILIATION',
  'UNKNOWN_ORDER',
  'EXCEPTION',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** A reason to be in a mode. Kept and shown until it is acknowledged by a resume (or, for SUSPENDED, until it is gone). */
export interface Cause {
  readonly kind: CauseKind;
  /** The mode that it asks for. */
  readonly mode: Exclude<Mode, 'TRADING'>;
  /** Unix milliseconds of its first occurrence. */
  readonly atMs: number;
  /** Who: a client's name, `operator`, or `gateway`. */
  readonly actor: string;
  /** One sentence for a person. */
  readonly reason: string;
  /** True while what caused it still holds: a resume is refused then. */
  readonly standing: boolean;
  /** How often it has come, where that is more than once. */
  readonly count?: number;
}

/** How far the flatten has come: FLAT only after verification. */
export type FlattenPhase = 'NONE' | 'FLATTENING' | 'EMPTY' | 'BLOCKED' | 'UNKNOWN' | 'FLAT';

/** The whole trading state. Pure data; transitions are in this folder, effects come in from outside. */
export interface TradingState {
  readonly mode: Mode;
  readonly flatten: FlattenScope;
  readonly flattenPhase: FlattenPhase;
  /** Counts up on every departure from TRADING and every resume. */
  readonly epoch: number;
  readonly causes: readonly Cause[];
  /** False from a kill until token and audit log have both answered that it is recorded. */
  readonly recorded: boolean;
  /** When the mode was entered, Unix milliseconds. */
  readonly sinceMs: number;
}

/** A wish to restrict trading. Every trigger asks for the maximum of what is and what it wants. */
export interface Trigger {
  readonly kind: CauseKind;
  readonly mode: Exclude<Mode, 'TRADING'>;
  readonly flatten: FlattenScope;
  readonly actor: string;
  readonly reason: string;
  /** Whether it still holds; when absent, true for what asks for SUSPENDED and false for what latches. */
  readonly standing?: boolean;
  /** When it first came, Unix milliseconds, where that was in an earlier session; now when absent. */
  readonly atMs?: number;
}
