import type { BrokerOrder, BrokerPosition, BrokerSymbol, OrderType, Side, Stops } from './broker-types.ts';
import { pointsBetween } from './market.ts';
import { closePrice } from './money.ts';
import { RETCODE } from './retcodes.ts';
import type { Venue } from './venue.ts';

/** The side of the deal that an order leads to. */
export function sideOf(type: OrderType): Side {
  return type.startsWith('SELL') ? 'SELL' : 'BUY';
}

/** 10015 for a price that is none, or that is not a whole number of ticks. */
export function checkPriceForm(price: number, symbol: BrokerSymbol): number | null {
  return price > 0 && isOnTick(price, symbol) ? null : RETCODE.INVALID_PRICE;
}

/** 10015 unless a pending price stands on its side of the market, at least the stops level away: a buy limit below the ask. */
export function checkPendingPrice(venue: Venue, symbol: BrokerSymbol, type: OrderType, price: number): number | null {
  const isBelow = type === 'BUY_LIMIT' || type === 'SELL_STOP';
  const market = venue.market.dealPrice(symbol.name, sideOf(type));
  const distance = isBelow ? pointsBetween(price, market, symbol) : pointsBetween(market, price, symbol);
  return checkPriceForm(price, symbol) ?? (distance >= nearest(symbol) ? null : RETCODE.INVALID_PRICE);
}

/**
 * 10016 unless the stops stand on their sides of `reference`, at least the stops level away: for a position the price at
 * which it would be closed, for a pending order its own.
 */
export function checkStops(symbol: BrokerSymbol, side: Side, { sl, tp }: Stops, reference: number): number | null {
  const sign = side === 'BUY' ? 1 : -1;
  const isGood = (stop: number, points: number): boolean =>
    stop === 0 || (isOnTick(stop, symbol) && stop > 0 && points * sign >= nearest(symbol));
  const slIsGood = isGood(sl, pointsBetween(sl, reference, symbol));
  return slIsGood && isGood(tp, pointsBetween(reference, tp, symbol)) ? null : RETCODE.INVALID_STOPS;
}

/** 10029 while one of the position's stops may trigger at any moment. */
export function checkPositionFreeze(venue: Venue, position: BrokerPosition): number | null {
  const symbol = venue.market.symbol(position.symbol);
  return checkFreeze(symbol, [position.sl, position.tp], closePrice(venue, position));
}

/** 10029 while the pending order may trigger at any moment. */
export function checkOrderFreeze(venue: Venue, order: BrokerOrder): number | null {
  const symbol = venue.market.symbol(order.symbol);
  return checkFreeze(symbol, [order.priceOpen], venue.market.dealPrice(order.symbol, sideOf(order.type)));
}

function checkFreeze(symbol: BrokerSymbol, prices: readonly number[], market: number): number | null {
  const level = symbol.freezeLevelPoints;
  const isNear = (price: number): boolean => price !== 0 && Math.abs(pointsBetween(price, market, symbol)) <= level;
  return level > 0 && prices.some(isNear) ? RETCODE.FROZEN : null;
}

function isOnTick(price: number, { tickSize }: BrokerSymbol): boolean {
  const ticks = price / tickSize;
  return Number.isFinite(ticks) && Math.abs(ticks - Math.round(ticks)) < 1e-5;
}

// On the market itself a price would trigger at once, so one point is the least even without a stops level.
function nearest(symbol: BrokerSymbol): number {
  return Math.max(1, symbol.stopsLevelPoints);
}
