import * as z from 'zod';
import { CAUSE_KINDS, MODES } from '../safety/trading-state.ts';
import { FLATTEN_SCOPES, LEASE_ACTIONS } from '../protocol/payloads.ts';

const REASON = 'a reason of 3 to 280 characters';

const causeSchema = z.object({
  kind: z.enum(CAUSE_KINDS),
  mode: z.enum(MODES),
  at_ms: z.number(),
  actor: z.string(),
  reason: z.string(),
  standing: z.boolean(),
});

/** A ticket as text, so that no step rounds it. */
const ticketNumber = z.string().check(z.regex(/^[1-9]\d{0,18}$/, { error: 'a ticket is a whole number above 0' }));
const reasonText = z
  .string({ error: REASON })
  .check(z.minLength(3, { error: REASON }), z.maxLength(280, { error: REASON }));

/** The trading state as an operator sees it. Times in Unix milliseconds. */
export const stateSchema = z.object({
  mode: z.enum(MODES),
  flatten: z.enum(FLATTEN_SCOPES),
  flatten_phase: z.string(),
  epoch: z.number(),
  since_ms: z.number(),
  recorded: z.boolean(),
  causes: z.array(causeSchema),
});

/** One position or order of a flatten; its ticket as text, so that no step rounds it. */
const ticketSchema = z.object({
  ticket: z.string(),
  kind: z.string(),
  symbol: z.string(),
  state: z.string(),
  volume: z.number(),
  message: z.optional(z.string()),
});

const killReportSchema = z.object({
  positions_closed: z.number(),
  total_positions: z.number(),
  orders_cancelled: z.number(),
  flatten: z.string(),
  tickets: z.array(ticketSchema),
});

/** What is known of the terminal without asking it; null for what it has not said. */
const terminalSchema = z.object({
  linked: z.boolean(),
  /** Why the program in it does not answer. */
  link_fault: z.nullable(z.string()),
  /** To its broker. */
  connected: z.boolean(),
  /** Switches that are off, by MT5's name. */
  blocked_by: z.array(z.string()),
  login: z.nullable(z.string()),
  server: z.nullable(z.string()),
  account_mode: z.nullable(z.string()),
  margin_mode: z.string(),
  bridge_version: z.string(),
  last_heard_ms_ago: z.nullable(z.number()),
  latch_epoch: z.nullable(z.number()),
  latched: z.nullable(z.boolean()),
  /** `pipe` or `tcp`; null while no program is linked. */
  transport: z.nullable(z.string()),
  /** Where a program finds the gateway: the pipe's path and address:port. */
  listens_on: z.array(z.string()),
});

const clientSchema = z.object({
  name: z.string(),
  first_seen_ms: z.number(),
  last_seen_ms: z.number(),
  requests: z.number(),
  rejects: z.number(),
  top_reject: z.nullable(z.string()),
  last_action: z.nullable(z.string()),
  clock_offset_ms: z.nullable(z.number()),
});

const leaseSchema = z.object({
  client: z.string(),
  lease_s: z.number(),
  on_expiry: z.enum(LEASE_ACTIONS),
  remaining_ms: z.number(),
});

const openSearchSchema = z.object({
  req_id: z.string(),
  client: z.string(),
  kind: z.string(),
  lost_at_ms: z.number(),
  /** Why it is not known yet; empty before it has been looked for. */
  why: z.string(),
});

/**
 * What an operator at this machine can see and do: every call with what it takes and what it gives. Transports and
 * handlers derive from this value, so that a missing or surplus handler is a compile error.
 */
export const CONTROL_CALLS = {
  status: {
    input: z.object({}),
    output: z.object({
      version: z.string(),
      session: z.string(),
      uptime_s: z.number(),
      data_dir: z.string(),
      account_mode: z.string(),
      account: z.nullable(z.string()),
      terminal_connected: z.boolean(),
      terminal: terminalSchema,
      endpoints: z.object({ command: z.string(), data: z.string(), events: z.string() }),
      state: stateSchema,
      trades_in_flight: z.number(),
      audit: z.object({ seq: z.number(), hash: z.string() }),
      clients: z.array(clientSchema),
      leases: z.array(leaseSchema),
      /** Commands whose outcome is not known and is being searched for. */
      unknown: z.array(openSearchSchema),
      /** Positions and orders of others on the same account: listed, never counted. */
      foreign: z.object({ positions: z.number(), orders: z.number() }),
    }),
  },
  /** What the terminal shows of the market: the names of its symbols and its newest tick; null where it does not answer. */
  market: {
    input: z.object({}),
    output: z.object({ symbols: z.nullable(z.array(z.string())), newest_tick_ms: z.nullable(z.number()) }),
  },
  halt: { input: z.object({ reason: z.optional(z.string()) }), output: stateSchema },
  kill: {
    input: z.object({ reason: z.optional(z.string()) }),
    output: z.object({ state: stateSchema, report: killReportSchema }),
  },
  /** Closes one position or cancels one order, also while trading is halted. */
  close: {
    input: z.object({ ticket: ticketNumber, reason: reasonText }),
    output: z.object({ state: z.string(), message: z.string(), recorded: z.boolean() }),
  },
  /** Takes a position or order out of a flatten: the operator answers for it from then on. */
  takeOut: {
    input: z.object({ ticket: ticketNumber, reason: reasonText }),
    output: z.object({ taken_out: z.boolean() }),
  },
  /** Ends a client's lease without firing it, and what its silence has suspended. */
  endLease: {
    input: z.object({ client: z.string(), reason: reasonText }),
    output: z.object({ ended: z.boolean() }),
  },
  /** A person says what became of a command that no evidence tells of; the client where several used that `req_id`. */
  decide: {
    input: z.object({
      req_id: z.string().check(z.minLength(1)),
      client: z.optional(z.string()),
      happened: z.boolean(),
      reason: reasonText,
    }),
    output: z.object({ decided: z.boolean() }),
  },
  /** A row about the audit log itself: what was exported, verified or backed up. */
  record: {
    input: z.object({
      type: z.enum(['EXPORTED', 'VERIFIED', 'BACKED_UP']),
      payload: z.record(z.string(), z.unknown()),
    }),
    output: z.object({ recorded: z.boolean() }),
  },
  resume: {
    input: z.object({ reason: reasonText }),
    output: z.discriminatedUnion('resumed', [
      z.object({ resumed: z.literal(true), state: stateSchema }),
      z.object({ resumed: z.literal(false), message: z.string(), standing: z.array(z.string()) }),
    ]),
  },
} as const;

export type ControlCall = keyof typeof CONTROL_CALLS;
export type ControlInput<C extends ControlCall> = z.output<(typeof CONTROL_CALLS)[C]['input']>;
export type ControlOutput<C extends ControlCall> = z.output<(typeof CONTROL_CALLS)[C]['output']>;
export type StateView = z.output<typeof stateSchema>;

/** The calls as functions. `by` says who asked, for the audit log: `operator@<user>`. */
export type ControlApi = {
  readonly [C in ControlCall]: (input: ControlInput<C>, by: string) => Promise<ControlOutput<C>>;
};

/** A call as it travels: one JSON line each way. */
export const callLineSchema = z.object({
  id: z.number(),
  call: z.string(),
  by: z._default(z.string(), 'operator'),
  input: z._default(z.unknown(), {}),
});
export const answerLineSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number(), ok: z.literal(true), output: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(false), error: z.string() }),
]);
