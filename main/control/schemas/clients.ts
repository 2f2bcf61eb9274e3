import * as z from 'zod';
import { LEASE_ACTIONS } from '../../protocol/payloads.ts';

export const clientSchema = z.object({
  name: z.string(),
  first_seen_ms: z.number(),
  last_seen_ms: z.number(),
  requests: z.number(),
  rejects: z.number(),
  top_reject: z.nullable(z.string()),
  last_action: z.nullable(z.string()),
  clock_offset_ms: z.nullable(z.number()),
});

export const leaseSchema = z.object({
  client: z.string(),
  lease_s: z.number(),
  on_expiry: z.enum(LEASE_ACTIONS),
  remaining_ms: z.number(),
});

/** A command whose outcome is not known and is being searched for. */
export const openSearchSchema = z.object({
  req_id: z.string(),
  client: z.string(),
  kind: z.string(),
  lost_at_ms: z.number(),
  /** Why it is not known yet; empty before it has been looked for. */
  why: z.string(),
});

/** Who talks to the gateway, and what of it needs a person. */
export const liveClientsSchema = z.object({
  clients: z.array(clientSchema),
  leases: z.array(leaseSchema),
  unknown: z.array(openSearchSchema),
});
