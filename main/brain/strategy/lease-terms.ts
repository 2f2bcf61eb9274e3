import type { PayloadOf } from '../payload-types.ts';

// Written out, since importing the payload schemas would load what no client needs; a test compares them.
/** What a lease may ask for at its end. */
export const LEASE_ACTIONS = ['suspend', 'reduce_only', 'halt', 'halt_flatten'] as const satisfies readonly NonNullable<
  PayloadOf<'HEARTBEAT'>['on_expiry']
>[];
export type LeaseAction = (typeof LEASE_ACTIONS)[number];
/** Shortest and longest lease, in seconds. */
export const MIN_LEASE_S = 1;
export const MAX_LEASE_S = 86_400;

/** A dead-man lease: how long the gateway waits for a sign of life, and what it does when none comes. */
export interface LeaseTerms {
  readonly leaseS: number;
  readonly onExpiry: LeaseAction;
}
