import { assertNever } from '../../assert-never.ts';
import type { Side } from '../../protocol/payloads.ts';
import type { CloseOrder } from '../handler.ts';
import type { FillingMode, NewOrder, SymbolSpec } from '../market.ts';
import { pointsBetween } from '../price.ts';
import { RETCODE } from '../retcodes.ts';
import { addLots, formatLots, isOnStep, normaliseLots } from '../volume.ts';
import { LIMIT_ORDERS, marginWith, worthNow } from './account-view.ts';
import type { BookPosition } from './book.ts';
import { symbolOf, type Desk } from './desk.ts';
import { sideOf } from './execution.ts';
import { fillingModes } from './filling.ts';
import { dealPrice } from './money.ts';
import { checkPendingPrice, checkStops, closingPrice } from './price-rules.ts';
import { refuse, type Refused } from './verdict.ts';

/** Longest comment that reaches the broker. */
const MAX_COMMENT = 31;

/** What is wrong with a new order, in the order in which MetaTrader 5 looks; null when it may be executed. */
export function checkNewOrder(desk: Desk, order: NewOrder, filling: FillingMode): Refused | null {
  const symbol = desk.symbols.get(order.symbol);
  if (symbol === undefined) return refuse(RETCODE.INVALID, `no symbol ${order.symbol}`);
  return (
    checkForm(order) ??
    checkTradable(desk, order.symbol) ??
    checkDirection(desk, order) ??
    checkFilling(symbol.spec, order, filling) ??
    checkVolume(symbol.spec, order.volumeLots) ??
    checkPrices(desk, order, symbol.spec) ??
    checkExpiration(desk, order.type === 'MARKET' ? undefined : order.expirationMs) ??
    checkLimits(desk, order) ??
    checkMoney(desk, order)
  );
}

/** What is wrong with closing a position; null when it may be closed. */
export function checkClose(desk: Desk, position: BookPosition, close: CloseOrder): Refused | null {
  if (position.symbol !== close.symbol) {
    return refuse(RETCODE.INVALID, `position ${position.ticket} is of ${position.symbol}, not ${close.symbol}`);
  }
  return (
    checkComment(close.comment) ??
    checkTradable(desk, position.symbol) ??
    checkCloseVolume(symbolOf(desk, position.symbol).spec, position, close.volumeLots)
  );
}

/** 10018 while the symbol's market is closed, 10017 while it may not be traded at all. */
export function checkTradable(desk: Desk, symbol: string): Refused | null {
  if (desk.tradeMode(symbol) === 'DISABLED') return refuse(RETCODE.TRADE_DISABLED, symbol);
  return desk.isOpen(symbol) ? null : refuse(RETCODE.MARKET_CLOSED, symbol);
}

/** 10022 for a time that has passed; 0 and undefined are no expiration. */
export function checkExpiration(desk: Desk, expirationMs: number | undefined): Refused | null {
  if (expirationMs === undefined || expirationMs === 0 || expirationMs > desk.nowMs()) return null;
  return refuse(RETCODE.INVALID_EXPIRATION, 'it has passed');
}

/** 10013 for stops or prices that are no price. */
export function checkPriceForm(prices: Readonly<Record<string, number>>): Refused | null {
  for (const [name, price] of Object.entries(prices)) {
    if (!Number.isFinite(price) || price < 0) return refuse(RETCODE.INVALID, `${name} is not a price`);
  }
  return null;
}

/** 10004 where the price of an instant execution moved further than the client allowed since it was asked for. */
export function checkSlip(spec: SymbolSpec, askedPrice: number, price: number, deviation: number): Refused | null {
  if (spec.execution !== 'INSTANT' && spec.execution !== 'REQUEST') return null;
  return Math.abs(pointsBetween(askedPrice, price, spec.point)) <= deviation ? null : refuse(RETCODE.REQUOTE);
}

/** 10019 where the account could not carry one more position. */
export function checkMoney(
  desk: Desk,
  order: Pick<NewOrder, 'symbol' | 'side' | 'volumeLots' | 'type'>,
): Refused | null {
  if (order.type !== 'MARKET') return null;
  const { symbol, side, volumeLots } = order;
  const { equity, margin } = worthNow(desk);
  const needed = marginWith(desk, { symbol, side, volumeLots, openPrice: dealPrice(side, desk.tick(symbol)) });
  if (needed <= margin || needed <= equity) return null;
  return refuse(RETCODE.NO_MONEY, `margin ${needed.toFixed(2)} is above the equity of ${equity.toFixed(2)}`);
}

function checkForm({ price, sl, tp, comment, type }: NewOrder): Refused | null {
  if (type !== 'MARKET' && price === undefined) return refuse(RETCODE.INVALID_PRICE, 'a pending order has a price');
  return checkPriceForm({ price: price ?? 0, sl: sl ?? 0, tp: tp ?? 0 }) ?? checkComment(comment);
}

function checkComment(comment: string): Refused | null {
  return comment.length <= MAX_COMMENT
    ? null
    : refuse(RETCODE.INVALID, `a comment has at most ${MAX_COMMENT} characters`);
}

function checkDirection(desk: Desk, { symbol, side }: NewOrder): Refused | null {
  const mode = desk.tradeMode(symbol);
  switch (mode) {
    case 'DISABLED':
      return refuse(RETCODE.TRADE_DISABLED, symbol);
    case 'CLOSEONLY':
      return refuse(RETCODE.CLOSE_ONLY);
    case 'LONGONLY':
      return side === 'BUY' ? null : refuse(RETCODE.LONG_ONLY);
    case 'SHORTONLY':
      return side === 'SELL' ? null : refuse(RETCODE.SHORT_ONLY);
    case 'FULL':
      return null;
    default:
      return assertNever(mode, 'trade mode');
  }
}

function checkFilling(spec: SymbolSpec, order: NewOrder, filling: FillingMode): Refused | null {
  return fillingModes(spec, order.type).includes(filling) ? null : refuse(RETCODE.INVALID_FILL, filling);
}

function checkVolume(spec: SymbolSpec, lots: number): Refused | null {
  const { volumeMin, volumeMax, volumeStep } = spec;
  const inRange = lots >= volumeMin && lots <= volumeMax;
  if (inRange && isOnStep(lots, volumeStep)) return null;
  const range = `${formatLots(volumeMin, volumeStep)} to ${formatLots(volumeMax, volumeStep)}`;
  return refuse(RETCODE.INVALID_VOLUME, `${lots} is not a volume from ${range} in steps of ${volumeStep}`);
}

function checkCloseVolume(spec: SymbolSpec, position: BookPosition, lots = position.volumeLots): Refused | null {
  if (normaliseLots(lots) > position.volumeLots) {
    return refuse(RETCODE.INVALID_CLOSE_VOLUME, `${lots} of ${formatLots(position.volumeLots, spec.volumeStep)} lots`);
  }
  if (lots === position.volumeLots || (lots >= spec.volumeMin && isOnStep(lots, spec.volumeStep))) return null;
  return refuse(RETCODE.INVALID_VOLUME, `${lots} is not in steps of ${spec.volumeStep}`);
}

function checkPrices(desk: Desk, order: NewOrder, spec: SymbolSpec): Refused | null {
  const { side, type, price = 0, sl = 0, tp = 0 } = order;
  const tick = desk.tick(order.symbol);
  if (type === 'MARKET') return checkStops(side, { sl, tp }, closingPrice(side, tick), spec);
  return checkPendingPrice(side, type, price, tick, spec) ?? checkStops(side, { sl, tp }, price, spec);
}

function checkLimits(desk: Desk, order: NewOrder): Refused | null {
  if (order.type !== 'MARKET' && desk.book.pending.size >= LIMIT_ORDERS) return refuse(RETCODE.LIMIT_ORDERS);
  const limit = symbolOf(desk, order.symbol).volumeLimitLots;
  if (limit === 0 || addLots(lotsOnSide(desk, order.symbol, order.side), order.volumeLots) <= limit) return null;
  return refuse(RETCODE.LIMIT_VOLUME, `${limit} lots on one side`);
}

function lotsOnSide({ book }: Desk, symbol: string, side: Side): number {
  let lots = 0;
  for (const position of book.positions.values()) {
    if (position.symbol === symbol && position.side === side) lots = addLots(lots, position.volumeLots);
  }
  for (const order of book.pending.values()) {
    if (order.symbol === symbol && sideOf(order) === side) lots = addLots(lots, order.volumeCurrentLots);
  }
  return lots;
}
