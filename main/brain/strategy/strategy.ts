import type { FabricEvent } from '../../protocol/events.ts';
import type { WireTick } from '../../protocol/ticks.ts';
import type { PayloadOf } from '../payload-types.ts';
import type { AccountData, PositionData } from '../reply-types.ts';
import type { ZmqClient } from '../zmq-client.ts';
import type { LeaseAction } from './lease-terms.ts';

/**
 * A strategy: what a module for `run` exports, by name or as its default export. Callbacks are given one after the
 * other, the next only when the promise of the one before has settled; each may take as long as the lease.
 */
export interface Strategy {
  readonly settings?: StrategySettings;
  /** Once, with the lease taken and the trading mode known, before the first tick. */
  onStart?(context: StrategyContext): void | Promise<void>;
  /** Each tick; while a callback is busy only the newest of each symbol is kept. */
  onTick?(tick: StrategyTick, context: StrategyContext): void | Promise<void>;
  /** What happened at the gateway, and what became of connection and quotes; before ticks that wait. */
  onEvent?(event: StrategyEvent, context: StrategyContext): void | Promise<void>;
  /** Once, last, whatever the reason; commands can still be sent. */
  onStop?(reason: StopReason, context: StrategyContext): void | Promise<void>;
}

/** How a strategy wants to be run; options of the command line win. */
export interface StrategySettings {
  /** Whose ticks it gets. */
  readonly symbols?: readonly string[];
  /** How long the gateway waits for a sign of life, in seconds, 1 to 86400; default 10. */
  readonly leaseS?: number;
  /** What the gateway does when none comes; default `halt`. */
  readonly onExpiry?: LeaseAction;
  /** The name that the gateway knows it by; default the file's name and the process id. One run a name. */
  readonly clientId?: string;
  /** After how long without a tick a symbol is STALE, in milliseconds, 100 to 3600000; default 5000. */
  readonly staleAfterMs?: number;
}

/** What a strategy has of the world. */
export interface StrategyContext {
  readonly clientId: string;
  /** Words behind the file on the command line. */
  readonly args: readonly string[];
  /** Latest known trading mode of the gateway; UNKNOWN while it does not answer. */
  readonly mode: TradingMode;
  /** The last tick of each symbol and how old it is, as of now. */
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly log: StrategyLog;
  /**
   * Sends a command, as `ZmqClient.sendCommand`: resolves with the reply whatever its status, rejects with CommandTimeout
   * when none came, whose `sent` tells whether it may have been executed. Nothing is ever sent again by itself. Refuses
   * BYE and a HEARTBEAT with a lease with RangeError: the lease is the runner's.
   */
  readonly send: ZmqClient['sendCommand'];
  /** Open positions. Rejects with CommandRefused where the gateway says no, else as `send`. */
  readonly positions: (filter?: PayloadOf<'GET_POSITIONS'>) => Promise<readonly PositionData[]>;
  /** The account. Rejects as `positions`. */
  readonly account: () => Promise<AccountData>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Ends the run in order once the callback under way has ended. */
  readonly stop: (reason: string) => void;
}

/** The gateway's mode; UNKNOWN before its first answer and while it does not answer. */
export type TradingMode = 'TRADING' | 'SUSPENDED' | 'REDUCE_ONLY' | 'HALTED' | 'UNKNOWN';

/** A tick as a strategy gets it. */
export interface StrategyTick extends WireTick {
  /** Older ticks of its symbol that were skipped while the strategy was busy. */
  readonly missed: number;
}

/** The last tick of a symbol. */
export interface Quote extends WireTick {
  /** How long ago it came, in milliseconds. */
  readonly ageMs: number;
  /** Whether that is longer than `staleAfterMs`. */
  readonly stale: boolean;
}

/** An event of the gateway, or one that the runner makes itself. */
export type StrategyEvent = FabricEvent | RunnerEvent;

/** What the runner tells of connection and quotes. `timestamp` is Unix time in seconds, spans are in milliseconds. */
export type RunnerEvent = { readonly timestamp: number } & (
  | { readonly event: 'GAP'; readonly data: { readonly symbol: string; readonly missed: number } }
  | { readonly event: 'STALE'; readonly data: { readonly symbol: string; readonly age_ms: number } }
  | { readonly event: 'FRESH'; readonly data: { readonly symbol: string; readonly stale_ms: number } }
  | { readonly event: 'CONNECTION'; readonly data: ConnectionChange }
  /** Another run of the gateway answers: what it was told before may be gone. */
  | { readonly event: 'SESSION'; readonly data: { readonly session: string; readonly before: string } }
  /** So many events came while the strategy was busy and found no room. */
  | { readonly event: 'LOST'; readonly data: { readonly missed: number } }
);

/** The gateway has stopped answering, or answers again. */
export type ConnectionChange =
  { readonly state: 'lost'; readonly silent_ms: number } | { readonly state: 'restored'; readonly silent_ms: number };

/** Why a run ends. */
export type StopReason =
  /** The program was told to end. */
  | { readonly kind: 'SIGNAL'; readonly message: string }
  /** The strategy called `stop`. */
  | { readonly kind: 'STRATEGY'; readonly message: string }
  /** A callback threw or rejected; the lease is left to run out. */
  | { readonly kind: 'CRASH'; readonly message: string; readonly error: unknown }
  /** The gateway refused to renew the lease. */
  | { readonly kind: 'LEASE'; readonly message: string };

/** One line each, with its time; `fields` are put behind the message. Never throws, never waits. */
export interface StrategyLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
