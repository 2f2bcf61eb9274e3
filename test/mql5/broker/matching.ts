import { assertNever } from '../../../main/assert-never.ts';
import { isMarketType } from './account-book.ts';
import { checkMoney } from './account-rules.ts';
import type { BrokerOrder, BrokerPosition, DealReason } from './broker-types.ts';
import { completeOrder, fillOrder, newOrder } from './execution.ts';
import { opposite } from './market.ts';
import { accountFigures, closePrice, floatingProfit } from './money.ts';
import { sideOf } from './price-rules.ts';
import type { Venue } from './venue.ts';

const DAY_MS = 86_400_000;

/** What a new price of the symbol sets off: rests of orders, pending orders, stops, and a stop out. */
export function match(venue: Venue, symbol: string): void {
  if (!venue.book.hasInterestIn(symbol) || !venue.market.isOpen(symbol)) return;
  expireOrders(venue);
  for (const order of ordersOf(venue, symbol)) if (isRest(order)) completeOrder(venue, order);
  for (const order of ordersOf(venue, symbol)) if (isReached(venue, order)) trigger(venue, order);
  for (const position of positionsOf(venue, symbol)) closeAtStop(venue, position);
  stopOut(venue);
}

/** Ends the pending orders whose time has come. */
export function expireOrders(venue: Venue): void {
  const nowMsc = venue.nowMsc();
  for (const order of venue.book.pending()) {
    if (expiresAtMsc(order) <= nowMsc) venue.book.endOrder(order, 'EXPIRED', nowMsc);
  }
}

function expiresAtMsc({ timeType, expirationS, timeSetupMsc }: BrokerOrder): number {
  switch (timeType) {
    case 'GTC':
      return Infinity;
    case 'DAY':
      return endOfDay(timeSetupMsc);
    case 'SPECIFIED':
      return expirationS * 1_000;
    case 'SPECIFIED_DAY':
      return endOfDay(expirationS * 1_000);
    default:
      return assertNever(timeType, 'lifetime of an order');
  }
}

function endOfDay(timeMsc: number): number {
  return (Math.floor(timeMsc / DAY_MS) + 1) * DAY_MS;
}

// A market order of which the market gave only a part; one that is only placed yet is dealt by its own timer.
function isRest(order: BrokerOrder): boolean {
  return isMarketType(order.type) && order.state === 'PARTIAL';
}

function isReached({ market }: Venue, { type, symbol, priceOpen }: BrokerOrder): boolean {
  const { bid, ask } = market.quote(symbol);
  switch (type) {
    case 'BUY_LIMIT':
      return ask <= priceOpen;
    case 'BUY_STOP':
      return ask >= priceOpen;
    case 'SELL_LIMIT':
      return bid >= priceOpen;
    case 'SELL_STOP':
      return bid <= priceOpen;
    case 'BUY':
    case 'SELL':
    case 'CLOSE_BY':
    case 'BUY_STOP_LIMIT':
    case 'SELL_STOP_LIMIT':
      return false;
    default:
      return assertNever(type, 'order type');
  }
}

function trigger(venue: Venue, order: BrokerOrder): void {
  const symbol = venue.market.symbol(order.symbol);
  const refused = checkMoney(venue, symbol, sideOf(order.type), order.volumeCurrentLots);
  if (refused === null) fillOrder(venue, order, order.volumeCurrentLots);
  else venue.book.endOrder(order, 'CANCELED', venue.nowMsc());
}

function closeAtStop(venue: Venue, position: BrokerPosition): void {
  const digits = venue.market.symbol(position.symbol).digits;
  const { sl, tp, side } = position;
  const price = closePrice(venue, position);
  const sign = side === 'BUY' ? 1 : -1;
  if (sl !== 0 && (price - sl) * sign <= 0) closeByServer(venue, position, 'SL', `[sl ${sl.toFixed(digits)}]`);
  else if (tp !== 0 && (price - tp) * sign >= 0) closeByServer(venue, position, 'TP', `[tp ${tp.toFixed(digits)}]`);
}

// The largest loss first, until the margin level is above the stop out again.
function stopOut(venue: Venue): void {
  for (let count = venue.book.positions.size; count > 0; count--) {
    const { margin, marginLevel } = accountFigures(venue);
    if (margin === 0 || marginLevel >= venue.account.stopOutLevel) return;
    const worst = [...venue.book.positions.values()]
      .filter(({ symbol }) => venue.market.isOpen(symbol))
      .sort((a, b) => floatingProfit(venue, a) - floatingProfit(venue, b))[0];
    if (worst === undefined) return;
    closeByServer(venue, worst, 'SO', `[so ${marginLevel.toFixed(2)}%]`);
  }
}

function closeByServer(venue: Venue, position: BrokerPosition, reason: DealReason, comment: string): void {
  const order = newOrder(venue, opposite(position.side), {
    symbol: position.symbol,
    volumeInitialLots: position.volumeLots,
    magic: position.magic,
    comment,
    reason,
    positionId: position.identifier,
  });
  venue.book.addOrder(order);
  fillOrder(venue, order, position.volumeLots);
}

function ordersOf({ book }: Venue, symbol: string): readonly BrokerOrder[] {
  return [...book.orders.values()].filter((order) => order.symbol === symbol);
}

function positionsOf({ book }: Venue, symbol: string): readonly BrokerPosition[] {
  return [...book.positions.values()].filter((position) => position.symbol === symbol);
}
