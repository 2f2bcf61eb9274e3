import type { OrderType, Side } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';

/** How an account keeps its positions: several per symbol, or one netted position per symbol. */
export type MarginMode = 'HEDGING' | 'NETTING';
/** What the account is; shown everywhere, PAPER for the embedded terminal. */
export type AccountMode = 'REAL' | 'DEMO' | 'CONTEST' | 'PAPER';

/** The account as the terminal gives it. Money in the account's currency. */
export interface Account {
  readonly login: bigint;
  readonly server: string;
  readonly name: string;
  readonly company: string;
  readonly currency: string;
  readonly leverage: number;
  readonly mode: AccountMode;
  readonly marginMode: MarginMode;
  readonly balance: number;
  readonly credit: number;
  readonly profit: number;
  readonly equity: number;
  readonly margin: number;
  readonly marginFree: number;
  /** Equity as a percentage of margin; 0 without margin in use. */
  readonly marginLevel: number;
  readonly marginCallLevel: number;
  readonly marginStopOutLevel: number;
  readonly tradeAllowed: boolean;
  readonly tradeExpert: boolean;
  readonly limitOrders: number;
}

/** An open position. Prices in quote currency, 0 for no stop loss or take profit; times in Unix milliseconds. */
export interface Position {
  readonly ticket: Ticket;
  readonly identifier: Ticket;
  readonly symbol: string;
  readonly side: Side;
  readonly volumeLots: number;
  readonly openPrice: number;
  readonly currentPrice: number;
  readonly sl: number;
  readonly tp: number;
  readonly profit: number;
  readonly swap: number;
  readonly magic: bigint;
  readonly comment: string;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
}

/** Type of an order as MT5 names it. */
export type Mt5OrderType = Side | `${Side}_LIMIT` | `${Side}_STOP`;
/** State of an order, MT5's ORDER_STATE without its prefix. */
export type OrderState = 'STARTED' | 'PLACED' | 'CANCELED' | 'PARTIAL' | 'FILLED' | 'REJECTED' | 'EXPIRED';
/** How an order may be filled: fill or kill, immediate or cancel, return the rest, book or cancel. */
export type FillingMode = 'FOK' | 'IOC' | 'RETURN' | 'BOC';

/** A pending order, or (in the history) any order. */
export interface Order {
  readonly ticket: Ticket;
  readonly symbol: string;
  readonly type: Mt5OrderType;
  readonly state: OrderState;
  readonly volumeInitialLots: number;
  readonly volumeCurrentLots: number;
  readonly openPrice: number;
  readonly currentPrice: number;
  readonly sl: number;
  readonly tp: number;
  readonly filling: FillingMode;
  readonly magic: bigint;
  readonly comment: string;
  /** The position that it opened or closed, 0 for none. */
  readonly position: Ticket;
  readonly setupAtMs: number;
  /** When it was filled, cancelled or expired; 0 while it is pending. */
  readonly doneAtMs: number;
  /** When it expires; 0 for never. */
  readonly expirationMs: number;
}

/** A deal: an execution that changed a position. */
export interface Deal {
  readonly ticket: Ticket;
  readonly order: Ticket;
  readonly position: Ticket;
  readonly symbol: string;
  readonly side: Side;
  readonly entry: 'IN' | 'OUT' | 'INOUT' | 'OUT_BY';
  readonly reason: 'CLIENT' | 'EXPERT' | 'SL' | 'TP' | 'SO';
  readonly volumeLots: number;
  readonly price: number;
  readonly profit: number;
  readonly commission: number;
  readonly swap: number;
  readonly magic: bigint;
  readonly comment: string;
  readonly atMs: number;
}

export type ExecutionMode = 'REQUEST' | 'INSTANT' | 'MARKET' | 'EXCHANGE';
export type SymbolTradeMode = 'DISABLED' | 'LONGONLY' | 'SHORTONLY' | 'CLOSEONLY' | 'FULL';

/** Specification of a symbol. Volumes in lots, levels in points, contract size in units of the base. */
export interface SymbolSpec {
  readonly name: string;
  readonly description: string;
  readonly digits: number;
  readonly point: number;
  readonly tickSize: number;
  /** Profit of one tick on one lot, in the account's currency. */
  readonly tickValue: number;
  readonly contractSize: number;
  readonly volumeMin: number;
  readonly volumeMax: number;
  readonly volumeStep: number;
  readonly stopsLevelPoints: number;
  readonly freezeLevelPoints: number;
  readonly currencyBase: string;
  readonly currencyProfit: string;
  readonly currencyMargin: string;
  readonly execution: ExecutionMode;
  /** Flags of SYMBOL_FILLING_MODE; RETURN is never a flag and follows from the execution mode. */
  readonly fillingFlags: readonly ('FOK' | 'IOC' | 'BOC')[];
  readonly tradeMode: SymbolTradeMode;
  /** Whether the terminal's Market Watch shows it. A subscription to everything streams these symbols. */
  readonly inMarketWatch: boolean;
  /** When its market opens next, Unix milliseconds; absent while it is open, and where that is not known. */
  readonly opensAtMs?: number;
}

/** A price change. `last` and `volume` are 0 where the symbol has no deals; `timeMsc` is whole Unix milliseconds. */
export interface Tick {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly volume: number;
  readonly timeMsc: number;
  /** MT5's TICK_FLAG bits. */
  readonly flags: number;
}

/** A bar; `openedAtMs` is its start in Unix milliseconds. */
export interface Candle {
  readonly openedAtMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly tickVolume: number;
  readonly spreadPoints: number;
  readonly realVolume: number;
}

/** A new order for the terminal. `price` is required for pending types and ignored for market orders. */
export interface NewOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly volumeLots: number;
  readonly price?: number;
  readonly sl?: number;
  readonly tp?: number;
  /** Largest slip from the price asked for, in points. */
  readonly deviationPoints: number;
  readonly magic: bigint;
  /** At most 31 characters, the tag included. */
  readonly comment: string;
  readonly expirationMs?: number;
}
