import * as z from 'zod';
import type { ErrorCode, Refusal } from './codes.ts';
import { MAX_REQ_ID_LENGTH, UNKNOWN_REQ_ID } from './constants.ts';
import type { JsonValue } from './json-value.ts';
import { ResponseStatus } from './status.ts';

// In a file of its own, so that a client can name a status without loading the schemas.
export { ResponseStatus };

/** A brain's own name: 1 to 64 characters of `A-Za-z0-9._-`. */
export const clientIdSchema = z
  .string({ error: 'client_id is a string' })
  .check(z.regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'client_id is 1 to 64 characters of A-Z a-z 0-9 . _ -' }));

const REQ_ID = `req_id is a string of 1 to ${MAX_REQ_ID_LENGTH} characters, best a UUID`;
// Later than this there is no Date.
const MAX_TIMESTAMP_S = 8_640_000_000_000;
const TIMESTAMP = 'timestamp is Unix time in seconds, like 1766800000.123';
const TTL = 'ttl_ms is a whole number of milliseconds, 1 to 86400000';

/**
 * The request envelope. `action`, `req_id`, `timestamp` and `payload` are protocol 1.0; the rest is optional and 1.1.
 * `timestamp` is Unix time in seconds; `ttl_ms` is how long after it the command may still start, in milliseconds.
 * Fields that are not listed are ignored.
 */
export const requestSchema = z.object({
  action: z.string({ error: 'action is a string, like "HEARTBEAT"' }),
  req_id: z
    .string({ error: REQ_ID })
    .check(z.minLength(1, { error: REQ_ID }), z.maxLength(MAX_REQ_ID_LENGTH, { error: REQ_ID })),
  timestamp: z
    .number({ error: TIMESTAMP })
    .check(z.gte(0, { error: TIMESTAMP }), z.lte(MAX_TIMESTAMP_S, { error: TIMESTAMP })),
  payload: z.record(z.string(), z.unknown(), { error: 'payload is an object, {} when empty' }),
  client_id: z.optional(clientIdSchema),
  ttl_ms: z.optional(z.int({ error: TTL }).check(z.gte(1, { error: TTL }), z.lte(86_400_000, { error: TTL }))),
  protocol: z.optional(z.string({ error: 'protocol is a string, like "1.1"' })),
});
export type Request = z.infer<typeof requestSchema>;

/** The reply envelope. The first five keys are always there (1.0); `code` is 1.1 and null on success. */
export const replySchema = z.object({
  req_id: z.string(),
  status: z.enum(ResponseStatus),
  timestamp: z.number(),
  data: z.unknown(),
  error: z.nullable(z.string()),
  code: z.optional(z.nullable(z.string())),
  retcode: z.optional(z.number()),
  duplicate: z.optional(z.boolean()),
});
export type Reply = z.infer<typeof replySchema>;

/** What a step of the gateway answers; `timestamp` and `req_id` are added when it is sent. */
export type Answer =
  | { readonly status: 'SUCCESS'; readonly data: JsonValue; readonly retcode?: number }
  | {
      readonly status: 'ERROR' | 'PENDING';
      readonly code: ErrorCode;
      readonly error: string;
      readonly data: JsonValue;
      readonly retcode?: number;
    };

/** SUCCESS with `data`. */
export function success(data: JsonValue, retcode?: number): Answer {
  return retcode === undefined ? { status: 'SUCCESS', data } : { status: 'SUCCESS', data, retcode };
}

/** ERROR: it did not happen. `data` is `{}` where there is nothing to add. */
export function failure(refused: Refusal, data: JsonValue = {}): Answer {
  const { code, message: error, retcode } = refused;
  return retcode === undefined
    ? { status: 'ERROR', code, error, data }
    : { status: 'ERROR', code, error, data, retcode };
}

/** PENDING with OUTCOME_UNKNOWN: it may or may not have happened; `GET_COMMAND` tells when it is known. */
export function pending(error: string, data: JsonValue = {}): Answer {
  return { status: 'PENDING', code: 'OUTCOME_UNKNOWN', error, data };
}

/** Puts an answer into its envelope. `nowMs` is Unix time in milliseconds. `duplicate` marks a recorded reply given again. */
export function toReply(reqId: string | null, answer: Answer, nowMs: number, duplicate = false): Reply {
  const head = { req_id: reqId ?? UNKNOWN_REQ_ID, status: answer.status, timestamp: nowMs / 1000, data: answer.data };
  const tail = answer.status === 'SUCCESS' ? { error: null, code: null } : { error: answer.error, code: answer.code };
  return {
    ...head,
    ...tail,
    ...(answer.retcode === undefined ? {} : { retcode: answer.retcode }),
    ...(duplicate ? { duplicate } : {}),
  };
}
