import type { Action } from '../protocol/actions.ts';
import type { JsonValue } from '../protocol/json-value.ts';
import type { ResponseStatus } from '../protocol/status.ts';

/** A ticket as it comes: a number, or a bigint where a double would round it. */
export type WireTicket = number | bigint;

interface ReplyHead {
  readonly req_id: string;
  /** When the gateway answered, Unix time in seconds. */
  readonly timestamp: number;
  /** MT5's trade return code, where the terminal gave one. */
  readonly retcode?: number | undefined;
  /** True for a recorded reply that is given again to the same `req_id`. */
  readonly duplicate?: boolean | undefined;
}

/** It happened, or here is what was asked for. */
export interface SuccessReply<Data> extends ReplyHead {
  readonly status: 'SUCCESS';
  readonly data: Data;
  readonly error: null;
  readonly code?: null | undefined;
}

/** ERROR: it did not happen. PENDING: the outcome is not known yet, `GET_COMMAND` tells when it is. */
export interface RefusedReply extends ReplyHead {
  readonly status: 'ERROR' | 'PENDING';
  readonly data: JsonValue;
  /** One sentence for a person. */
  readonly error: string | null;
  /** A stable identifier for programs, like `RISK_LIMIT`; a gateway of protocol 1.0 gives none. */
  readonly code?: string | null | undefined;
}

/** A reply whose data is of type `Data` when its status is SUCCESS. */
export type Reply<Data = JsonValue> = SuccessReply<Data> | RefusedReply;
/** Reply to an action. The envelope is checked when it is read, `data` is what the protocol promises. */
export type ReplyTo<A extends Action> = Reply<DataOf<A>>;
/** `data` of a successful reply to an action. */
export type DataOf<A extends Action> = A extends keyof ReplyDataMap ? ReplyDataMap[A] : JsonValue;

/** `data` of a successful reply, by action. What is optional is absent from a gateway of protocol 1.0. */
export interface ReplyDataMap {
  readonly HEARTBEAT: HeartbeatData;
  readonly OPEN_ORDER: TradeData;
  readonly CLOSE_POSITION: TradeData;
  readonly GET_ACCOUNT_INFO: AccountData;
  readonly GET_POSITIONS: readonly PositionData[];
  readonly KILL_SWITCH: KillSwitchData;
  readonly GET_COMMAND: CommandData;
  readonly GET_ORDERS: readonly OrderData[];
  readonly CANCEL_ORDER: TradeData;
  readonly MODIFY_POSITION: TradeData;
  readonly MODIFY_ORDER: TradeData;
  readonly CLOSE_ALL: CloseAllData;
  readonly GET_SYMBOLS: readonly SymbolData[];
  readonly GET_SYMBOL: SymbolData;
  readonly GET_TICK: TickData;
  readonly GET_CANDLES: readonly CandleData[];
  readonly GET_HISTORY: HistoryData;
  readonly BYE: ByeData;
}

/** What CLOSE_ALL came to. SUCCESS where every position that it found was closed, or at least one of them. */
export interface CloseAllData {
  /** SUCCESS, or PARTIAL where some are still open. */
  readonly status: string;
  readonly positions_closed: number;
  /** Positions that were open when it began. */
  readonly total_positions: number;
  /** What became of each: CLOSED, PARTIAL or REJECTED; volume closed in lots. */
  readonly tickets: readonly CloseAllTicket[];
}

/** One position of a CLOSE_ALL. */
export interface CloseAllTicket {
  readonly ticket: WireTicket;
  readonly symbol: string;
  readonly state: string;
  readonly volume: number;
  readonly price?: number;
  readonly retcode?: number;
  readonly code?: string;
  readonly error?: string;
}

/** A bar. Prices in quote currency. */
export interface CandleData {
  /** Its start, Unix time in seconds. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly tick_volume: number;
  /** Points. */
  readonly spread: number;
  readonly real_volume: number;
}

/** Deals and ended orders between two times, oldest first. */
export interface HistoryData {
  readonly deals: readonly DealData[];
  readonly orders: readonly OrderData[];
  /** True where there were more than a reply holds: the newest are here. */
  readonly truncated: boolean;
}

/** A deal under MT5's names. Volume in lots, price in quote currency, money in the account's currency. */
export interface DealData {
  readonly ticket: WireTicket;
  readonly order: WireTicket;
  readonly position_id: WireTicket;
  readonly symbol: string;
  readonly type: 'BUY' | 'SELL';
  /** IN, OUT, INOUT or OUT_BY. */
  readonly entry: string;
  readonly volume: number;
  readonly price: number;
  readonly profit: number;
  readonly commission: number;
  readonly swap: number;
  readonly magic: WireTicket;
  readonly comment: string;
  /** Unix time in milliseconds. */
  readonly time_msc: number;
  readonly [field: string]: JsonValue | undefined;
}

/** Whether the client had a lease that ended so. */
export interface ByeData {
  readonly lease_ended: boolean;
}

/** The gateway is alive. */
export interface HeartbeatData {
  readonly status: string;
  readonly service: string;
  readonly version?: string;
  readonly protocol?: string;
  /** The gateway's clock, Unix time in seconds. */
  readonly time?: number;
  readonly terminal_connected?: boolean;
  /** TRADING, SUSPENDED, REDUCE_ONLY or HALTED. */
  readonly mode?: string;
  /** REAL, DEMO or PAPER. */
  readonly account_mode?: string;
  readonly epoch?: number;
  /** Names one run of the gateway: ticks count `seq` anew in each. */
  readonly session?: string;
  readonly uptime_s?: number;
  /** Seconds that the lease granted by this heartbeat runs; absent without one. */
  readonly lease_s?: number;
}

/** What a trading command did. Volume in lots, price in quote currency. */
export interface TradeData {
  readonly status?: string;
  readonly ticket?: WireTicket;
  readonly volume?: number;
  readonly price?: number;
  readonly order?: WireTicket;
  readonly deal?: WireTicket;
  readonly position?: WireTicket;
  readonly retcode?: number;
  readonly symbol?: string;
  readonly side?: string;
  /** Of a change: what is in force now; 0 for none. `expiration` is Unix time in seconds. */
  readonly sl?: number;
  readonly tp?: number;
  readonly expiration?: number;
}

/** The account under MT5's field names; money in `currency`. */
export interface AccountData {
  readonly balance: number;
  readonly equity: number;
  readonly margin: number;
  readonly margin_free: number;
  /** Equity as a percentage of margin; 0 without margin in use. */
  readonly margin_level: number;
  readonly currency: string;
  readonly free_margin?: number;
  readonly used_margin?: number;
  readonly profit?: number;
  readonly credit?: number;
  readonly leverage?: number;
  readonly login?: WireTicket;
  readonly server?: string;
  readonly name?: string;
  readonly company?: string;
  readonly [field: string]: JsonValue | undefined;
}

/** An open position. Prices in quote currency, 0 for no stop loss or take profit. */
export interface PositionData {
  readonly ticket: WireTicket;
  readonly symbol: string;
  readonly type: 'BUY' | 'SELL';
  /** Lots. */
  readonly volume: number;
  readonly open_price: number;
  readonly current_price: number;
  readonly profit: number;
  readonly sl?: number;
  readonly tp?: number;
  readonly swap?: number;
  readonly magic?: WireTicket;
  readonly comment?: string;
  /** When it was opened, Unix time in milliseconds. */
  readonly time_msc?: number;
  readonly [field: string]: JsonValue | undefined;
}

/** A pending order. Volumes in lots, prices in quote currency, 0 for none. */
export interface OrderData {
  readonly ticket: WireTicket;
  readonly symbol: string;
  /** BUY_LIMIT, SELL_LIMIT, BUY_STOP or SELL_STOP. */
  readonly type: string;
  readonly volume: number;
  readonly open_price: number;
  readonly current_price: number;
  readonly sl: number;
  readonly tp: number;
  readonly magic: WireTicket;
  readonly comment: string;
  /** When it was placed, Unix time in milliseconds. */
  readonly time_setup_msc: number;
  /** When it expires, Unix time in seconds; 0 for never. */
  readonly time_expiration: number;
  readonly [field: string]: JsonValue | undefined;
}

/** How far the kill has come when it is answered; it goes on until the account is flat. */
export interface KillSwitchData {
  readonly positions_closed: number;
  readonly total_positions: number;
  readonly timestamp?: number;
  readonly orders_cancelled?: number;
  /** NONE, EMPTY, FLATTENING, BLOCKED or UNKNOWN. */
  readonly flatten?: string;
  readonly tickets?: readonly JsonValue[];
  /** False while the halt, in force already, is not on disk yet. */
  readonly recorded?: boolean;
  readonly [field: string]: JsonValue | undefined;
}

/** A symbol's specification under MT5's names. Volumes in lots, levels in points. */
export interface SymbolData {
  readonly symbol: string;
  readonly description: string;
  readonly digits: number;
  readonly point: number;
  readonly trade_contract_size: number;
  readonly volume_min: number;
  readonly volume_max: number;
  readonly volume_step: number;
  readonly trade_stops_level: number;
  readonly trade_mode: string;
  readonly [field: string]: JsonValue | undefined;
}

/** The last price of a symbol. */
export interface TickData {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  /** Unix time in milliseconds. */
  readonly time_msc: number;
  readonly last: number;
  readonly volume: number;
  readonly flags: number;
  readonly [field: string]: JsonValue | undefined;
}

/** A recorded command: where it stands, and what it was or will be answered. */
export interface CommandData {
  readonly req_id: string;
  readonly client_id: string;
  readonly action: string;
  /** ACCEPTED and DISPATCHING are under way; UNKNOWN waits for proof; the others are final. */
  readonly state: string;
  readonly status: ResponseStatus;
  readonly code: string | null;
  readonly error: string | null;
  readonly retcode?: number;
  readonly data: JsonValue;
  /** Unix time in seconds. */
  readonly received_at: number;
  readonly updated_at: number;
}
