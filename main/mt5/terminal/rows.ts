import type { TradeResult } from '../handler.ts';
import type { Account, Candle, Deal, Order, Position, SymbolSpec, Tick } from '../market.ts';
import type { Fields } from './fields.ts';
import { toTicket } from '../../protocol/ticket.ts';

const SIDES = ['BUY', 'SELL'] as const;
const ORDER_TYPES = ['BUY', 'SELL', 'BUY_LIMIT', 'SELL_LIMIT', 'BUY_STOP', 'SELL_STOP'] as const;
const ORDER_STATES = ['STARTED', 'PLACED', 'CANCELED', 'PARTIAL', 'FILLED', 'REJECTED', 'EXPIRED'] as const;
const FILLINGS = ['FOK', 'IOC', 'RETURN', 'BOC'] as const;
const ENTRIES = ['IN', 'OUT', 'INOUT', 'OUT_BY'] as const;
const REASONS = ['CLIENT', 'EXPERT', 'SL', 'TP', 'SO'] as const;
const EXECUTIONS = ['REQUEST', 'INSTANT', 'MARKET', 'EXCHANGE'] as const;
const SYMBOL_TRADE_MODES = ['DISABLED', 'LONGONLY', 'SHORTONLY', 'CLOSEONLY', 'FULL'] as const;
/** What an account of a real terminal can be. */
export const ACCOUNT_MODES = ['DEMO', 'CONTEST', 'REAL'] as const;
export const MARGIN_MODES = ['HEDGING', 'NETTING'] as const;

// The order of properties is that of the fields in docs/BRIDGE.md: object literals are evaluated from top to bottom.

export function readAccount(row: Fields): Account {
  return {
    login: row.ticket('login'),
    server: row.text('server'),
    name: row.text('name'),
    company: row.text('company'),
    currency: row.text('currency'),
    leverage: row.count('leverage'),
    mode: row.oneOf('trade_mode', ACCOUNT_MODES),
    marginMode: row.oneOf('margin_mode', MARGIN_MODES),
    balance: row.decimal('balance'),
    credit: row.decimal('credit'),
    profit: row.decimal('profit'),
    equity: row.decimal('equity'),
    margin: row.decimal('margin'),
    marginFree: row.decimal('margin_free'),
    marginLevel: row.decimal('margin_level'),
    marginCallLevel: row.decimal('margin_so_call'),
    marginStopOutLevel: row.decimal('margin_so_so'),
    tradeAllowed: row.flag('trade_allowed'),
    tradeExpert: row.flag('trade_expert'),
    limitOrders: row.count('limit_orders'),
  };
}

export function readSymbol(row: Fields): SymbolSpec {
  return {
    name: row.text('name'),
    description: row.text('description'),
    digits: row.count('digits'),
    point: row.decimal('point'),
    tickSize: row.decimal('tick_size'),
    tickValue: row.decimal('tick_value'),
    contractSize: row.decimal('contract_size'),
    volumeMin: row.decimal('volume_min'),
    volumeMax: row.decimal('volume_max'),
    volumeStep: row.decimal('volume_step'),
    stopsLevelPoints: row.count('stops_level'),
    freezeLevelPoints: row.count('freeze_level'),
    currencyBase: row.text('currency_base'),
    currencyProfit: row.text('currency_profit'),
    currencyMargin: row.text('currency_margin'),
    execution: row.oneOf('execution', EXECUTIONS),
    fillingFlags: row.anyOf('filling_flags', ['FOK', 'IOC', 'BOC']),
    tradeMode: row.oneOf('trade_mode', SYMBOL_TRADE_MODES),
    inMarketWatch: row.flag('in_market_watch'),
  };
}

export function readPosition(row: Fields): Position {
  return {
    ticket: row.ticket('ticket'),
    identifier: row.ticket('identifier'),
    symbol: row.text('symbol'),
    side: row.oneOf('side', SIDES),
    volumeLots: row.decimal('volume'),
    openPrice: row.decimal('price_open'),
    currentPrice: row.decimal('price_current'),
    sl: row.decimal('sl'),
    tp: row.decimal('tp'),
    profit: row.decimal('profit'),
    swap: row.decimal('swap'),
    magic: row.bigint('magic'),
    comment: row.text('comment'),
    openedAtMs: row.count('opened_at'),
    updatedAtMs: row.count('updated_at'),
  };
}

export function readOrder(row: Fields): Order {
  return {
    ticket: row.ticket('ticket'),
    symbol: row.text('symbol'),
    type: row.oneOf('type', ORDER_TYPES),
    state: row.oneOf('state', ORDER_STATES),
    volumeInitialLots: row.decimal('volume_initial'),
    volumeCurrentLots: row.decimal('volume_current'),
    openPrice: row.decimal('price_open'),
    currentPrice: row.decimal('price_current'),
    sl: row.decimal('sl'),
    tp: row.decimal('tp'),
    filling: row.oneOf('filling', FILLINGS),
    magic: row.bigint('magic'),
    comment: row.text('comment'),
    position: row.ticket('position'),
    setupAtMs: row.count('setup_at'),
    doneAtMs: row.count('done_at'),
    expirationMs: row.count('expiration'),
  };
}

export function readDeal(row: Fields): Deal {
  return {
    ticket: row.ticket('ticket'),
    order: row.ticket('order'),
    position: row.ticket('position'),
    symbol: row.text('symbol'),
    side: row.oneOf('side', SIDES),
    entry: row.oneOf('entry', ENTRIES),
    reason: row.oneOf('reason', REASONS),
    volumeLots: row.decimal('volume'),
    price: row.decimal('price'),
    profit: row.decimal('profit'),
    commission: row.decimal('commission'),
    swap: row.decimal('swap'),
    magic: row.bigint('magic'),
    comment: row.text('comment'),
    atMs: row.count('at'),
  };
}

export function readCandle(row: Fields): Candle {
  return {
    openedAtMs: row.count('opened_at'),
    open: row.decimal('open'),
    high: row.decimal('high'),
    low: row.decimal('low'),
    close: row.decimal('close'),
    tickVolume: row.count('tick_volume'),
    spreadPoints: row.count('spread'),
    realVolume: row.count('real_volume'),
  };
}

/** A tick in an answer; streamed ones go through TickParser. */
export function readTick(row: Fields): Tick {
  return {
    symbol: row.text('symbol'),
    bid: row.decimal('bid'),
    ask: row.decimal('ask'),
    last: row.decimal('last'),
    volume: row.decimal('volume'),
    timeMsc: row.count('time'),
    flags: row.count('flags'),
  };
}

/** What the program has noted of a command; null while it has no result. */
export function readRecord(row: Fields): TradeResult | null {
  row.text('command');
  if (row.oneOf('state', ['BEGUN', 'ENDED']) === 'BEGUN') return null;
  const retcode = row.count('retcode');
  const tickets = { order: row.ticket('order'), deal: row.ticket('deal'), position: row.ticket('position') };
  const filled = { volumeLots: row.decimal('volume'), price: row.decimal('price') };
  return { retcode, message: row.text('text'), ...tickets, ...filled, bid: 0, ask: 0 };
}

/** The result in `done`. */
export function readResult(row: Fields): TradeResult {
  const retcode = row.count('retcode');
  const tickets = { order: row.ticket('order'), deal: row.ticket('deal'), position: row.ticket('position') };
  const filled = { volumeLots: row.decimal('volume'), price: row.decimal('price') };
  const prices = { bid: row.decimal('bid'), ask: row.decimal('ask') };
  return { retcode, ...tickets, ...filled, ...prices, message: row.text('text') };
}

/** A result of which only the retcode is known: nothing happened. */
export function emptyResult(retcode: number, message: string): TradeResult {
  const none = toTicket(0n);
  return { retcode, message, order: none, deal: none, position: none, volumeLots: 0, price: 0, bid: 0, ask: 0 };
}
