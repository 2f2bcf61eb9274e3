import * as z from 'zod';
import { FLATTEN_SCOPES } from '../../protocol/payloads.ts';
import { CAUSE_KINDS, MODES } from '../../safety/trading-state.ts';

const causeSchema = z.object({
  kind: z.enum(CAUSE_KINDS),
  mode: z.enum(MODES),
  at_ms: z.number(),
  actor: z.string(),
  reason: z.string(),
  /** What caused it still holds: a resume is refused then. */
  standing: z.boolean(),
});

/** The trading state as an operator sees it. Times in Unix milliseconds. */
export const stateSchema = z.object({
  mode: z.enum(MODES),
  flatten: z.enum(FLATTEN_SCOPES),
  flatten_phase: z.string(),
  epoch: z.number(),
  since_ms: z.number(),
  /** False from a kill until token and audit log have both answered that it is recorded. */
  recorded: z.boolean(),
  causes: z.array(causeSchema),
});

/** One position or order of a flatten; its ticket as text, so that no step rounds it. */
export const flattenTicketSchema = z.object({
  ticket: z.string(),
  kind: z.string(),
  symbol: z.string(),
  /** OPEN, CLOSING, CLOSED, CANCELLED, GONE, PARTIAL, RETRY, BLOCKED, UNKNOWN or TAKEN_OUT. */
  state: z.string(),
  /** Lots. */
  volume: z.number(),
  message: z.optional(z.string()),
});

/** The state with what goes with it on a screen. */
export const liveStateSchema = z.object({
  state: stateSchema,
  /** The flatten of this halt, ticket by ticket; empty where there is none. */
  tickets: z.array(flattenTicketSchema),
  /** Requests refused since trading stopped; 0 while it is on. */
  refused: z.number(),
});
