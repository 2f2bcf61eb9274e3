import { isMarketType } from './account-book.ts';
import { checkMoney, checkOrderCount, checkSwitches, checkVolumeLimit } from './account-rules.ts';
import type { BrokerOrder, BrokerPosition, BrokerSymbol, OrderType, RawTradeRequest, Side } from './broker-types.ts';
import { pointsBetween } from './market.ts';
import { closePrice } from './money.ts';
import { nameOf, ORDER_TIME, ORDER_TYPE, TRADE_ACTION } from './mql5-enums.ts';
import {
  checkOrderFreeze,
  checkPendingPrice,
  checkPositionFreeze,
  checkPriceForm,
  checkStops,
  sideOf,
} from './price-rules.ts';
import { RETCODE } from './retcodes.ts';
import {
  checkDirection,
  checkExpiration,
  checkFilling,
  checkOrderType,
  checkTradable,
  checkVolume,
} from './symbol-rules.ts';
import type { Venue } from './venue.ts';
import { subtractLots } from './volume.ts';

/** Who asks, and whether it is only asked what would happen (OrderCheck). */
export interface Asking {
  readonly isByProgram: boolean;
  readonly isRehearsal: boolean;
}

/** Why the trade server would refuse the request, as its return code; null when it carries it out. */
export function checkRequest(venue: Venue, request: RawTradeRequest, asking: Asking): number | null {
  return checkSwitches(venue, asking.isByProgram) ?? checkAction(venue, request, asking);
}

/** The position that the request changes: by its ticket, on a netting account also by the symbol. Null for none. */
export function positionToChange({ book, account }: Venue, request: RawTradeRequest): BrokerPosition | null {
  if (request.position !== 0n) return book.positions.get(request.position) ?? null;
  return account.marginMode === 'NETTING' ? book.positionOf(request.symbol) : null;
}

function checkAction(venue: Venue, request: RawTradeRequest, asking: Asking): number | null {
  switch (nameOf(TRADE_ACTION, request.action)) {
    case 'DEAL':
      return checkDeal(venue, request, asking);
    case 'PENDING':
      return checkPending(venue, request, asking);
    case 'SLTP':
      return checkPositionChange(venue, request);
    case 'MODIFY':
      return checkOrderChange(venue, request);
    case 'REMOVE':
      return checkRemoval(venue, request);
    case 'CLOSE_BY':
      return checkCloseBy(venue, request);
    case null:
    default:
      return RETCODE.INVALID;
  }
}

function checkDeal(venue: Venue, request: RawTradeRequest, asking: Asking): number | null {
  const symbol = venue.market.find(request.symbol);
  if (symbol === undefined) return RETCODE.INVALID;
  const type = nameOf(ORDER_TYPE, request.type);
  if (type === null || !isMarketType(type)) return RETCODE.INVALID_ORDER;
  return (
    checkWatched(symbol, asking) ??
    checkTradable(venue, symbol) ??
    checkOrderType(symbol, type) ??
    (request.position === 0n
      ? checkOpening(venue, symbol, type, request)
      : checkClosing(venue, symbol, type, request)) ??
    checkFilling(symbol, type, request.filling) ??
    checkDealPrice(venue, symbol, type, request, asking) ??
    (request.position === 0n ? checkMoney(venue, symbol, type, request.volumeLots) : null)
  );
}

// The program's terminal has no prices of a symbol that its Market Watch does not show.
function checkWatched({ selected }: BrokerSymbol, { isByProgram }: Asking): number | null {
  return selected || !isByProgram ? null : RETCODE.PRICE_OFF;
}

function checkOpening(venue: Venue, symbol: BrokerSymbol, side: Side, request: RawTradeRequest): number | null {
  const closing = closePrice(venue, { symbol: symbol.name, side });
  return (
    checkVolume(symbol, request.volumeLots) ??
    checkNewExposure(venue, symbol, side, request.volumeLots) ??
    checkStops(symbol, side, request, closing)
  );
}

// On a netting account what only lessens the opposite position takes nothing on.
function checkNewExposure(venue: Venue, symbol: BrokerSymbol, side: Side, lots: number): number | null {
  const held = venue.account.marginMode === 'NETTING' ? venue.book.positionOf(symbol.name) : null;
  const isOpposite = held !== null && held.side !== side;
  const added = isOpposite ? subtractLots(lots, held.volumeLots) : lots;
  if (added <= 0) return null;
  return checkDirection(symbol, side) ?? checkVolumeLimit(venue, symbol, side, added);
}

function checkClosing(venue: Venue, symbol: BrokerSymbol, side: Side, request: RawTradeRequest): number | null {
  const position = venue.book.positions.get(request.position);
  if (position === undefined) return RETCODE.POSITION_CLOSED;
  if (position.symbol !== symbol.name) return RETCODE.INVALID;
  if (position.side === side) return RETCODE.INVALID_ORDER;
  if (request.volumeLots > position.volumeLots) return RETCODE.INVALID_CLOSE_VOLUME;
  const isWhole = request.volumeLots === position.volumeLots && request.volumeLots <= symbol.volumeMax;
  return (
    (isWhole ? null : checkVolume(symbol, request.volumeLots)) ??
    checkNoCloseOrder(venue, position) ??
    checkPositionFreeze(venue, position)
  );
}

function checkNoCloseOrder({ book }: Venue, { identifier, side }: BrokerPosition): number | null {
  const isClosing = (order: BrokerOrder): boolean => order.positionId === identifier && sideOf(order.type) !== side;
  return [...book.orders.values()].some(isClosing) ? RETCODE.CLOSE_ORDER_EXIST : null;
}

// Only Instant and Request execution look at the price that was asked for.
function checkDealPrice(
  venue: Venue,
  symbol: BrokerSymbol,
  side: Side,
  { price, deviationPoints }: RawTradeRequest,
  { isRehearsal }: Asking,
): number | null {
  if (symbol.execution === 'MARKET' || symbol.execution === 'EXCHANGE') return null;
  const malformed = checkPriceForm(price, symbol);
  if (malformed !== null || isRehearsal) return malformed;
  const slip = Math.abs(pointsBetween(price, venue.market.dealPrice(symbol.name, side), symbol));
  return slip <= deviationPoints ? null : RETCODE.REQUOTE;
}

function checkPending(venue: Venue, request: RawTradeRequest, asking: Asking): number | null {
  const symbol = venue.market.find(request.symbol);
  if (symbol === undefined) return RETCODE.INVALID;
  const type = nameOf(ORDER_TYPE, request.type);
  if (type === null || isMarketType(type) || type === 'CLOSE_BY') return RETCODE.INVALID_ORDER;
  const side = sideOf(type);
  return (
    checkWatched(symbol, asking) ??
    checkTradable(venue, symbol) ??
    checkOrderType(symbol, type) ??
    checkDirection(symbol, side) ??
    checkVolume(symbol, request.volumeLots) ??
    checkFilling(symbol, type, request.filling) ??
    checkPlacement(venue, symbol, type, request) ??
    checkOrderCount(venue) ??
    checkVolumeLimit(venue, symbol, side, request.volumeLots)
  );
}

function checkPlacement(venue: Venue, symbol: BrokerSymbol, type: OrderType, request: RawTradeRequest): number | null {
  return (
    checkPendingPrice(venue, symbol, type, request.price) ??
    checkStops(symbol, sideOf(type), request, request.price) ??
    checkExpiration(venue, symbol, request)
  );
}

function checkPositionChange(venue: Venue, request: RawTradeRequest): number | null {
  const position = positionToChange(venue, request);
  if (position === null) return request.position === 0n ? RETCODE.INVALID : RETCODE.POSITION_CLOSED;
  if (request.symbol !== position.symbol) return RETCODE.INVALID;
  const symbol = venue.market.symbol(position.symbol);
  const { sl, tp } = request;
  const isUnchanged = sl === position.sl && tp === position.tp;
  // A stop that stays where it is may be near the market: only one that moves is held against it.
  const moved = { sl: sl === position.sl ? 0 : sl, tp: tp === position.tp ? 0 : tp };
  return (
    checkTradable(venue, symbol) ??
    (isUnchanged ? RETCODE.NO_CHANGES : null) ??
    checkPositionFreeze(venue, position) ??
    checkStops(symbol, position.side, moved, closePrice(venue, position))
  );
}

function checkOrderChange(venue: Venue, request: RawTradeRequest): number | null {
  const order = venue.book.orders.get(request.order);
  if (order === undefined || isMarketType(order.type)) return RETCODE.INVALID;
  const symbol = venue.market.symbol(order.symbol);
  const { price, sl, tp } = request;
  const isMoved = price !== order.priceOpen;
  const isUnchanged = !isMoved && sl === order.sl && tp === order.tp && isSameLifetime(order, request);
  return (
    checkTradable(venue, symbol) ??
    (isUnchanged ? RETCODE.NO_CHANGES : null) ??
    checkOrderFreeze(venue, order) ??
    (isMoved ? checkPendingPrice(venue, symbol, order.type, price) : null) ??
    checkStops(symbol, sideOf(order.type), request, price) ??
    checkExpiration(venue, symbol, request)
  );
}

function isSameLifetime(order: BrokerOrder, { timeType, expirationS }: RawTradeRequest): boolean {
  if (ORDER_TIME[order.timeType] !== timeType) return false;
  return order.expirationS === 0 || order.expirationS === expirationS;
}

function checkRemoval(venue: Venue, request: RawTradeRequest): number | null {
  const order = venue.book.orders.get(request.order);
  if (order === undefined) return RETCODE.INVALID;
  return checkTradable(venue, venue.market.symbol(order.symbol)) ?? checkOrderFreeze(venue, order);
}

function checkCloseBy(venue: Venue, request: RawTradeRequest): number | null {
  if (venue.account.marginMode !== 'HEDGING') return RETCODE.INVALID;
  const position = venue.book.positions.get(request.position);
  const by = venue.book.positions.get(request.positionBy);
  if (position === undefined || by === undefined) return RETCODE.POSITION_CLOSED;
  if (position.symbol !== by.symbol || position.side === by.side) return RETCODE.INVALID;
  const symbol = venue.market.symbol(position.symbol);
  return (
    checkTradable(venue, symbol) ??
    checkOrderType(symbol, 'CLOSE_BY') ??
    checkNoCloseOrder(venue, position) ??
    checkNoCloseOrder(venue, by) ??
    checkPositionFreeze(venue, position) ??
    checkPositionFreeze(venue, by)
  );
}
