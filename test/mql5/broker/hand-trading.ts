import { toTicket, type Ticket } from '../../../main/protocol/ticket.ts';
import { isMarketType } from './account-book.ts';
import type { BrokerSymbol, Filling, OrderType, RawTradeRequest, TradeResult } from './broker-types.ts';
import { execute } from './execution.ts';
import { opposite } from './market.ts';
import { ORDER_FILLING, ORDER_TIME, ORDER_TYPE, TRADE_ACTION } from './mql5-enums.ts';
import { isAccepted } from './retcodes.ts';
import type { Venue } from './venue.ts';

/** An order of a person who trades on the account; `price` is needed for pending types. */
export interface HandOrder {
  readonly symbol: string;
  readonly type: Exclude<OrderType, 'CLOSE_BY'>;
  readonly volumeLots: number;
  readonly price?: number;
  readonly sl?: number;
  readonly tp?: number;
  readonly magic?: bigint;
  readonly comment?: string;
}

const NOTHING: RawTradeRequest = {
  action: 0,
  magic: 0n,
  order: 0n,
  symbol: '',
  volumeLots: 0,
  price: 0,
  stopLimit: 0,
  sl: 0,
  tp: 0,
  deviationPoints: 100_000,
  type: 0,
  filling: 0,
  timeType: ORDER_TIME.GTC,
  expirationS: 0,
  comment: '',
  position: 0n,
  positionBy: 0n,
};

/** Sends the order; the ticket of the position that it opened or changed, else its own. Throws when the rules refuse it. */
export function openByHand(venue: Venue, order: HandOrder): Ticket {
  const isMarket = isMarketType(order.type);
  const result = trade(venue, {
    ...NOTHING,
    ...order,
    action: isMarket ? TRADE_ACTION.DEAL : TRADE_ACTION.PENDING,
    price: order.price ?? venue.market.dealPrice(order.symbol, order.type === 'SELL' ? 'SELL' : 'BUY'),
    type: ORDER_TYPE[order.type],
    filling: ORDER_FILLING[isMarket ? marketFilling(venue.market.symbol(order.symbol)) : 'RETURN'],
  });
  const made = venue.book.deals.find(({ ticket }) => ticket === result.deal);
  const position = made === undefined ? null : venue.book.positionById(made.positionId);
  return position?.ticket ?? toTicket(result.order);
}

/** Closes the position, or removes the pending order, of that ticket. Throws when there is none, or the rules refuse it. */
export function closeByHand(venue: Venue, ticket: bigint): void {
  const position = venue.book.positions.get(ticket);
  if (position === undefined) {
    trade(venue, { ...NOTHING, action: TRADE_ACTION.REMOVE, order: ticket });
    return;
  }
  const { symbol, volumeLots } = position;
  const side = opposite(position.side);
  trade(venue, {
    ...NOTHING,
    action: TRADE_ACTION.DEAL,
    symbol,
    volumeLots,
    position: ticket,
    price: venue.market.dealPrice(symbol, side),
    type: ORDER_TYPE[side],
    filling: ORDER_FILLING[marketFilling(venue.market.symbol(symbol))],
  });
}

function trade(venue: Venue, request: RawTradeRequest): TradeResult {
  const result = execute(venue, request, { reason: 'CLIENT', share: 1, isPlacedFirst: false });
  if (!isAccepted(result.retcode)) throw new Error(`refused by the broker: ${result.retcode} ${result.comment}`);
  return result;
}

function marketFilling({ fillingFlags }: BrokerSymbol): Filling {
  return fillingFlags.find((name) => name !== 'BOC') ?? 'RETURN';
}
