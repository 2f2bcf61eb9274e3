import { assertNever } from '../../../main/assert-never.ts';
import type { BrokerSymbol, Filling, OrderType, RawTradeRequest, Side } from './broker-types.ts';
import { EXPIRATION_FLAG, nameOf, ORDER_FILLING, ORDER_FLAG, ORDER_TIME } from './mql5-enums.ts';
import { RETCODE } from './retcodes.ts';
import type { Venue } from './venue.ts';
import { isOnStep } from './volume.ts';

/** 10017 for a symbol that may not be traded, 10018 while its market is closed: closing and changing need both too. */
export function checkTradable(venue: Venue, symbol: BrokerSymbol): number | null {
  if (symbol.tradeMode === 'DISABLED') return RETCODE.TRADE_DISABLED;
  return venue.market.isOpen(symbol.name) ? null : RETCODE.MARKET_CLOSED;
}

/** Whether a new exposure of `side` may be taken on. */
export function checkDirection({ tradeMode }: BrokerSymbol, side: Side): number | null {
  switch (tradeMode) {
    case 'DISABLED':
      return RETCODE.TRADE_DISABLED;
    case 'LONGONLY':
      return side === 'BUY' ? null : RETCODE.LONG_ONLY;
    case 'SHORTONLY':
      return side === 'SELL' ? null : RETCODE.SHORT_ONLY;
    case 'CLOSEONLY':
      return RETCODE.CLOSE_ONLY;
    case 'FULL':
      return null;
    default:
      return assertNever(tradeMode, 'trade mode');
  }
}

/** 10014 unless the volume is inside the symbol's limits and on its step. */
export function checkVolume({ volumeMin, volumeMax, volumeStep }: BrokerSymbol, lots: number): number | null {
  const isGood = lots >= volumeMin && lots <= volumeMax && isOnStep(lots, volumeStep);
  return isGood ? null : RETCODE.INVALID_VOLUME;
}

/** 10030 for a filling that the symbol's execution does not have for this kind of order. */
export function checkFilling(symbol: BrokerSymbol, type: OrderType, filling: number): number | null {
  const name = nameOf(ORDER_FILLING, filling);
  return name !== null && isFillingAllowed(symbol, type, name) ? null : RETCODE.INVALID_FILL;
}

/** 10035 for a kind of order that the symbol does not take. */
export function checkOrderType({ orderFlags }: BrokerSymbol, type: OrderType): number | null {
  return (orderFlags & flagOf(type)) === 0 ? RETCODE.INVALID_ORDER : null;
}

/** 10022 for an expiration that has passed, or of a kind that the symbol does not take. */
export function checkExpiration(venue: Venue, symbol: BrokerSymbol, request: RawTradeRequest): number | null {
  const type = nameOf(ORDER_TIME, request.timeType);
  if (type === null || (symbol.expirationFlags & EXPIRATION_FLAG[type]) === 0) return RETCODE.INVALID_EXPIRATION;
  if (type === 'GTC' || type === 'DAY') return null;
  return request.expirationS * 1_000 > venue.nowMsc() ? null : RETCODE.INVALID_EXPIRATION;
}

// Instant and Request execution take all but BOC; Market never RETURN; Exchange RETURN always. Pending orders take RETURN always.
function isFillingAllowed({ execution, fillingFlags }: BrokerSymbol, type: OrderType, filling: Filling): boolean {
  const isPending = type !== 'BUY' && type !== 'SELL';
  if (filling === 'BOC') return type.endsWith('_LIMIT') && fillingFlags.includes('BOC');
  if (execution === 'INSTANT' || execution === 'REQUEST') return true;
  if (filling === 'RETURN') return isPending || execution === 'EXCHANGE';
  return fillingFlags.includes(filling);
}

function flagOf(type: OrderType): number {
  switch (type) {
    case 'BUY':
    case 'SELL':
      return ORDER_FLAG.MARKET;
    case 'BUY_LIMIT':
    case 'SELL_LIMIT':
      return ORDER_FLAG.LIMIT;
    case 'BUY_STOP':
    case 'SELL_STOP':
      return ORDER_FLAG.STOP;
    case 'BUY_STOP_LIMIT':
    case 'SELL_STOP_LIMIT':
      return ORDER_FLAG.STOP_LIMIT;
    case 'CLOSE_BY':
      return ORDER_FLAG.CLOSEBY;
    default:
      return assertNever(type, 'order type');
  }
}
