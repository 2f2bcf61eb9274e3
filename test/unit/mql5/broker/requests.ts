import type { RawTradeRequest } from '../../../mql5/broker/broker-types.ts';
import { ORDER_FILLING, ORDER_TIME, ORDER_TYPE, TRADE_ACTION } from '../../../mql5/broker/mql5-enums.ts';

type Change = Partial<RawTradeRequest>;

const EMPTY: RawTradeRequest = {
  action: 0,
  magic: 77n,
  order: 0n,
  symbol: 'EURUSD',
  volumeLots: 0.1,
  price: 0,
  stopLimit: 0,
  sl: 0,
  tp: 0,
  deviationPoints: 10,
  type: ORDER_TYPE.BUY,
  filling: ORDER_FILLING.IOC,
  timeType: ORDER_TIME.GTC,
  expirationS: 0,
  comment: 'test',
  position: 0n,
  positionBy: 0n,
};

/** A purchase of 0.1 EURUSD at the market, as the change says. */
export function aDeal(change: Change = {}): RawTradeRequest {
  return { ...EMPTY, action: TRADE_ACTION.DEAL, ...change };
}

/** A sale of 0.1 EURUSD that closes the position. */
export function aClose(position: bigint, change: Change = {}): RawTradeRequest {
  return aDeal({ position, type: ORDER_TYPE.SELL, ...change });
}

/** A buy limit of 0.1 EURUSD at 1.09. */
export function aPending(change: Change = {}): RawTradeRequest {
  const filling = ORDER_FILLING.RETURN;
  return { ...EMPTY, action: TRADE_ACTION.PENDING, type: ORDER_TYPE.BUY_LIMIT, price: 1.09, filling, ...change };
}

/** A change of a position's stops. */
export function aStopChange(position: bigint, sl: number, tp: number, change: Change = {}): RawTradeRequest {
  return { ...EMPTY, action: TRADE_ACTION.SLTP, position, sl, tp, ...change };
}

/** A change of a pending order. */
export function anOrderChange(order: bigint, price: number, change: Change = {}): RawTradeRequest {
  return { ...EMPTY, action: TRADE_ACTION.MODIFY, order, price, ...change };
}

export function aRemoval(order: bigint): RawTradeRequest {
  return { ...EMPTY, action: TRADE_ACTION.REMOVE, order };
}

export function aCloseBy(position: bigint, positionBy: bigint): RawTradeRequest {
  return { ...EMPTY, action: TRADE_ACTION.CLOSE_BY, position, positionBy };
}
