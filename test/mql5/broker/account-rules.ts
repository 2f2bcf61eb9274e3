import type { BrokerSymbol, Side } from './broker-types.ts';
import { accountFigures, figuresWith } from './money.ts';
import { sideOf } from './price-rules.ts';
import { RETCODE } from './retcodes.ts';
import type { Venue } from './venue.ts';
import { addLots } from './volume.ts';

/** What the connection, the terminal or the account forbid the program. A person trades from somewhere else. */
export function checkSwitches({ switchedOff, account }: Venue, isByProgram: boolean): number | null {
  if (!isByProgram) return null;
  if (switchedOff.has('TERMINAL_CONNECTED')) return RETCODE.CONNECTION;
  if (!account.tradeAllowed) return RETCODE.TRADE_DISABLED;
  const isOffHere = switchedOff.has('TERMINAL_TRADE_ALLOWED') || switchedOff.has('MQL_TRADE_ALLOWED');
  if (isOffHere) return RETCODE.CLIENT_DISABLES_AT;
  return account.tradeExpert ? null : RETCODE.SERVER_DISABLES_AT;
}

/** 10019 where the account could not carry what the deal would bring. A deal that lessens the margin in use needs none. */
export function checkMoney(venue: Venue, symbol: BrokerSymbol, side: Side, lots: number): number | null {
  const after = figuresWith(venue, symbol.name, side, lots);
  if (after.margin <= accountFigures(venue).margin || after.marginFree >= 0) return null;
  return RETCODE.NO_MONEY;
}

/** 10033 with as many pending orders as the account may have. */
export function checkOrderCount({ account, book }: Venue): number | null {
  const isFull = account.limitOrders > 0 && book.pending().length >= account.limitOrders;
  return isFull ? RETCODE.LIMIT_ORDERS : null;
}

/** 10034 where positions and orders of one side would pass the symbol's limit. */
export function checkVolumeLimit({ book }: Venue, symbol: BrokerSymbol, side: Side, lots: number): number | null {
  if (symbol.volumeLimitLots === 0) return null;
  let total = lots;
  for (const held of book.positions.values()) {
    if (held.symbol === symbol.name && held.side === side) total = addLots(total, held.volumeLots);
  }
  for (const order of book.pending()) {
    if (order.symbol === symbol.name && sideOf(order.type) === side) total = addLots(total, order.volumeCurrentLots);
  }
  return total > symbol.volumeLimitLots ? RETCODE.LIMIT_VOLUME : null;
}
