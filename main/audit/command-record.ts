import * as z from 'zod';
import type { Answer } from '../protocol/envelope.ts';
import { ERROR_CODES } from '../protocol/codes.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import type { JsonValue } from '../protocol/json-value.ts';
import type { AuditEntry, CommandKey, CommandRecord, CommandState, RowType } from './audit-log.ts';

/** A row of a command as the log holds it. `claimed`: it is the row that took the key. */
export interface CommandRow extends AuditEntry {
  readonly seq: number;
  readonly claimed: boolean;
}

const STATES = {
  ACCEPTED: 'open',
  DISPATCHING: 'open',
  UNKNOWN: 'open',
  DONE: 'settled',
  PARTIAL: 'settled',
  PLACED: 'settled',
  REJECTED: 'settled',
  REFUSED: 'settled',
  EXPIRED: 'settled',
  FENCED: 'settled',
} as const satisfies Record<CommandState, 'open' | 'settled'>;

/**
 * The state into which a row puts its command, or null for a row that does not move it. The claiming row moves it, and
 * DISPATCH, OUTCOME and RECONCILED; a REFUSED row that took no key refuses another request that used the same id.
 */
export function stateAfter({
  type,
  status,
  claimed,
}: Pick<CommandRow, 'type' | 'status' | 'claimed'>): CommandState | null {
  const moves = claimed || type === 'DISPATCH' || type === 'OUTCOME' || type === 'RECONCILED';
  if (!moves) return null;
  if (status !== undefined && isCommandState(status)) return status;
  return DEFAULT_STATE[type] ?? null;
}

const DEFAULT_STATE: Partial<Record<RowType, CommandState>> = {
  INTENT: 'ACCEPTED',
  DISPATCH: 'DISPATCHING',
  REFUSED: 'REFUSED',
};

/** Whether a command in this state has changed the account, or may have. */
export function mayHaveTraded(state: CommandState): boolean {
  return state !== 'REJECTED' && state !== 'REFUSED' && state !== 'EXPIRED' && state !== 'FENCED';
}

/** Whether a command in this state has no known end yet. */
export function isOpenState(state: CommandState): boolean {
  return STATES[state] === 'open';
}

function isCommandState(status: string): status is CommandState {
  return Object.hasOwn(STATES, status);
}

/** The command that the rows of one key tell, in the order in which they were written; null where none of them claimed the key. */
export function toCommandRecord(key: CommandKey, rows: readonly CommandRow[]): CommandRecord | null {
  const claim = rows.find((row) => row.claimed);
  if (claim === undefined) return null;
  const moves = rows.filter((row) => row.seq >= claim.seq && stateAfter(row) !== null);
  const lastOf = <T>(read: (row: CommandRow) => T | null | undefined): T | null =>
    moves.map(read).findLast((value) => value !== undefined) ?? null;
  const answer = lastOf((row) => row.answer);
  const dispatch = moves.findLast((row) => row.type === 'DISPATCH')?.payload;
  return {
    key,
    action: claim.action ?? '',
    payloadHash: claim.payloadHash ?? '',
    payload: claim.payload ?? '{}',
    state: lastOf(stateAfter) ?? 'ACCEPTED',
    answer: answer === null ? null : parseAnswer(answer),
    magic: lastOf((row) => row.magic),
    tag: lastOf((row) => row.tag),
    ...(dispatch === undefined ? {} : { dispatch }),
    receivedAtMs: claim.tsUtcUs / 1000,
    updatedAtMs: (moves.at(-1) ?? claim).tsUtcUs / 1000,
    seq: claim.seq,
  };
}

const dataSchema = z.custom<JsonValue>();
const answerSchema = z.union([
  z.object({ status: z.literal('SUCCESS'), data: dataSchema, retcode: z.optional(z.number()) }),
  z.object({
    status: z.enum(['ERROR', 'PENDING']),
    code: z.enum(ERROR_CODES),
    error: z.string(),
    data: dataSchema,
    retcode: z.optional(z.number()),
  }),
]);

/** Reads a recorded answer; whole numbers past 2^53 stay exact. Throws where the text is no answer. */
export function parseAnswer(text: string): Answer {
  const parsed = answerSchema.parse(parseTrustedJson(text));
  const { retcode, ...rest } = parsed;
  return retcode === undefined ? rest : { ...rest, retcode };
}
