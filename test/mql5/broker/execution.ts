import type { Ticket } from '../../../main/protocol/ticket.ts';
import { isMarketType } from './account-book.ts';
import type {
  BrokerDeal,
  BrokerOrder,
  CheckResult,
  DealReason,
  OrderTime,
  OrderType,
  RawTradeRequest,
  TradeResult,
} from './broker-types.ts';
import { deal, dealBy, heldPosition } from './deals.ts';
import { accountFigures, figuresWith } from './money.ts';
import { nameOf, ORDER_FILLING, ORDER_TIME, ORDER_TYPE, TRADE_ACTION } from './mql5-enums.ts';
import { sideOf } from './price-rules.ts';
import { commentOf, RETCODE } from './retcodes.ts';
import { checkRequest, positionToChange } from './trade-rules.ts';
import { commentFor, type Venue } from './venue.ts';
import { normaliseLots, shareOf, subtractLots } from './volume.ts';

/** How a request is carried out. */
export interface Manner {
  /** EXPERT: a program's; CLIENT: a person's at the terminal. */
  readonly reason: 'EXPERT' | 'CLIENT';
  /** Share of a deal's volume that the market gives at once, 0 to 1. */
  readonly share: number;
  /** The order is taken on and dealt later by `completeOrder`: answered with PLACED. */
  readonly isPlacedFirst: boolean;
}

const NO_TICKET = 0n as Ticket;

/** OrderSend: refuses the request by the rules, or carries it out. */
export function execute(venue: Venue, raw: RawTradeRequest, manner: Manner): TradeResult {
  const request = { ...raw, volumeLots: normaliseLots(raw.volumeLots) };
  const isByProgram = manner.reason === 'EXPERT';
  const refused = checkRequest(venue, request, { isByProgram, isRehearsal: false });
  if (refused !== null) return resultOf(venue, refused, request.symbol);
  switch (nameOf(TRADE_ACTION, request.action)) {
    case 'DEAL':
      return executeDeal(venue, request, manner);
    case 'PENDING':
      return placePending(venue, request, manner.reason);
    case 'SLTP':
      return changeStops(venue, request);
    case 'MODIFY':
      return changePending(venue, request);
    case 'REMOVE':
      return removePending(venue, request);
    case 'CLOSE_BY':
      return closeBy(venue, request, manner.reason);
    case null:
    default:
      return resultOf(venue, RETCODE.INVALID, request.symbol);
  }
}

/** OrderCheck: what the account would look like, or why the request would be refused. */
export function rehearse(venue: Venue, raw: RawTradeRequest): CheckResult {
  const request = { ...raw, volumeLots: normaliseLots(raw.volumeLots) };
  const refused = checkRequest(venue, request, { isByProgram: true, isRehearsal: true });
  const isOpening = request.action === TRADE_ACTION.DEAL && request.position === 0n;
  const side = request.type === ORDER_TYPE.SELL ? 'SELL' : 'BUY';
  const isKnown = venue.market.find(request.symbol) !== undefined && Number.isFinite(request.volumeLots);
  const figures =
    isOpening && isKnown ? figuresWith(venue, request.symbol, side, request.volumeLots) : accountFigures(venue);
  const comment = refused === null ? 'Done' : commentOf(refused);
  return { retcode: refused ?? 0, balance: venue.account.balance, ...figures, comment };
}

/** An answer of the server with what was dealt. */
export function resultOf(
  venue: Venue,
  retcode: number,
  symbol: string,
  filled: Partial<TradeResult> = {},
): TradeResult {
  const known = venue.market.find(symbol) !== undefined;
  const { bid, ask } = known ? venue.market.quote(symbol) : { bid: 0, ask: 0 };
  return { retcode, deal: 0n, order: 0n, volumeLots: 0, price: 0, bid, ask, comment: commentOf(retcode), ...filled };
}

/** Deals all that is left of an order, as the market stands now. An order whose position has gone is cancelled. */
export function completeOrder(venue: Venue, order: BrokerOrder): BrokerDeal | null {
  const held = heldPosition(venue, order);
  const isOrphan = order.positionId !== NO_TICKET && (held?.volumeLots ?? 0) < order.volumeCurrentLots;
  if (isOrphan) {
    venue.book.endOrder(order, 'CANCELED', venue.nowMsc());
    return null;
  }
  return fillOrder(venue, order, order.volumeCurrentLots);
}

/** Deals a part of an order, or all of it, at the market; a filled order goes into the history. */
export function fillOrder(venue: Venue, order: BrokerOrder, volumeLots: number): BrokerDeal {
  const price = venue.market.dealPrice(order.symbol, sideOf(order.type));
  const made = deal(venue, order, { volumeLots, price });
  const volumeCurrentLots = subtractLots(order.volumeCurrentLots, volumeLots);
  const after = { ...order, volumeCurrentLots, priceCurrent: price, positionId: made.positionId };
  if (volumeCurrentLots === 0) venue.book.endOrder(after, 'FILLED', venue.nowMsc());
  else endOrKeep(venue, after);
  return made;
}

/** An order as the account gets it. */
export function newOrder(venue: Venue, type: OrderType, given: Partial<BrokerOrder> & { symbol: string }): BrokerOrder {
  const ticket = venue.book.takeTicket();
  const price = type === 'CLOSE_BY' ? 0 : venue.market.dealPrice(given.symbol, sideOf(type));
  return {
    ticket,
    type,
    state: 'STARTED',
    volumeInitialLots: 0,
    volumeCurrentLots: given.volumeInitialLots ?? 0,
    priceOpen: price,
    priceCurrent: price,
    sl: 0,
    tp: 0,
    filling: 'FOK',
    timeType: 'GTC',
    expirationS: 0,
    magic: 0n,
    positionId: NO_TICKET,
    positionById: NO_TICKET,
    reason: 'CLIENT',
    timeSetupMsc: venue.nowMsc(),
    timeDoneMsc: 0,
    ...given,
    comment: commentFor(venue, ticket, given.comment ?? ''),
  };
}

function executeDeal(venue: Venue, request: RawTradeRequest, manner: Manner): TradeResult {
  const { symbol, volumeLots } = request;
  const filling = nameOf(ORDER_FILLING, request.filling) ?? 'FOK';
  const filledLots =
    manner.share >= 1 ? volumeLots : shareOf(volumeLots, manner.share, venue.market.symbol(symbol).volumeStep);
  const isFilled = filledLots === volumeLots;
  if (!isFilled && (filling === 'FOK' || filledLots === 0)) return resultOf(venue, RETCODE.REJECT, symbol);
  const order = newOrder(venue, request.type === ORDER_TYPE.SELL ? 'SELL' : 'BUY', {
    ...common(request, manner.reason),
    filling,
    positionId: venue.book.positions.get(request.position)?.identifier ?? NO_TICKET,
  });
  venue.book.addOrder(order);
  if (manner.isPlacedFirst) {
    venue.book.changeOrder({ ...order, state: 'PLACED' });
    return resultOf(venue, RETCODE.PLACED, symbol, { order: order.ticket, volumeLots });
  }
  const made = fillOrder(venue, order, filledLots);
  return resultOf(venue, isFilled ? RETCODE.DONE : RETCODE.DONE_PARTIAL, symbol, {
    deal: made.ticket,
    order: order.ticket,
    volumeLots: filledLots,
    price: made.price,
  });
}

// What the market did not give: IOC drops it, RETURN leaves it working.
function endOrKeep(venue: Venue, order: BrokerOrder): void {
  if (order.filling === 'RETURN') venue.book.changeOrder({ ...order, state: 'PARTIAL' });
  else venue.book.endOrder(order, 'PARTIAL', venue.nowMsc());
}

function placePending(venue: Venue, request: RawTradeRequest, reason: DealReason): TradeResult {
  const type = nameOf(ORDER_TYPE, request.type) ?? 'BUY_LIMIT';
  const order = newOrder(venue, type, {
    ...common(request, reason),
    ...lifetime(request),
    priceOpen: request.price,
    filling: nameOf(ORDER_FILLING, request.filling) ?? 'RETURN',
  });
  venue.book.addOrder(order);
  venue.book.changeOrder({ ...order, state: 'PLACED' });
  return resultOf(venue, RETCODE.DONE, request.symbol, { order: order.ticket, volumeLots: request.volumeLots });
}

function changeStops(venue: Venue, request: RawTradeRequest): TradeResult {
  const position = positionToChange(venue, request);
  if (position === null) return resultOf(venue, RETCODE.POSITION_CLOSED, request.symbol);
  venue.book.changePosition({ ...position, sl: request.sl, tp: request.tp, timeUpdateMsc: venue.nowMsc() });
  return resultOf(venue, RETCODE.DONE, position.symbol);
}

function changePending(venue: Venue, request: RawTradeRequest): TradeResult {
  const order = venue.book.orders.get(request.order);
  if (order === undefined || isMarketType(order.type)) return resultOf(venue, RETCODE.INVALID, request.symbol);
  const { price: priceOpen, sl, tp } = request;
  venue.book.changeOrder({ ...order, priceOpen, sl, tp, ...lifetime(request) });
  return resultOf(venue, RETCODE.DONE, order.symbol, { order: order.ticket });
}

function removePending(venue: Venue, request: RawTradeRequest): TradeResult {
  const order = venue.book.orders.get(request.order);
  if (order === undefined) return resultOf(venue, RETCODE.INVALID, request.symbol);
  venue.book.endOrder(order, 'CANCELED', venue.nowMsc());
  return resultOf(venue, RETCODE.DONE, order.symbol, { order: order.ticket });
}

function closeBy(venue: Venue, request: RawTradeRequest, reason: DealReason): TradeResult {
  const position = venue.book.positions.get(request.position);
  const by = venue.book.positions.get(request.positionBy);
  if (position === undefined || by === undefined) return resultOf(venue, RETCODE.POSITION_CLOSED, request.symbol);
  const volumeInitialLots = Math.min(position.volumeLots, by.volumeLots);
  const order = newOrder(venue, 'CLOSE_BY', {
    ...common({ ...request, symbol: position.symbol, sl: 0, tp: 0 }, reason),
    volumeInitialLots,
    volumeCurrentLots: volumeInitialLots,
    positionId: position.identifier,
    positionById: by.identifier,
  });
  venue.book.addOrder(order);
  const made = dealBy(venue, order, position, by);
  venue.book.endOrder({ ...order, volumeCurrentLots: 0 }, 'FILLED', venue.nowMsc());
  return resultOf(venue, RETCODE.DONE, order.symbol, {
    deal: made.ticket,
    order: order.ticket,
    volumeLots: volumeInitialLots,
    price: made.price,
  });
}

function common(request: RawTradeRequest, reason: DealReason) {
  const { symbol, sl, tp, magic, comment, volumeLots } = request;
  return { symbol, sl, tp, magic, comment, reason, volumeInitialLots: volumeLots, volumeCurrentLots: volumeLots };
}

// Only SPECIFIED and SPECIFIED_DAY have a time; MetaTrader forgets one that came with another kind.
function lifetime(request: RawTradeRequest): { readonly timeType: OrderTime; readonly expirationS: number } {
  const timeType = nameOf(ORDER_TIME, request.timeType) ?? 'GTC';
  const isTimed = timeType === 'SPECIFIED' || timeType === 'SPECIFIED_DAY';
  return { timeType, expirationS: isTimed ? request.expirationS : 0 };
}
