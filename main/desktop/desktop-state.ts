import type { TopicValue } from '../control/contract.ts';

/** What tray, taskbar and notifications show. Null is what the gateway has not told yet. */
export interface DesktopState {
  readonly live: TopicValue<'state'> | null;
  readonly terminal: TopicValue<'terminal'> | null;
  readonly account: TopicValue<'account'> | null;
  /** A halt that has been without a record for longer than recording takes. */
  readonly isUnrecorded: boolean;
  /** In plain-network mode the networks in which everyone can read and trade; null in any other. */
  readonly exposedTo: readonly string[] | null;
}

export const NOTHING_KNOWN: DesktopState = {
  ...{ live: null, terminal: null, account: null },
  ...{ isUnrecorded: false, exposedTo: null },
};

/** How it stands, in the order of what a person has to see first. */
export const CONDITIONS = ['halted', 'down', 'paused', 'stale', 'trading'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** A terminal that has not been heard for so long is stale, in milliseconds. */
const STALE_AFTER_MS = 2_000;

/** The first that holds of halted, down, paused, stale; what is not known yet is stale, never trading. */
export function conditionOf({ live, terminal }: DesktopState): Condition {
  if (live?.state.mode === 'HALTED') return 'halted';
  if (terminal !== null && isDown(terminal)) return 'down';
  if (live?.state.mode === 'SUSPENDED' || live?.state.mode === 'REDUCE_ONLY') return 'paused';
  if (live === null || terminal === null || isStale(terminal)) return 'stale';
  return 'trading';
}

/** Whether orders cannot reach the broker. */
export function isDown({ linked, connected }: TopicValue<'terminal'>): boolean {
  return !linked || !connected;
}

function isStale({ last_heard_ms_ago: agoMs }: TopicValue<'terminal'>): boolean {
  return agoMs !== null && agoMs > STALE_AFTER_MS;
}
