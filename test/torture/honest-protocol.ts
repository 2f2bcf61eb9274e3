import type { Credentials } from './credentials.ts';

/** What the honest client is started with. */
export interface HonestStart {
  readonly endpoint: string;
  readonly credentials: Credentials | null;
}

/** What it is asked. */
export type HonestQuestion = 'window' | 'kill' | 'holdings';

/** Its heartbeats since the last window. */
export interface HonestWindow {
  /** How long each took, in milliseconds. */
  readonly tookMs: readonly number[];
  /** Those that got no answer within 2 s. */
  readonly lost: number;
}

/** How its KILL_SWITCH was answered. */
export interface HonestKill {
  readonly tookMs: number;
  readonly status: string;
  readonly mode: string;
}

/** Tickets of all positions and pending orders. */
export interface HonestHoldings {
  readonly tickets: readonly string[];
}

export type HonestAnswer = HonestWindow | HonestKill | HonestHoldings;
