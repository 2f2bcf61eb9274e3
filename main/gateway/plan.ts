import type { CommandKey } from '../audit/audit-log.ts';
import type { CloseOrder, Mt5Handler } from '../mt5/handler.ts';
import type { NewOrder, Position } from '../mt5/market.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { RequestOf } from '../protocol/decode.ts';
import type { OrderType, Side } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type { SymbolDigits } from './symbol-digits.ts';
import { magicOf, tagOf, taggedComment } from './trade-marks.ts';
import type { TradeRequest } from './trade.ts';

/** What the terminal is asked to do. */
export type Plan =
  | { readonly kind: 'open'; readonly order: NewOrder; readonly tag: string }
  | { readonly kind: 'close'; readonly close: CloseOrder; readonly position: Position; readonly tag: string }
  | { readonly kind: 'cancel'; readonly ticket: Ticket };

/** Largest slip of an order that names none, in points. */
export const DEFAULT_DEVIATION_POINTS = 20;

/**
 * Makes the plan of a command. Closing needs the position's symbol, which never changes for a ticket, so that reading it
 * before the intent is recorded opens no race: that the position is still there, and how large it is, the terminal checks.
 */
export function makePlan(
  request: TradeRequest,
  key: CommandKey,
  magicBase: number,
  terminal: Mt5Handler,
  symbols: Pick<SymbolDigits, 'has'>,
): Promise<Plan | Refusal> {
  switch (request.action) {
    case 'OPEN_ORDER':
      return openPlan(request, key, magicBase, terminal, symbols);
    case 'CLOSE_POSITION':
      return closePlan(request, key, terminal);
    case 'CANCEL_ORDER':
      return Promise.resolve({ kind: 'cancel', ticket: request.payload.ticket });
  }
}

/** Whether making a plan ended in a refusal. */
export function isRefusal(made: Plan | Refusal): made is Refusal {
  return 'code' in made;
}

async function openPlan(
  { payload }: RequestOf<'OPEN_ORDER'>,
  key: CommandKey,
  magicBase: number,
  terminal: Mt5Handler,
  symbols: Pick<SymbolDigits, 'has'>,
): Promise<Plan | Refusal> {
  if (!symbols.has(payload.symbol)) {
    const found = await terminal.symbol(payload.symbol);
    if (!found.ok) return refusal(found.code, found.message);
  }
  const tag = tagOf(key);
  const { symbol, side, type, price, sl, tp, deviation, magic, comment, expiration } = payload;
  const order: NewOrder = {
    symbol,
    side,
    type,
    volumeLots: payload.volume,
    ...(price === undefined ? {} : { price }),
    ...(sl === undefined ? {} : { sl }),
    ...(tp === undefined ? {} : { tp }),
    deviationPoints: deviation ?? DEFAULT_DEVIATION_POINTS,
    magic: magic ?? magicOf(key.client, magicBase),
    comment: taggedComment(comment ?? '', tag),
    ...(expiration === undefined ? {} : { expirationMs: expiration * 1000 }),
  };
  return { kind: 'open', order, tag };
}

async function closePlan(
  { payload }: RequestOf<'CLOSE_POSITION'>,
  key: CommandKey,
  terminal: Mt5Handler,
): Promise<Plan | Refusal> {
  const { ticket, volume, deviation } = payload;
  const found = await terminal.positions({ ticket });
  if (!found.ok) return refusal(found.code, found.message);
  const position = found.value.find((other) => other.ticket === ticket);
  if (position === undefined) return refusal('NOT_FOUND', `there is no open position ${ticket}`);
  const tag = tagOf(key);
  const close: CloseOrder = {
    ticket,
    symbol: position.symbol,
    ...(volume === undefined ? {} : { volumeLots: volume }),
    deviationPoints: deviation ?? DEFAULT_DEVIATION_POINTS,
    // The position's own, so that its history stays under one number.
    magic: position.magic,
    comment: taggedComment('', tag),
  };
  return { kind: 'close', close, position, tag };
}

/** What is being traded, for the audit row and the reply. */
export interface Subject {
  readonly symbol?: string;
  readonly side?: Side;
  readonly type?: OrderType;
  readonly volumeLots?: number;
  readonly price?: number;
  readonly sl?: number;
  readonly tp?: number;
  readonly magic?: bigint;
  readonly tag?: string;
  /** The position or order that it is about. */
  readonly ticket?: Ticket;
}

/** The subject of a plan. `side` is the side of the deal: closing a long position sells. */
export function subjectOf(plan: Plan): Subject {
  switch (plan.kind) {
    case 'open':
      return { ...plan.order, tag: plan.tag };
    case 'close':
      return {
        symbol: plan.close.symbol,
        side: plan.position.side === 'BUY' ? 'SELL' : 'BUY',
        volumeLots: plan.close.volumeLots ?? plan.position.volumeLots,
        magic: plan.close.magic,
        tag: plan.tag,
        ticket: plan.close.ticket,
      };
    case 'cancel':
      return { ticket: plan.ticket };
  }
}
