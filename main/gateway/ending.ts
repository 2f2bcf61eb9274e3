import { assertNever } from '../assert-never.ts';
import type { CommandState } from '../audit/audit-log.ts';
import type { TerminalState, TradeOutcome, TradeResult } from '../mt5/handler.ts';
import { RETCODE, type RetcodeClass, retcodeClass, retcodeName, retcodeText } from '../mt5/retcodes.ts';
import { failure, success } from '../protocol/envelope.ts';
import { type ErrorCode, refusal, type Refusal } from '../protocol/codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Side } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { noPosition, type SinglePlan, subjectOf } from './plan.ts';
import type { Ending } from './trade-journal.ts';

/** The terminal program's own words for a position that is not in the terminal. */
const NOT_OPEN = /^Position \d+ is not open$/;

/** The outcome is not known: it may have happened. */
export interface NotKnown {
  readonly state: 'UNKNOWN';
  readonly why: string;
  readonly result: TradeResult | null;
}

/** What was done, as far as the reply shows it. Volume in lots, price in quote currency; tickets 0 for none. */
export interface Done {
  readonly ticket: Ticket;
  readonly order: Ticket;
  readonly deal: Ticket;
  readonly position: Ticket;
  readonly volumeLots: number;
  readonly price: number;
  readonly retcode: number;
  readonly symbol?: string | undefined;
  readonly side?: Side | undefined;
}

/** What a trading call's outcome means for the command: its end, or that this is not known. */
export function endingOf(plan: SinglePlan, outcome: TradeOutcome, terminal: TerminalState): Ending | NotKnown {
  switch (outcome.kind) {
    case 'answered':
      return answered(plan, outcome.result, terminal);
    case 'fenced':
      return refused('FENCED', 'KILL_SWITCH_ENGAGED', outcome.message);
    case 'expired':
      return refused('EXPIRED', 'STALE', outcome.message);
    case 'unsent':
      return refused('REJECTED', 'TERMINAL_DISCONNECTED', outcome.message);
    case 'lost':
      return { state: 'UNKNOWN', why: outcome.message, result: null };
    default:
      return assertNever(outcome, 'outcome of a trading call');
  }
}

/** An end in which nothing happened. */
export function refused(
  state: Ending['state'],
  code: ErrorCode,
  message: string,
  result: TradeResult | null = null,
): Ending {
  return { state, answer: failure(refusal(code, message, result?.retcode)), result };
}

/** The end of a command that may no longer be written to the terminal. */
export function haltedBefore({ code, message }: Refusal): Ending {
  return refused(code === 'STALE' ? 'EXPIRED' : 'FENCED', code, message);
}

/** `data` of a trade's SUCCESS: the original gateway's keys first. */
export function doneData(done: Done): JsonObject {
  const { ticket, volumeLots: volume, price, order, deal, position, retcode, symbol, side } = done;
  const traded = { ...(symbol === undefined ? {} : { symbol }), ...(side === undefined ? {} : { side }) };
  return { status: 'SUCCESS', ticket, volume, price, order, deal, position, retcode, ...traded };
}

/** The class of a retcode for this plan: closing what is closed already is done. */
export function classFor(plan: SinglePlan, retcode: number): RetcodeClass {
  return plan.kind === 'close' && retcode === RETCODE.POSITION_CLOSED ? 'done' : retcodeClass(retcode);
}

function answered(plan: SinglePlan, result: TradeResult, terminal: TerminalState): Ending | NotKnown {
  const { retcode } = result;
  // What the terminal program did not find it has not asked the broker to close: then this command did nothing.
  if (plan.kind === 'close' && plan.isTold && retcode === RETCODE.POSITION_CLOSED && NOT_OPEN.test(result.message)) {
    const { code, message } = noPosition(plan.close.ticket);
    return refused('REJECTED', code, message, result);
  }
  const kind = classFor(plan, retcode);
  switch (kind) {
    case 'done':
      return done(plan, result);
    case 'ambiguous':
      return { state: 'UNKNOWN', why: said(result), result };
    case 'fresh-price':
      return refused('REJECTED', 'REQUOTE', said(result), result);
    case 'back-off':
      return refused('REJECTED', 'BUSY', said(result), result);
    case 'operator':
      return refused('REJECTED', 'TRADING_DISABLED', `${said(result)}: ${switchOf(retcode, terminal)}`, result);
    case 'reread':
    case 'filling':
    case 'permanent':
      return refused('REJECTED', 'REJECTED', said(result), result);
    default:
      return assertNever(kind, 'class of retcode');
  }
}

function done(plan: SinglePlan, result: TradeResult): Ending {
  const { order, deal, position, volumeLots, price, retcode } = result;
  const { symbol, side, ticket: about } = subjectOf(plan);
  const ticket = about ?? (position === 0n ? order : position);
  const traded = { ticket, order, deal, position, volumeLots, price, retcode, symbol, side };
  const data = { ...doneData(traded), ...changedFields(plan) };
  return { state: stateOf(plan, retcode), answer: success(data, retcode), result };
}

/** What a change put into force. */
function changedFields(plan: SinglePlan): JsonObject {
  switch (plan.kind) {
    case 'modify-position': {
      const { sl, tp } = plan.change;
      return { sl, tp };
    }
    case 'modify-order': {
      const { price, sl, tp, expirationMs = 0 } = plan.change;
      return { price, sl, tp, expiration: expirationMs / 1000 };
    }
    case 'open':
    case 'close':
    case 'cancel':
      return {};
    default:
      return assertNever(plan, 'plan');
  }
}

function stateOf(plan: SinglePlan, retcode: number): Extract<CommandState, 'DONE' | 'PARTIAL' | 'PLACED'> {
  if (retcode === RETCODE.DONE_PARTIAL) return 'PARTIAL';
  return plan.kind === 'open' && plan.order.type !== 'MARKET' ? 'PLACED' : 'DONE';
}

/** What the terminal said, with MT5's name of it. */
function said({ retcode, message }: TradeResult): string {
  const text = retcodeText(retcode);
  const words = message === '' || message === text ? text : `${text} (${message})`;
  return `${retcode} ${retcodeName(retcode)}: ${words}`;
}

function switchOf(retcode: number, { tradingBlockedBy }: TerminalState): string {
  if (tradingBlockedBy.length > 0) return `${tradingBlockedBy.join(', ')} is off`;
  if (retcode === RETCODE.CLIENT_DISABLES_AT) return 'AutoTrading in the terminal (TERMINAL_TRADE_ALLOWED) is off';
  if (retcode === RETCODE.TRADE_DISABLED) return 'trading of the account or symbol (SYMBOL_TRADE_MODE) is off';
  return "the broker's server does not allow automated trading (ACCOUNT_TRADE_EXPERT)";
}
