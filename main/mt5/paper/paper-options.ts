import type { MarginMode, SymbolTradeMode } from '../market.ts';
import type { TradingSwitch } from './trading-switches.ts';
import { TerminalSetupError } from '../terminal-setup-error.ts';

/** How the paper terminal and its broker are set up. `PAPER_DEFAULTS` is a broker as one usually meets it. */
export interface PaperOptions {
  /** The same seed at the same time gives the same prices. */
  readonly seed: number;
  /** How long an OrderSend takes. At 0 an order is executed in the call itself, with no timer. */
  readonly latencyMs: number;
  readonly marginMode: MarginMode;
  /** Stands behind every symbol's name, like ".s"; empty for none. */
  readonly suffix: string;
  readonly currency: 'USD';
  /** Money on a new account; a journal that is there already keeps its own balance. */
  readonly initialBalance: number;
  readonly leverage: number;
  /** Forgets the journal at start: a new account. */
  readonly reset: boolean;
  /** Price changes of each symbol in a second, on average. At 0 prices stand still until `pushTick`. */
  readonly ticksPerSecond: number;
  /** A file in MetaTrader's own tick export format, replayed instead of the random walk of its symbol. */
  readonly ticksFile?: string;
  /** What happens at the end of that file. */
  readonly ticksAtEnd: 'loop' | 'stop';
  /** How many times faster than recorded the file is replayed. */
  readonly ticksSpeed: number;
  /** Whether forex and metals close from Friday to Sunday 22:00 UTC; off, so that they trade on any day. */
  readonly weekends: boolean;
  /** Number of the first order on a new account. */
  readonly firstTicket: bigint;
  /** Share of trading calls that the broker rejects (10006) or requotes (10004), 0 to 1. */
  readonly rejectRate: number;
  readonly requoteRate: number;
  readonly faults: Partial<Faults>;
}

/** Trouble to order, for tests and rehearsals. What is set here stands until it is set again. */
export interface Faults {
  /** One entry for each of the next attempts at the broker, in the order in which they reach it. */
  readonly next: readonly Fault[];
  /** Symbols whose market is closed: no ticks, no trades (10018). */
  readonly closedMarkets: readonly string[];
  /** Symbols that are not fully tradable. */
  readonly tradeModes: Readonly<Record<string, SymbolTradeMode>>;
  /** Switches that are off, so that nothing is traded (10017, 10026, 10027). */
  readonly switchesOff: readonly TradingSwitch[];
  /** The terminal is away: questions fail, new calls are not sent, and those under way lose their reply. */
  readonly linkDown: boolean;
  /** The broker replaces the comments of orders, as some do, so that a tag is lost. */
  readonly commentsRewritten: boolean;
}

/** What befalls one attempt at the broker. */
export type Fault =
  /** Nothing does. */
  | { readonly kind: 'none' }
  /** The broker answers this retcode and does nothing. */
  | { readonly kind: 'refuse'; readonly retcode: number }
  /** The broker executes, but answers this retcode with no tickets: a timeout that was filled. */
  | { readonly kind: 'misreport'; readonly retcode: number }
  /** No answer comes; `executed` says whether it happened. */
  | { readonly kind: 'lose'; readonly executed: boolean }
  /** Only this share of the volume can be filled, rounded down to the step; fill-or-kill orders are rejected then. */
  | { readonly kind: 'fill-part'; readonly share: number };

/** No trouble. */
export const NO_FAULTS: Faults = {
  next: [],
  closedMarkets: [],
  tradeModes: {},
  switchesOff: [],
  linkDown: false,
  commentsRewritten: false,
};

/** A hedging account of 10,000 US dollars at 1:100, on prices that move about four times a second. */
export const PAPER_DEFAULTS: PaperOptions = {
  seed: 1,
  latencyMs: 0,
  marginMode: 'HEDGING',
  suffix: '',
  currency: 'USD',
  initialBalance: 10_000,
  leverage: 100,
  reset: false,
  ticksPerSecond: 4,
  ticksAtEnd: 'loop',
  ticksSpeed: 1,
  weekends: false,
  firstTicket: 1001n,
  rejectRate: 0,
  requoteRate: 0,
  faults: {},
};

/** The paper terminal cannot start as it was asked to; the message says what to change. */
export class PaperSetupError extends TerminalSetupError {
  override readonly name = 'PaperSetupError';
}
