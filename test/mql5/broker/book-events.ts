import type { BrokerDeal, BrokerOrder, BrokerPosition, OrderState, OrderType, Side } from './broker-types.ts';
import type { TRANSACTION } from './mql5-enums.ts';

/** MqlTradeTransaction. What a kind does not fill in is 0, as in MetaTrader. */
export interface TradeTransaction {
  readonly type: keyof typeof TRANSACTION;
  readonly deal: bigint;
  readonly order: bigint;
  readonly symbol: string;
  readonly orderType: OrderType;
  readonly orderState: OrderState;
  readonly dealType: Side;
  readonly price: number;
  readonly sl: number;
  readonly tp: number;
  readonly volumeLots: number;
  readonly position: bigint;
  readonly positionBy: bigint;
}

/** What a terminal is told of the book, in this order. */
export type BookEvent =
  | { readonly kind: 'position'; readonly position: BrokerPosition }
  | { readonly kind: 'position-gone'; readonly ticket: bigint }
  | { readonly kind: 'order'; readonly order: BrokerOrder }
  | { readonly kind: 'order-gone'; readonly ticket: bigint }
  | { readonly kind: 'history-order'; readonly order: BrokerOrder }
  | { readonly kind: 'history-deal'; readonly deal: BrokerDeal }
  | { readonly kind: 'transaction'; readonly transaction: TradeTransaction };

const EMPTY: Omit<TradeTransaction, 'type'> = {
  deal: 0n,
  order: 0n,
  symbol: '',
  orderType: 'BUY',
  orderState: 'STARTED',
  dealType: 'BUY',
  price: 0,
  sl: 0,
  tp: 0,
  volumeLots: 0,
  position: 0n,
  positionBy: 0n,
};

/** A transaction of a pending order or of the orders' history. */
export function orderTransaction(
  type: 'ORDER_ADD' | 'ORDER_UPDATE' | 'ORDER_DELETE' | 'HISTORY_ADD',
  order: BrokerOrder,
): TradeTransaction {
  return {
    ...EMPTY,
    type,
    order: order.ticket,
    symbol: order.symbol,
    orderType: order.type,
    orderState: order.state,
    price: order.priceOpen,
    sl: order.sl,
    tp: order.tp,
    volumeLots: order.volumeCurrentLots,
    position: order.positionId,
    positionBy: order.positionById,
  };
}

/** The transaction of a deal. MetaTrader leaves the order's type and state empty in it. */
export function dealTransaction(deal: BrokerDeal, { sl, tp, positionById }: BrokerOrder): TradeTransaction {
  const { order, symbol, side, price, volumeLots, positionId } = deal;
  return {
    ...EMPTY,
    type: 'DEAL_ADD',
    deal: deal.ticket,
    order,
    symbol,
    dealType: side,
    price,
    sl,
    tp,
    volumeLots,
    position: positionId,
    positionBy: positionById,
  };
}

/** The transaction of a position that changed by something else than a deal: deals send none of this type. */
export function positionTransaction(position: BrokerPosition): TradeTransaction {
  const { symbol, side, priceOpen: price, sl, tp, volumeLots } = position;
  return {
    ...EMPTY,
    type: 'POSITION',
    symbol,
    dealType: side,
    price,
    sl,
    tp,
    volumeLots,
    position: position.ticket,
  };
}

/** Tells that the server has worked off a request. */
export const REQUEST_TRANSACTION: TradeTransaction = { ...EMPTY, type: 'REQUEST' };
