import type { Target } from './target.ts';

/** Modes of the gateway that bad input is thrown at. */
export const MODES = ['local', 'plain-network', 'encrypted'] as const;
export type Mode = (typeof MODES)[number];

/** Kinds of bad input, in the order in which they are thrown. */
export const FAMILIES = ['bytes', 'frames', 'connections', 'identity', 'json', 'endless'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * One bad input. `throwAt` throws it and says what the gateway did with it, in few words ("closed", "no reply",
 * "refused MALFORMED"), which has to be what `expect` says.
 */
export interface Case {
  readonly family: Family;
  readonly name: string;
  /** All when absent. */
  readonly modes?: readonly Mode[];
  readonly expect: string | Readonly<Record<Mode, string>>;
  /** Takes so much of the gateway that it is measured alone. The others of a family are measured together. */
  readonly isHeavy?: boolean;
  /** What may differ from what holds for all. */
  readonly allows?: Allowance;
  /** `enough` is aborted when what goes on and on may end. */
  readonly throwAt: (target: Target, enough: AbortSignal) => Promise<string>;
}

/** What a case may cost, where its nature makes that more than for all others. */
export interface Allowance {
  /** Why. */
  readonly because: string;
  /** The honest client may lose replies and wait until it is connected again: the answer to the attack ends all connections. */
  readonly reconnects?: true;
  /** So much memory may stay with the allocator, in MiB. */
  readonly keptMib?: number;
  /** So long the honest client may wait, as its 99th percentile in milliseconds. */
  readonly honestP99Ms?: number;
  /** So long a KILL_SWITCH may take, in milliseconds. */
  readonly killMs?: number;
  /** So many commands may be carried out. */
  readonly carriedOut?: number;
  /** So many rows in the audit log. */
  readonly auditRows?: number;
  /** So many lines of one kind in the diagnostic log. */
  readonly logLines?: number;
}

/** What the gateway has to do with a case in a mode. */
export function expected({ expect }: Case, mode: Mode): string {
  return typeof expect === 'string' ? expect : expect[mode];
}

/** Whether a case is thrown in a mode. */
export function isThrownIn({ modes }: Case, mode: Mode): boolean {
  return modes?.includes(mode) ?? true;
}
