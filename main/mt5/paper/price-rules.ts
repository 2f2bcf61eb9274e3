import type { OrderType, Side } from '../../protocol/payloads.ts';
import type { SymbolSpec, Tick } from '../market.ts';
import { formatPrice, pointsBetween } from '../price.ts';
import { RETCODE } from '../retcodes.ts';
import { refuse, type Refused } from './verdict.ts';

/** Stop loss and take profit; 0 for none. */
export interface Stops {
  readonly sl: number;
  readonly tp: number;
}

/** 10015 unless a pending price stands on its side of the market, at least the stops level away: a buy limit below the ask. */
export function checkPendingPrice(
  side: Side,
  type: Exclude<OrderType, 'MARKET'>,
  price: number,
  tick: Tick,
  spec: SymbolSpec,
): Refused | null {
  const market = side === 'BUY' ? tick.ask : tick.bid;
  const belowMarket = (type === 'LIMIT') === (side === 'BUY');
  const distance = belowMarket ? pointsBetween(price, market, spec.point) : pointsBetween(market, price, spec.point);
  if (distance >= nearest(spec)) return null;
  return refuse(
    RETCODE.INVALID_PRICE,
    `a ${side}_${type} stands at least ${nearest(spec)} points ${belowMarket ? 'below' : 'above'} ` +
      `the ${side === 'BUY' ? 'ask' : 'bid'} of ${formatPrice(market, spec.digits)}`,
  );
}

/**
 * 10016 unless the stops stand on their sides of `reference`, at least the stops level away. The reference is the price
 * at which the position would be closed (a buy's is the bid), for a pending order its own price.
 */
export function checkStops(side: Side, { sl, tp }: Stops, reference: number, spec: SymbolSpec): Refused | null {
  const lossSide = side === 'BUY' ? 'below' : 'above';
  const profitSide = side === 'BUY' ? 'above' : 'below';
  return (
    checkStop('stop loss', sl, lossSide, reference, spec) ?? checkStop('take profit', tp, profitSide, reference, spec)
  );
}

/**
 * 10029 where the market has come within the freeze level of a price that may trigger at any moment: an order's, or a stop
 * that a position has. 0 is no price.
 */
export function checkFreeze(prices: readonly number[], market: number, spec: SymbolSpec): Refused | null {
  const level = spec.freezeLevelPoints;
  if (level === 0) return null;
  const near = prices.find((price) => price !== 0 && Math.abs(pointsBetween(price, market, spec.point)) <= level);
  if (near === undefined) return null;
  return refuse(
    RETCODE.FROZEN,
    `${formatPrice(near, spec.digits)} is within ${level} points of ${formatPrice(market, spec.digits)}`,
  );
}

/** The price at which a position of `side` would be closed now. */
export function closingPrice(side: Side, tick: Tick): number {
  return side === 'BUY' ? tick.bid : tick.ask;
}

function checkStop(
  name: string,
  price: number,
  where: 'above' | 'below',
  reference: number,
  spec: SymbolSpec,
): Refused | null {
  if (price === 0) return null;
  const above = pointsBetween(reference, price, spec.point);
  if ((where === 'above' ? above : -above) >= nearest(spec)) return null;
  return refuse(
    RETCODE.INVALID_STOPS,
    `the ${name} stands at least ${nearest(spec)} points ${where} ${formatPrice(reference, spec.digits)}`,
  );
}

// On the market itself a price would trigger at once, so one point is the least even without a stops level.
function nearest(spec: SymbolSpec): number {
  return Math.max(1, spec.stopsLevelPoints);
}
