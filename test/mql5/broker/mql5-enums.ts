/** MQL5's enumerations by name, with the integers that MetaTrader 5 gives them. */
export const TRADE_ACTION = { DEAL: 1, PENDING: 5, SLTP: 6, MODIFY: 7, REMOVE: 8, CLOSE_BY: 10 } as const;
export const ORDER_TYPE = {
  BUY: 0,
  SELL: 1,
  BUY_LIMIT: 2,
  SELL_LIMIT: 3,
  BUY_STOP: 4,
  SELL_STOP: 5,
  BUY_STOP_LIMIT: 6,
  SELL_STOP_LIMIT: 7,
  CLOSE_BY: 8,
} as const;
export const ORDER_STATE = {
  STARTED: 0,
  PLACED: 1,
  CANCELED: 2,
  PARTIAL: 3,
  FILLED: 4,
  REJECTED: 5,
  EXPIRED: 6,
} as const;
export const ORDER_FILLING = { FOK: 0, IOC: 1, RETURN: 2, BOC: 3 } as const;
export const ORDER_TIME = { GTC: 0, DAY: 1, SPECIFIED: 2, SPECIFIED_DAY: 3 } as const;
export const DEAL_TYPE = { BUY: 0, SELL: 1 } as const;
export const DEAL_ENTRY = { IN: 0, OUT: 1, INOUT: 2, OUT_BY: 3 } as const;
export const DEAL_REASON = { CLIENT: 0, EXPERT: 3, SL: 4, TP: 5, SO: 6 } as const;
export const EXECUTION = { REQUEST: 0, INSTANT: 1, MARKET: 2, EXCHANGE: 3 } as const;
export const SYMBOL_TRADE_MODE = { DISABLED: 0, LONGONLY: 1, SHORTONLY: 2, CLOSEONLY: 3, FULL: 4 } as const;
export const ACCOUNT_MODE = { DEMO: 0, CONTEST: 1, REAL: 2 } as const;
export const MARGIN_MODE = { NETTING: 0, HEDGING: 2 } as const;
export const TRANSACTION = {
  ORDER_ADD: 0,
  ORDER_UPDATE: 1,
  ORDER_DELETE: 2,
  HISTORY_ADD: 3,
  DEAL_ADD: 6,
  POSITION: 9,
  REQUEST: 10,
} as const;

/** Bits of SYMBOL_FILLING_MODE. */
export const FILLING_FLAG = { FOK: 1, IOC: 2, BOC: 4 } as const;
/** Bits of SYMBOL_EXPIRATION_MODE. */
export const EXPIRATION_FLAG = { GTC: 1, DAY: 2, SPECIFIED: 4, SPECIFIED_DAY: 8 } as const;
/** Bits of SYMBOL_ORDER_MODE. */
export const ORDER_FLAG = { MARKET: 1, LIMIT: 2, STOP: 4, STOP_LIMIT: 8, SL: 16, TP: 32, CLOSEBY: 64 } as const;
/** Bits of MqlTick.flags. */
export const TICK_FLAG = { BID: 2, ASK: 4, LAST: 8, VOLUME: 16 } as const;

/** Codes of GetLastError that a trading call or CopyRates can leave. */
export const LAST_ERROR = {
  NONE: 0,
  INVALID_PARAMETER: 4003,
  UNKNOWN_SYMBOL: 4301,
  TRADE_DISABLED: 4752,
  TRADE_SEND_FAILED: 4756,
} as const;

/** The name of an enumeration's integer; null for one that it does not have. */
export function nameOf<T extends Readonly<Record<string, number>>>(table: T, value: number): (keyof T & string) | null {
  return Object.keys(table).find((name) => table[name] === value) ?? null;
}
