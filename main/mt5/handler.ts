import type { Timeframe } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type {
  Account,
  AccountMode,
  Candle,
  Deal,
  MarginMode,
  NewOrder,
  Order,
  Position,
  SymbolSpec,
  Tick,
} from './market.ts';

/**
 * The way to MetaTrader 5: the one port between the gateway and whatever trades. The embedded paper terminal is one
 * adapter, the bridge program inside a real terminal another; nothing above this file knows which runs.
 */
export interface Mt5Handler {
  /** Connects to the terminal. Resolves once it answers or is known to be away; a linked terminal may still come later. */
  start(): Promise<void>;
  /** Releases the terminal; open positions stay as they are. May be called twice. */
  stop(): Promise<void>;

  /** What is known of the terminal now, without asking it. */
  state(): TerminalState;
  /** How many trading calls the terminal works on at once; the gateway keeps others in its own queue. */
  readonly concurrency: number;
  /** How long after a lost reply a search that finds nothing counts as proof that nothing happened, in milliseconds. */
  readonly settleMs: number;

  account(): Promise<Query<Account>>;
  positions(filter?: BookFilter): Promise<Query<readonly Position[]>>;
  /**
   * An open position as the terminal has told of it by itself, a moment ago at most; null where it has to be asked. Its
   * symbol, side and magic are what they are for good.
   */
  toldPosition(ticket: Ticket): Position | null;
  orders(filter?: BookFilter): Promise<Query<readonly Order[]>>;
  /** Orders and deals that ended or happened from `fromMs` up to and including `toMs`, oldest first. */
  history(fromMs: number, toMs: number): Promise<Query<History>>;
  symbols(): Promise<Query<readonly SymbolSpec[]>>;
  symbol(name: string): Promise<Query<SymbolSpec>>;
  /** The last tick of a symbol. */
  tick(symbol: string): Promise<Query<Tick>>;
  /** The newest `count` bars, oldest first. */
  candles(symbol: string, timeframe: Timeframe, count: number): Promise<Query<readonly Candle[]>>;
  /** Everything that carries the tag, in positions, orders and the history: what reconciliation rests on. */
  find(tag: string): Promise<Query<Traces>>;

  /** OrderCheck: what `send` would answer, without sending. */
  check(order: NewOrder): Promise<TradeOutcome>;
  send(order: NewOrder, fence: Fence): Promise<TradeOutcome>;
  /** Closes a position, or `volumeLots` of it. Never opens the other side: without the position it is refused with 10036. */
  close(position: CloseOrder, fence: Fence): Promise<TradeOutcome>;
  /** Changes a position's stops; 0 removes one. */
  modifyPosition(change: PositionChange, fence: Fence): Promise<TradeOutcome>;
  modifyOrder(change: OrderChange, fence: Fence): Promise<TradeOutcome>;
  /** Removes a pending order. */
  cancel(ticket: Ticket, fence: Fence): Promise<TradeOutcome>;

  /** Latches the terminal at `epoch`, ahead of its queue: it refuses new orders and every smaller epoch until `release`. Resolves true when acked. */
  halt(epoch: number): Promise<boolean>;
  /** Lifts the latch; the only thing that does. Resolves true when acked. */
  release(epoch: number): Promise<boolean>;

  /** Which symbols to stream; replaces the set before. Names that the terminal does not have are ignored. */
  subscribe(symbols: ReadonlySet<string>): void;
  /** Listeners get what came in one turn of the loop; each returns a function that removes it. */
  onTicks(listener: (ticks: readonly Tick[]) => void): () => void;
  onTransaction(listener: (transaction: Transaction) => void): () => void;
  onState(listener: (state: TerminalState) => void): () => void;
}

/** An answer to a question: a value, NOT_FOUND for a name or ticket that is not there, or no terminal to ask. */
export type Query<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: 'NOT_FOUND' | 'TERMINAL_DISCONNECTED' | 'TERMINAL_TIMEOUT';
      readonly message: string;
    };

export interface BookFilter {
  readonly symbol?: string | undefined;
  readonly ticket?: Ticket | undefined;
  readonly magic?: bigint | undefined;
}

export interface History {
  readonly orders: readonly Order[];
  readonly deals: readonly Deal[];
}

/** What carries a tag. `complete` is false while the terminal's history is not synchronised: then finding nothing proves nothing. */
export interface Traces extends History {
  readonly complete: boolean;
  readonly positions: readonly Position[];
  readonly pending: readonly Order[];
  /** What the terminal program itself has noted of calls with the tag; empty where it keeps no such record. */
  readonly recorded: readonly RecordedCall[];
}

/** A trading call as the terminal program has recorded it; without a result it began, and the program ended before its answer. */
export interface RecordedCall {
  readonly result: TradeResult | null;
}

/** Checked by the terminal right before it trades. */
export interface Fence {
  /** The trading state's epoch when the command passed the gate; the terminal refuses one smaller than its own. */
  readonly epoch: number;
  /** Monotonic time of the gateway's clock, in milliseconds, after which the command must not start. */
  readonly validUntilMonoMs: number;
  /**
   * Whether the trading state still allows it: asked before the same call is written a second time, to a program that came
   * back without having answered. Allowed when absent; age is not asked for here.
   */
  readonly mayStillStart?: () => boolean;
}

export interface CloseOrder {
  readonly ticket: Ticket;
  readonly symbol: string;
  /** Lots to close; the whole position when absent. */
  readonly volumeLots?: number;
  readonly deviationPoints: number;
  readonly magic: bigint;
  readonly comment: string;
}

export interface PositionChange {
  readonly ticket: Ticket;
  readonly sl: number;
  readonly tp: number;
}

export interface OrderChange extends PositionChange {
  readonly price: number;
  readonly expirationMs?: number;
}

/** How a trading call ended, as far as it is known. */
export type TradeOutcome =
  /** The terminal answered; `result.retcode` decides what happened (see retcodes.ts). */
  | { readonly kind: 'answered'; readonly result: TradeResult }
  /** The terminal's latch or epoch refused it: nothing happened. */
  | { readonly kind: 'fenced'; readonly message: string }
  /** `validUntilMonoMs` had passed: nothing happened. */
  | { readonly kind: 'expired'; readonly message: string }
  /** It never left the gateway: nothing happened. */
  | { readonly kind: 'unsent'; readonly message: string }
  /** It was sent and no answer came: it may have happened. */
  | { readonly kind: 'lost'; readonly message: string };

/** MT5's MqlTradeResult. 0 tickets for none; volume in lots, price in quote currency. */
export interface TradeResult {
  readonly retcode: number;
  /** The terminal's or broker's own words. */
  readonly message: string;
  readonly order: Ticket;
  readonly deal: Ticket;
  /** The position that was opened, changed or closed. */
  readonly position: Ticket;
  readonly volumeLots: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
}

/** What is known of the terminal. */
export interface TerminalState {
  /** The terminal program answers. */
  readonly linked: boolean;
  /** Why it does not, or null. */
  readonly linkFault: string | null;
  /** The terminal is connected to its broker. */
  readonly connected: boolean;
  /** Switches that are off, by MT5's name (like TERMINAL_TRADE_ALLOWED); empty when trading is possible. */
  readonly tradingBlockedBy: readonly string[];
  /** The account's pin; null until it is known. */
  readonly account: AccountPin | null;
  readonly marginMode: MarginMode;
  /** Version of the terminal program, for the audit log; empty before one has linked. */
  readonly bridgeVersion: string;
  /** When something last came from it, on the gateway's monotonic clock; null before that. */
  readonly lastHeardMonoMs: number | null;
  /** Its own part of the kill switch; null until it has said. */
  readonly latch: LatchState | null;
  /** How the program has connected; null while none has, and for an embedded terminal. */
  readonly transport: 'pipe' | 'tcp' | null;
  /** Where a program finds the gateway: the pipe's path and address:port; empty for an embedded terminal. */
  readonly listensOn: readonly string[];
}

/** The terminal's latch: on, it refuses new orders; it always refuses an epoch smaller than its own. */
export interface LatchState {
  readonly epoch: number;
  readonly isOn: boolean;
}

/** What an account is recognised by. */
export interface AccountPin {
  readonly login: string;
  readonly server: string;
  readonly mode: AccountMode;
}

/** A change in the book, as OnTradeTransaction tells it. */
export type Transaction =
  | { readonly kind: 'ORDER_ADDED' | 'ORDER_CHANGED' | 'ORDER_REMOVED'; readonly order: Order }
  | { readonly kind: 'DEAL'; readonly deal: Deal }
  | { readonly kind: 'POSITION_OPENED' | 'POSITION_CHANGED' | 'POSITION_CLOSED'; readonly position: Position };
