import * as z from 'zod';
import { EXPORT_FORMATS } from '../../audit/export-format.ts';
import { type CommandState, ROW_TYPES } from '../../audit/audit-log.ts';
import { Action } from '../../protocol/actions.ts';
import { ERROR_CODES } from '../../protocol/codes.ts';

const PAGE_LIMIT = 500;

const COMMAND_STATES = [
  'ACCEPTED',
  'DISPATCHING',
  'DONE',
  'PARTIAL',
  'PLACED',
  'REJECTED',
  'REFUSED',
  'EXPIRED',
  'FENCED',
  'UNKNOWN',
] as const satisfies readonly CommandState[];

/** What FLATTEN_TICKET and OPERATOR_CLOSE rows say beyond the states of commands. */
const TICKET_STATES = [
  'INTENT',
  'OPEN',
  'CLOSING',
  'CLOSED',
  'CANCELLED',
  'GONE',
  'RETRY',
  'BLOCKED',
  'FAILED',
  'TAKEN_OUT',
] as const;

/** The words that stand in a row's columns, by filter: whatever else is asked for matches nothing. */
export const AUDIT_WORDS = {
  type: ROW_TYPES,
  by: ['client', 'operator', 'gateway'],
  action: Object.values(Action),
  status: [...COMMAND_STATES, ...TICKET_STATES],
  code: ERROR_CODES,
} as const satisfies Record<string, readonly string[]>;

/** Which rows; what is absent does not restrict, and what is there must all match. Times in Unix milliseconds. */
export const auditFilterSchema = z.object({
  type: z.optional(z.enum(ROW_TYPES)),
  client: z.optional(z.string()),
  by: z.optional(z.enum(AUDIT_WORDS.by)),
  action: z.optional(z.string()),
  symbol: z.optional(z.string()),
  status: z.optional(z.string()),
  code: z.optional(z.string()),
  req: z.optional(z.string()),
  /** This time and later. */
  since_ms: z.optional(z.number()),
  /** Before this time. */
  until_ms: z.optional(z.number()),
});

const text = z.nullable(z.string());

/** A row as it stands in the file: see the column list of the audit log. Microseconds; numbers that matter are text. */
export const auditRowSchema = z.object({
  seq: z.number(),
  type: z.enum(ROW_TYPES),
  ts_utc_us: z.number(),
  ts_mono_us: z.number(),
  session: z.string(),
  actor_kind: z.enum(['client', 'operator', 'gateway']),
  actor: z.string(),
  peer: text,
  action: text,
  req_id: text,
  payload: text,
  epoch: z.nullable(z.number()),
  mode: text,
  account: text,
  symbol: text,
  side: text,
  volume: text,
  price: text,
  sl: text,
  tp: text,
  magic: text,
  tag: text,
  ticket: text,
  deal: text,
  retcode: z.nullable(z.number()),
  status: text,
  code: text,
  answer: text,
  latency_us: text,
  reason: text,
  app_version: z.string(),
  bridge_version: text,
  hash: z.string(),
});

export const auditPageInput = z.object({
  filter: auditFilterSchema,
  /** Only rows before this one: `next` of the page before. */
  before_seq: z.optional(z.number()),
  limit: z.int().check(z.gte(1), z.lte(PAGE_LIMIT)),
});

/** Rows newest first. A page may hold fewer rows than asked for, or none, and still have a `next`: see there for more. */
export const auditPageSchema = z.object({
  rows: z.array(auditRowSchema),
  /** Where older rows begin; null when there are no more. */
  next: z.nullable(z.number()),
  /** What could not be read on the way, in sentences. */
  gaps: z.array(z.string()),
});

/** A row and all rows of the same command, oldest first. */
export const auditShownSchema = z.discriminatedUnion('found', [
  z.object({ found: z.literal(true), row: auditRowSchema, history: z.array(auditRowSchema) }),
  z.object({ found: z.literal(false) }),
]);

/** How far the chain is known to hold, in this run of the gateway. */
export const integritySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unverified') }),
  z.object({ kind: z.literal('verifying'), seq: z.number(), rows: z.number() }),
  z.object({ kind: z.literal('verified'), seq: z.number(), at_ms: z.number() }),
  /** `broken`: row `seq` does not hold. `damaged`: files were set aside; the rest holds. */
  z.object({
    kind: z.enum(['broken', 'damaged']),
    seq: z.number(),
    at_ms: z.number(),
    what: z.string(),
  }),
  z.object({ kind: z.literal('failed'), at_ms: z.number(), what: z.string() }),
]);

/** The log as it stands. A new head is how a screen knows of new rows. */
export const liveAuditSchema = z.object({
  head: z.object({ seq: z.number(), hash: z.string() }),
  /** Why nothing can be written at the moment, or null. */
  fault: z.nullable(z.string()),
  integrity: integritySchema,
});

export const auditExportInput = z.object({ filter: auditFilterSchema, format: z.enum(EXPORT_FORMATS) });

/** An export that lies in the data folder's `exports`; both files can be fetched there until they are deleted by hand. */
export const auditExportSchema = z.object({
  /** File names inside `folder`. */
  file: z.string(),
  manifest_file: z.string(),
  folder: z.string(),
  rows: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  gaps: z.array(z.string()),
});
