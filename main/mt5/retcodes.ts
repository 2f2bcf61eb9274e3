/**
 * MT5's trade return codes and what the gateway makes of each.
 * Source: https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes (10005 and 10037 do not exist).
 */
export type RetcodeClass =
  /** It happened; volume and price are what was really filled. */
  | 'done'
  /** Read the order or position again, then try once more. */
  | 'reread'
  /** The price moved: one more try inside the deviation that was asked for. */
  | 'fresh-price'
  /** The broker asks to wait. */
  | 'back-off'
  /** The next filling mode that the symbol allows, once. */
  | 'filling'
  /** It may have happened: never resend, reconcile. */
  | 'ambiguous'
  /** A switch is off, at the terminal, the account or the broker. */
  | 'operator'
  /** The broker said no. */
  | 'permanent';

const CODES: Readonly<Record<number, readonly [RetcodeClass, string, string]>> = {
  10004: ['fresh-price', 'REQUOTE', 'Requote'],
  10006: ['permanent', 'REJECT', 'Request rejected'],
  10007: ['permanent', 'CANCEL', 'Request canceled by trader'],
  10008: ['done', 'PLACED', 'Order placed'],
  10009: ['done', 'DONE', 'Request completed'],
  10010: ['done', 'DONE_PARTIAL', 'Only part of the request was completed'],
  10011: ['ambiguous', 'ERROR', 'Request processing error'],
  10012: ['ambiguous', 'TIMEOUT', 'Request canceled by timeout'],
  10013: ['permanent', 'INVALID', 'Invalid request'],
  10014: ['permanent', 'INVALID_VOLUME', 'Invalid volume in the request'],
  10015: ['permanent', 'INVALID_PRICE', 'Invalid price in the request'],
  10016: ['permanent', 'INVALID_STOPS', 'Invalid stops in the request'],
  10017: ['operator', 'TRADE_DISABLED', 'Trade is disabled'],
  10018: ['permanent', 'MARKET_CLOSED', 'Market is closed'],
  10019: ['permanent', 'NO_MONEY', 'There is not enough money to complete the request'],
  10020: ['fresh-price', 'PRICE_CHANGED', 'Prices changed'],
  10021: ['fresh-price', 'PRICE_OFF', 'There are no quotes to process the request'],
  10022: ['permanent', 'INVALID_EXPIRATION', 'Invalid order expiration date in the request'],
  10023: ['reread', 'ORDER_CHANGED', 'Order state changed'],
  10024: ['back-off', 'TOO_MANY_REQUESTS', 'Too frequent requests'],
  10025: ['done', 'NO_CHANGES', 'No changes in request'],
  10026: ['operator', 'SERVER_DISABLES_AT', 'Autotrading disabled by server'],
  10027: ['operator', 'CLIENT_DISABLES_AT', 'Autotrading disabled by client terminal'],
  10028: ['back-off', 'LOCKED', 'Request locked for processing'],
  10029: ['back-off', 'FROZEN', 'Order or position frozen'],
  10030: ['filling', 'INVALID_FILL', 'Invalid order filling type'],
  10031: ['ambiguous', 'CONNECTION', 'No connection with the trade server'],
  10032: ['permanent', 'ONLY_REAL', 'Operation is allowed only for live accounts'],
  10033: ['permanent', 'LIMIT_ORDERS', 'The number of pending orders has reached the limit'],
  10034: ['permanent', 'LIMIT_VOLUME', 'The volume of orders and positions for the symbol has reached the limit'],
  10035: ['permanent', 'INVALID_ORDER', 'Incorrect or prohibited order type'],
  10036: ['permanent', 'POSITION_CLOSED', 'Position with the specified identifier has already been closed'],
  10038: ['permanent', 'INVALID_CLOSE_VOLUME', 'A close volume exceeds the current position volume'],
  10039: ['reread', 'CLOSE_ORDER_EXIST', 'A close order already exists for the position'],
  10040: ['permanent', 'LIMIT_POSITIONS', 'The number of open positions has reached the limit'],
  10041: ['permanent', 'REJECT_CANCEL', 'The pending order activation request is rejected, the order is canceled'],
  10042: ['permanent', 'LONG_ONLY', 'Only long positions are allowed for the symbol'],
  10043: ['permanent', 'SHORT_ONLY', 'Only short positions are allowed for the symbol'],
  10044: ['permanent', 'CLOSE_ONLY', 'Only position closing is allowed for the symbol'],
  10045: ['permanent', 'FIFO_CLOSE', 'Positions may be closed only by the FIFO rule'],
  10046: ['permanent', 'HEDGE_PROHIBITED', 'Opposite positions on a single symbol are disabled'],
};

/** Retcodes by MT5's name, without its TRADE_RETCODE_ prefix. */
export const RETCODE = {
  REQUOTE: 10004,
  REJECT: 10006,
  PLACED: 10008,
  DONE: 10009,
  DONE_PARTIAL: 10010,
  TIMEOUT: 10012,
  INVALID: 10013,
  INVALID_VOLUME: 10014,
  INVALID_PRICE: 10015,
  INVALID_STOPS: 10016,
  TRADE_DISABLED: 10017,
  MARKET_CLOSED: 10018,
  NO_MONEY: 10019,
  PRICE_CHANGED: 10020,
  PRICE_OFF: 10021,
  INVALID_EXPIRATION: 10022,
  ORDER_CHANGED: 10023,
  TOO_MANY_REQUESTS: 10024,
  NO_CHANGES: 10025,
  SERVER_DISABLES_AT: 10026,
  CLIENT_DISABLES_AT: 10027,
  FROZEN: 10029,
  INVALID_FILL: 10030,
  LIMIT_ORDERS: 10033,
  LIMIT_VOLUME: 10034,
  INVALID_ORDER: 10035,
  POSITION_CLOSED: 10036,
  INVALID_CLOSE_VOLUME: 10038,
  LONG_ONLY: 10042,
  SHORT_ONLY: 10043,
  CLOSE_ONLY: 10044,
} as const;

/** The class of a retcode; one that is not in MT5's table, 0 included, is ambiguous. */
export function retcodeClass(retcode: number): RetcodeClass {
  return CODES[retcode]?.[0] ?? 'ambiguous';
}

/** MT5's name of a retcode, like "NO_MONEY". */
export function retcodeName(retcode: number): string {
  return CODES[retcode]?.[1] ?? `UNKNOWN_${retcode}`;
}

/** MT5's words for a retcode. */
export function retcodeText(retcode: number): string {
  return CODES[retcode]?.[2] ?? 'unknown return code';
}
