import { assertNever } from '../assert-never.ts';
import type { TradeOutcome, TradeResult } from '../mt5/handler.ts';
import { RETCODE, retcodeClass, retcodeName } from '../mt5/retcodes.ts';
import { addLots } from '../mt5/volume.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { TicketReport } from './safety-port.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { retryDelayMs } from './retry-delay.ts';

/** One position or pending order that a flatten has to do away with. */
export interface FlattenTicket {
  readonly what: 'position' | 'order';
  readonly ticket: Ticket;
  readonly symbol: string;
  /** As last read, in lots. */
  readonly volumeLots: number;
  readonly state: TicketState;
  /** Calls that were sent for it. */
  readonly attempts: number;
  /** Failures since something last worked: decides how long to wait. */
  readonly failures: number;
  /** How often the price had moved: decides how far the deviation is widened. */
  readonly requotes: number;
}

/** How far a ticket has come. Times are monotonic, in milliseconds. */
export type TicketState =
  | { readonly kind: 'OPEN' }
  | { readonly kind: 'CLOSING'; readonly attempt: number }
  /** `GONE`: it ended without an answer that said so, by a person's hand or its own stop. */
  | { readonly kind: 'CLOSED'; readonly how: 'CLOSED' | 'CANCELLED' | 'GONE' }
  | { readonly kind: 'PARTIAL'; readonly restLots: number }
  | { readonly kind: 'RETRY'; readonly code: string; readonly message: string; readonly dueMs: number }
  /** Nothing helps from here; tried again nevertheless. */
  | { readonly kind: 'BLOCKED'; readonly code: string; readonly message: string; readonly dueMs: number }
  /** A close that may still happen: nothing is sent before it has been looked for. */
  | { readonly kind: 'UNKNOWN'; readonly sent: SentClose; readonly message: string; readonly dueMs: number }
  /** An operator answers for it now. */
  | { readonly kind: 'TAKEN_OUT'; readonly by: string };

/** A close whose answer never came. */
export interface SentClose {
  readonly tag: string;
  readonly liveLots: number;
  readonly lostAtMs: number;
}

/** What a close was sent for: `liveLots` is what the position had right before. */
export interface CloseAttempt {
  readonly tag: string;
  readonly liveLots: number;
  readonly askedLots: number;
}

const FIRST_DEVIATION_POINTS = 20;
const MOST_DEVIATION_POINTS = 1_280;

/** Slip that is accepted after so many requotes, in points: doubles up to a cap. */
export function deviationPoints(requotes: number): number {
  return Math.min(MOST_DEVIATION_POINTS, FIRST_DEVIATION_POINTS * 2 ** requotes);
}

/** A ticket as a snapshot shows it for the first time. */
export function openTicket(what: FlattenTicket['what'], ticket: Ticket, symbol: string, lots: number): FlattenTicket {
  return { what, ticket, symbol, volumeLots: lots, state: { kind: 'OPEN' }, attempts: 0, failures: 0, requotes: 0 };
}

/** Nothing is left to do for it. */
export function isDone({ state }: FlattenTicket): boolean {
  return state.kind === 'CLOSED' || state.kind === 'TAKEN_OUT';
}

/** The broker has asked to wait. */
export function isThrottled({ state }: FlattenTicket): boolean {
  return state.kind === 'RETRY' && state.code === 'TOO_MANY_REQUESTS';
}

/** When it is this ticket's turn; Infinity while it is being worked on or done. */
export function dueMs({ state }: FlattenTicket): number {
  switch (state.kind) {
    case 'OPEN':
    case 'PARTIAL':
      return 0;
    case 'RETRY':
    case 'BLOCKED':
    case 'UNKNOWN':
      return state.dueMs;
    case 'CLOSING':
    case 'CLOSED':
    case 'TAKEN_OUT':
      return Infinity;
    default:
      return assertNever(state, 'ticket state');
  }
}

/** The ticket with a call under way. */
export function closing(item: FlattenTicket): FlattenTicket {
  const attempts = item.attempts + 1;
  return { ...item, attempts, state: { kind: 'CLOSING', attempt: attempts } };
}

/** The ticket after `outcome` of closing it at `nowMs`. */
export function afterClose(
  item: FlattenTicket,
  sent: CloseAttempt,
  outcome: TradeOutcome,
  nowMs: number,
): FlattenTicket {
  if (outcome.kind === 'lost') return unknown(item, sent, outcome.message, nowMs);
  if (outcome.kind !== 'answered') return notSent(item, outcome, nowMs);
  const { result } = outcome;
  if (result.retcode === RETCODE.POSITION_CLOSED) return withState(item, { kind: 'CLOSED', how: 'GONE' });
  // PLACED says that the broker has the order, not that it has dealt.
  if (result.retcode === RETCODE.PLACED) return unknown(item, sent, 'the close is placed, not dealt yet', nowMs);
  switch (retcodeClass(result.retcode)) {
    case 'done':
      return result.retcode === RETCODE.NO_CHANGES ? failed(item, result, nowMs) : filled(item, sent, result);
    case 'ambiguous':
      return unknown(item, sent, `${retcodeName(result.retcode)}: ${result.message}`, nowMs);
    case 'fresh-price':
      return { ...failed(item, result, nowMs), requotes: item.requotes + 1 };
    case 'reread':
    case 'back-off':
    case 'filling':
    case 'operator':
    case 'permanent':
      return failed(item, result, nowMs);
  }
}

/** The ticket after `outcome` of cancelling it. Removing an order twice does no harm, so a lost answer is just tried again. */
export function afterCancel(item: FlattenTicket, outcome: TradeOutcome, nowMs: number): FlattenTicket {
  if (outcome.kind === 'lost') return retry(item, 'OUTCOME_UNKNOWN', outcome.message, nowMs);
  if (outcome.kind !== 'answered') return notSent(item, outcome, nowMs);
  const isDone = retcodeClass(outcome.result.retcode) === 'done';
  return isDone ? withState(item, { kind: 'CLOSED', how: 'CANCELLED' }) : failed(item, outcome.result, nowMs);
}

/** The ticket, to be tried again later. */
export function retry(item: FlattenTicket, code: string, message: string, nowMs: number): FlattenTicket {
  const state = { kind: 'RETRY', code, message, dueMs: dueAfter(item, nowMs) } as const;
  return { ...item, failures: item.failures + 1, state };
}

/** The ticket, to be tried again later although nothing can be done about it from here. */
export function blocked(item: FlattenTicket, code: string, message: string, nowMs: number): FlattenTicket {
  const state = { kind: 'BLOCKED', code, message, dueMs: dueAfter(item, nowMs) } as const;
  return { ...item, failures: item.failures + 1, state };
}

/** The ticket with a close that may still happen; looked for at once and then less and less often. */
export function unknown(
  item: FlattenTicket,
  sent: Pick<CloseAttempt, 'tag' | 'liveLots'>,
  message: string,
  nowMs: number,
  lostAtMs = nowMs,
): FlattenTicket {
  const state = {
    kind: 'UNKNOWN',
    sent: { tag: sent.tag, liveLots: sent.liveLots, lostAtMs },
    message,
    dueMs: dueAfter(item, nowMs),
  } as const;
  return { ...item, failures: item.failures + 1, state };
}

/** The ticket in another state. */
export function withState(item: FlattenTicket, state: TicketState): FlattenTicket {
  return { ...item, state };
}

/** A ticket's outcome so far, as a KILL_SWITCH reply lists it. */
export function ticketData(item: FlattenTicket): TicketReport {
  const { what, ticket, symbol, state, attempts } = item;
  const head = { ticket, kind: what, symbol, state: state.kind === 'CLOSED' ? state.how : state.kind };
  return { ...head, volume: item.volumeLots, attempts, ...detail(state) };
}

function detail(state: TicketState): JsonObject {
  switch (state.kind) {
    case 'RETRY':
    case 'BLOCKED':
      return { code: state.code, message: state.message };
    case 'UNKNOWN':
      return { message: state.message };
    case 'PARTIAL':
      return { rest: state.restLots };
    case 'TAKEN_OUT':
      return { by: state.by };
    case 'OPEN':
    case 'CLOSING':
    case 'CLOSED':
      return {};
    default:
      return assertNever(state, 'ticket state');
  }
}

function filled(item: FlattenTicket, sent: CloseAttempt, result: TradeResult): FlattenTicket {
  const doneLots = result.volumeLots > 0 ? result.volumeLots : sent.askedLots;
  const restLots = addLots(sent.liveLots, -doneLots);
  const state = restLots > 0 ? ({ kind: 'PARTIAL', restLots } as const) : ({ kind: 'CLOSED', how: 'CLOSED' } as const);
  return { ...item, failures: 0, requotes: 0, state };
}

function failed(item: FlattenTicket, result: TradeResult, nowMs: number): FlattenTicket {
  const code = retcodeName(result.retcode);
  const needsOthers = retcodeClass(result.retcode) === 'operator' || result.retcode === RETCODE.MARKET_CLOSED;
  return needsOthers ? blocked(item, code, result.message, nowMs) : retry(item, code, result.message, nowMs);
}

function notSent(
  item: FlattenTicket,
  outcome: Extract<TradeOutcome, { kind: 'fenced' | 'expired' | 'unsent' }>,
  nowMs: number,
): FlattenTicket {
  switch (outcome.kind) {
    case 'fenced':
      return retry(item, 'FENCED', outcome.message, nowMs);
    case 'expired':
      return retry(item, 'EXPIRED', outcome.message, nowMs);
    case 'unsent':
      return blocked(item, 'TERMINAL_DISCONNECTED', outcome.message, nowMs);
    default:
      return assertNever(outcome, 'trade outcome');
  }
}

function dueAfter(item: FlattenTicket, nowMs: number): number {
  return nowMs + retryDelayMs(item.failures + 1);
}
