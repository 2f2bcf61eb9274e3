import type { Account, AccountMode, Candle, Deal, Order, Position, SymbolSpec, Tick } from '../mt5/market.ts';
import type { JsonObject } from '../protocol/json-value.ts';

// MT5's numbers of ACCOUNT_TRADE_MODE; the paper account is a demo to whoever asks in MT5's terms.
const TRADE_MODE = { DEMO: 0, CONTEST: 1, REAL: 2, PAPER: 0 } as const satisfies Record<AccountMode, number>;
// MT5's numbers of ACCOUNT_MARGIN_MODE.
const MARGIN_MODE = { NETTING: 0, HEDGING: 2 } as const;

/** The account under MT5's own names, with the original gateway's `free_margin` and `used_margin`. */
export function accountView(account: Account): JsonObject {
  return {
    login: account.login,
    server: account.server,
    name: account.name,
    company: account.company,
    currency: account.currency,
    leverage: account.leverage,
    trade_mode: TRADE_MODE[account.mode],
    account_mode: account.mode,
    margin_mode: MARGIN_MODE[account.marginMode],
    balance: account.balance,
    credit: account.credit,
    profit: account.profit,
    equity: account.equity,
    margin: account.margin,
    margin_free: account.marginFree,
    margin_level: account.marginLevel,
    margin_so_call: account.marginCallLevel,
    margin_so_so: account.marginStopOutLevel,
    trade_allowed: account.tradeAllowed,
    trade_expert: account.tradeExpert,
    limit_orders: account.limitOrders,
    free_margin: account.marginFree,
    used_margin: account.margin,
  };
}

/** An open position: the original gateway's keys first, then MT5's names. */
export function positionView(position: Position): JsonObject {
  return {
    ticket: position.ticket,
    symbol: position.symbol,
    type: position.side,
    volume: position.volumeLots,
    open_price: position.openPrice,
    current_price: position.currentPrice,
    profit: position.profit,
    price_open: position.openPrice,
    price_current: position.currentPrice,
    sl: position.sl,
    tp: position.tp,
    swap: position.swap,
    magic: position.magic,
    comment: position.comment,
    time: wholeSeconds(position.openedAtMs),
    time_msc: Math.round(position.openedAtMs),
    time_update_msc: Math.round(position.updatedAtMs),
    identifier: position.identifier,
  };
}

/** An order under MT5's names, pending or ended, with the short ones that positions have. */
export function orderView(order: Order): JsonObject {
  return {
    ticket: order.ticket,
    symbol: order.symbol,
    type: order.type,
    state: order.state,
    volume: order.volumeCurrentLots,
    volume_initial: order.volumeInitialLots,
    volume_current: order.volumeCurrentLots,
    open_price: order.openPrice,
    current_price: order.currentPrice,
    price_open: order.openPrice,
    price_current: order.currentPrice,
    sl: order.sl,
    tp: order.tp,
    type_filling: order.filling,
    magic: order.magic,
    comment: order.comment,
    position_id: order.position,
    time_setup: wholeSeconds(order.setupAtMs),
    time_setup_msc: Math.round(order.setupAtMs),
    time_expiration: wholeSeconds(order.expirationMs),
    time_done: wholeSeconds(order.doneAtMs),
    time_done_msc: Math.round(order.doneAtMs),
  };
}

/** A deal under MT5's names. */
export function dealView(deal: Deal): JsonObject {
  return {
    ticket: deal.ticket,
    order: deal.order,
    position_id: deal.position,
    symbol: deal.symbol,
    type: deal.side,
    entry: deal.entry,
    reason: deal.reason,
    volume: deal.volumeLots,
    price: deal.price,
    profit: deal.profit,
    commission: deal.commission,
    swap: deal.swap,
    magic: deal.magic,
    comment: deal.comment,
    time_msc: Math.round(deal.atMs),
  };
}

/** A bar under MT5's names. */
export function candleView(candle: Candle): JsonObject {
  return {
    time: wholeSeconds(candle.openedAtMs),
    open: candle.open,
    high: candle.high,
    low: candle.low,
    close: candle.close,
    tick_volume: candle.tickVolume,
    spread: candle.spreadPoints,
    real_volume: candle.realVolume,
  };
}

/** The last tick of a symbol, as on the data channel but without `seq`. */
export function tickView(tick: Tick): JsonObject {
  return {
    symbol: tick.symbol,
    bid: tick.bid,
    ask: tick.ask,
    timestamp: tick.timeMsc / 1000,
    time_msc: tick.timeMsc,
    last: tick.last,
    volume: tick.volume,
    flags: tick.flags,
  };
}

/** A symbol's specification under MT5's names. */
export function symbolView(spec: SymbolSpec): JsonObject {
  return {
    symbol: spec.name,
    description: spec.description,
    digits: spec.digits,
    point: spec.point,
    trade_tick_size: spec.tickSize,
    trade_tick_value: spec.tickValue,
    trade_contract_size: spec.contractSize,
    volume_min: spec.volumeMin,
    volume_max: spec.volumeMax,
    volume_step: spec.volumeStep,
    trade_stops_level: spec.stopsLevelPoints,
    trade_freeze_level: spec.freezeLevelPoints,
    currency_base: spec.currencyBase,
    currency_profit: spec.currencyProfit,
    currency_margin: spec.currencyMargin,
    trade_exemode: spec.execution,
    filling_mode: spec.fillingFlags,
    trade_mode: spec.tradeMode,
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
