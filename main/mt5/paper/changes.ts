import type { OrderType } from '../../protocol/payloads.ts';
import type { Ticket } from '../../protocol/ticket.ts';
import type { OrderChange, PositionChange, TradeResult } from '../handler.ts';
import type { Order } from '../market.ts';
import { normalisePrice } from '../price.ts';
import { RETCODE } from '../retcodes.ts';
import { type Desk, symbolOf } from './desk.ts';
import { sideOf } from './execution.ts';
import type { Ledger } from './ledger.ts';
import { dealPrice } from './money.ts';
import { checkExpiration, checkPriceForm, checkTradable } from './order-rules.ts';
import { checkFreeze, checkPendingPrice, checkStops, closingPrice, type Stops } from './price-rules.ts';
import { refuse, tradeResult, type Refused } from './verdict.ts';

/** Changes a position's stops. Only a stop that changes is held against the market, so that the other may be near it. */
export function modifyPosition(ledger: Ledger, change: PositionChange): TradeResult {
  const { desk } = ledger;
  const position = desk.book.positions.get(change.ticket);
  if (position === undefined) return ledger.refusal(refuse(RETCODE.POSITION_CLOSED), '');
  const { spec } = symbolOf(desk, position.symbol);
  const tick = desk.tick(position.symbol);
  const stops = { sl: normalisePrice(change.sl, spec.digits), tp: normalisePrice(change.tp, spec.digits) };
  const refused =
    checkPriceForm({ ...stops }) ??
    checkTradable(desk, position.symbol) ??
    checkFreeze([position.sl, position.tp], closingPrice(position.side, tick), spec) ??
    checkStops(position.side, changedStops(stops, position), closingPrice(position.side, tick), spec);
  if (refused !== null) return ledger.refusal(refused, position.symbol);
  if (stops.sl === position.sl && stops.tp === position.tp) return tradeResult(RETCODE.NO_CHANGES, tick);
  const draft = ledger.draft();
  draft.add({ kind: 'POSITION', position: { ...position, ...stops, updatedAtMs: desk.nowMs() } });
  return ledger.commit(draft, position.symbol, RETCODE.DONE, { position: position.ticket });
}

/** Moves a pending order, its stops or its expiration. */
export function modifyOrder(ledger: Ledger, change: OrderChange): TradeResult {
  const { desk } = ledger;
  const order = desk.book.pending.get(change.ticket);
  if (order === undefined) return noSuchOrder(ledger, change.ticket);
  const { digits } = symbolOf(desk, order.symbol).spec;
  const after: Order = {
    ...order,
    openPrice: normalisePrice(change.price, digits),
    sl: normalisePrice(change.sl, digits),
    tp: normalisePrice(change.tp, digits),
    expirationMs: change.expirationMs ?? 0,
  };
  const refused = checkChange(ledger, order, after);
  if (refused !== null) return ledger.refusal(refused, order.symbol);
  if (isUnchanged(order, after)) return tradeResult(RETCODE.NO_CHANGES, desk.tick(order.symbol));
  const draft = ledger.draft();
  draft.add({ kind: 'ORDER', order: after });
  return ledger.commit(draft, order.symbol, RETCODE.DONE, { order: order.ticket });
}

/** Removes a pending order; what was filled of it stays. */
export function cancelOrder(ledger: Ledger, ticket: Ticket): TradeResult {
  const order = ledger.desk.book.pending.get(ticket);
  if (order === undefined) return noSuchOrder(ledger, ticket);
  const refused = checkTradable(ledger.desk, order.symbol) ?? checkFrozen(ledger.desk, order);
  return refused === null ? endOrder(ledger, order, 'CANCELED') : ledger.refusal(refused, order.symbol);
}

/** Ends a pending order as it stands, with no rule in the way. */
export function endOrder(ledger: Ledger, order: Order, state: 'CANCELED' | 'EXPIRED'): TradeResult {
  const draft = ledger.draft();
  draft.add({ kind: 'ORDER_DONE', order: { ...order, state, doneAtMs: ledger.desk.nowMs() } });
  return ledger.commit(draft, order.symbol, RETCODE.DONE, { order: order.ticket });
}

/** The kind of a pending order, without its side. */
export function pendingType(order: Order): Exclude<OrderType, 'MARKET'> {
  return order.type.endsWith('_LIMIT') ? 'LIMIT' : 'STOP';
}

function checkChange({ desk }: Ledger, before: Order, after: Order): Refused | null {
  const { symbol, openPrice: price, sl, tp } = after;
  const { spec } = symbolOf(desk, symbol);
  const side = sideOf(after);
  const moved = price !== before.openPrice;
  return (
    checkPriceForm({ price, sl, tp }) ??
    checkTradable(desk, symbol) ??
    checkFrozen(desk, before) ??
    (moved ? checkPendingPrice(side, pendingType(after), price, desk.tick(symbol), spec) : null) ??
    checkStops(side, { sl, tp }, price, spec) ??
    checkExpiration(desk, after.expirationMs)
  );
}

function checkFrozen(desk: Desk, order: Order): Refused | null {
  const { spec } = symbolOf(desk, order.symbol);
  return checkFreeze([order.openPrice], dealPrice(sideOf(order), desk.tick(order.symbol)), spec);
}

function isUnchanged(before: Order, after: Order): boolean {
  const fields = ['openPrice', 'sl', 'tp', 'expirationMs'] as const;
  return fields.every((field) => before[field] === after[field]);
}

function changedStops(wanted: Stops, current: Stops): Stops {
  return { sl: wanted.sl === current.sl ? 0 : wanted.sl, tp: wanted.tp === current.tp ? 0 : wanted.tp };
}

function noSuchOrder(ledger: Ledger, ticket: Ticket): TradeResult {
  return ledger.refusal(refuse(RETCODE.INVALID, `order ${ticket} is not pending`), '');
}
