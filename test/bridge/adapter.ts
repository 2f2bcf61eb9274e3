import type { Mt5Handler } from '../../main/mt5/handler.ts';
import type { TradingSwitch } from '../../main/mt5/paper/trading-switches.ts';
import type { Side } from '../../main/protocol/payloads.ts';
import type { AccountMode, Deal, MarginMode, Order, Position, SymbolTradeMode } from '../../main/mt5/market.ts';

/** What a behaviour is set up with; what it does not name is as by default. */
export interface RigOptions {
  /** Default HEDGING. */
  readonly marginMode?: MarginMode;
  /** Number of the first ticket on the account. */
  readonly firstTicket?: bigint;
  /** How long the broker takes over each request, in milliseconds. */
  readonly latencyMs?: number;
  /** After this long a command is answered PENDING, in milliseconds; 6,000 when absent, so that a busy machine is no reason. */
  readonly commandDeadlineMs?: number;
  /** Whether the watchers of link, switches, account and book are at work. */
  readonly watched?: boolean;
}

/** One of the ways to a broker, started, with everything that a behaviour does to the market and sees of it. */
export interface Adapter {
  readonly terms: Terms;
  readonly terminal: Mt5Handler;
  readonly market: Market;
  readonly truth: Truth;
  stop(): Promise<void>;
}

/** In what one adapter rightly differs from another. */
export interface Terms {
  readonly accountMode: AccountMode;
  /** The account's number. */
  readonly login: string;
  /** What a pending order is answered with when it is placed: 10008 or 10009, as brokers differ. */
  readonly placedRetcode: number;
}

/** What befalls one of the next requests at the broker. */
export type Trouble =
  | { readonly kind: 'none' }
  /** The broker answers this retcode and does nothing. */
  | { readonly kind: 'refuse'; readonly retcode: number }
  /** The broker executes, and answers this retcode instead. */
  | { readonly kind: 'misreport'; readonly retcode: number }
  /** Only this share of the volume finds a counterpart. */
  | { readonly kind: 'fill-part'; readonly share: number }
  /** No answer reaches the gateway; `executed` says whether it happened. */
  | { readonly kind: 'lose'; readonly executed: boolean };

/** What a test does to the market. Each resolves when the gateway would see it if it asked. */
export interface Market {
  quote(symbol: string, bid: number, ask: number): Promise<void>;
  /** The same for prices that come in one burst. */
  quoteMany(symbol: string, prices: readonly (readonly [bid: number, ask: number])[]): Promise<void>;
  closeMarket(symbol: string): Promise<void>;
  openMarket(symbol: string): Promise<void>;
  setTradeMode(symbol: string, mode: SymbolTradeMode): Promise<void>;
  setSwitch(name: TradingSwitch, on: boolean): Promise<void>;
  /** Cuts the way to the broker, or mends it. */
  setConnected(connected: boolean): Promise<void>;
  /** What befalls each of the next requests, in the order in which they reach the broker. */
  next(...troubles: readonly Trouble[]): void;
  /** A person opens a position in the terminal: with no magic, no tag, and past the gateway. */
  openByHand(symbol: string, side: Side, volumeLots: number): Promise<void>;
  /** From now on the broker writes its own comments. */
  rewriteComments(): void;
}

/** The account as the broker has it, past gateway and terminal. */
export interface Truth {
  positions(): Promise<readonly TruePosition[]>;
  orders(): Promise<readonly TrueOrder[]>;
  endedOrders(): Promise<readonly TrueOrder[]>;
  deals(): Promise<readonly TrueDeal[]>;
  /** Requests that have reached the broker, refused ones included. */
  requests(): number;
}

export type TruePosition = Pick<
  Position,
  'ticket' | 'symbol' | 'side' | 'volumeLots' | 'openPrice' | 'sl' | 'tp' | 'magic' | 'comment'
>;
export type TrueOrder = Pick<
  Order,
  | 'ticket'
  | 'symbol'
  | 'type'
  | 'state'
  | 'volumeInitialLots'
  | 'volumeCurrentLots'
  | 'openPrice'
  | 'sl'
  | 'tp'
  | 'filling'
  | 'magic'
  | 'comment'
  | 'expirationMs'
>;
export type TrueDeal = Pick<
  Deal,
  | 'ticket'
  | 'order'
  | 'position'
  | 'symbol'
  | 'side'
  | 'entry'
  | 'reason'
  | 'volumeLots'
  | 'price'
  | 'magic'
  | 'comment'
>;
