/** The trade server's return codes that this broker gives of itself. Others come only from faults. */
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
  PRICE_OFF: 10021,
  INVALID_EXPIRATION: 10022,
  NO_CHANGES: 10025,
  SERVER_DISABLES_AT: 10026,
  CLIENT_DISABLES_AT: 10027,
  FROZEN: 10029,
  INVALID_FILL: 10030,
  CONNECTION: 10031,
  LIMIT_ORDERS: 10033,
  LIMIT_VOLUME: 10034,
  INVALID_ORDER: 10035,
  POSITION_CLOSED: 10036,
  INVALID_CLOSE_VOLUME: 10038,
  CLOSE_ORDER_EXIST: 10039,
  LONG_ONLY: 10042,
  SHORT_ONLY: 10043,
  CLOSE_ONLY: 10044,
} as const;

// The trade server's own words, as a terminal shows them.
const COMMENTS: Readonly<Record<number, string>> = {
  10004: 'Requote',
  10006: 'Request rejected',
  10007: 'Request canceled',
  10008: 'Order placed',
  10009: 'Request executed',
  10010: 'Request executed partially',
  10011: 'Request processing error',
  10012: 'Request timed out',
  10013: 'Invalid request',
  10014: 'Invalid volume',
  10015: 'Invalid price',
  10016: 'Invalid stops',
  10017: 'Trade disabled',
  10018: 'Market closed',
  10019: 'No money',
  10020: 'Price changed',
  10021: 'No prices',
  10022: 'Invalid expiration',
  10023: 'Order was changed',
  10024: 'Too many trade requests',
  10025: 'No changes',
  10026: 'AutoTrading disabled by server',
  10027: 'AutoTrading disabled by client',
  10028: 'Request locked',
  10029: 'Order or position frozen',
  10030: 'Unsupported filling mode',
  10031: 'No connection',
  10032: 'Only real accounts allowed',
  10033: 'Limit of pending orders reached',
  10034: 'Limit of volume reached',
  10035: 'Invalid order',
  10036: "Position doesn't exist",
  10038: 'Invalid close volume',
  10039: 'Order to close this position already exists',
  10040: 'Limit of open positions reached',
  10041: 'Pending order rejected',
  10042: 'Only long positions allowed',
  10043: 'Only short positions allowed',
  10044: 'Only position closing allowed',
  10045: 'Only FIFO closing allowed',
  10046: 'Hedging prohibited',
};

/** The words that come with a return code; empty for one that MetaTrader does not have. */
export function commentOf(retcode: number): string {
  return COMMENTS[retcode] ?? '';
}

/** Whether something came of the request: OrderSend returns true for these and false, with error 4756, for the others. */
export function isAccepted(retcode: number): boolean {
  return retcode === RETCODE.PLACED || retcode === RETCODE.DONE || retcode === RETCODE.DONE_PARTIAL;
}
