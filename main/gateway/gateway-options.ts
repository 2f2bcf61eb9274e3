import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import type { PortGuard } from '../security/port-guard.ts';

/** What a gateway is started with. Ports of 0 pick a free one; times in milliseconds. */
export interface GatewayOptions {
  readonly host: string;
  readonly commandPort: number;
  readonly dataPort: number;
  readonly eventPort: number;
  readonly commandDeadlineMs: number;
  readonly ttlMs: number;
  readonly magicBase: number;
  /** Streamed even when nobody has named them, and what a subscription to everything gets; empty for all. */
  readonly symbols: readonly string[];
  readonly version: string;
  /** Names this run of the gateway. */
  readonly session: string;
  /**
   * How many commands may be with the terminal at once, at least as many as it works on. Those beyond that wait there,
   * where epoch and time to live are checked once more, so that none waits for the answer to another.
   */
  readonly windowSize?: number;
  /** How many commands may wait for a place in that window. */
  readonly queueLimit?: number;
  /** How many clients are remembered. */
  readonly clientLimit?: number;
  /** How many settled commands are remembered in memory; the audit log remembers all. */
  readonly recentCommands?: number;
  /** How many requests a second a connection from the network may send, 0 for no limit. */
  readonly requestsPerSecond?: number;
  /** More subscriptions at once end all connections of their channel. */
  readonly maxSubscriptions?: number;
}

/** What the gateway stands on. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  /** What stands between the ports and the network; absent in local mode. */
  readonly guard?: PortGuard | null;
  /** Memory of this process in use, in bytes; where it is absent nobody watches over it. */
  readonly residentBytes?: () => number;
}

/** What holds where the options do not say. */
export const DEFAULTS = {
  windowSize: 32,
  queueLimit: 1_000,
  clientLimit: 64,
  recentCommands: 20_000,
  requestsPerSecond: 0,
  maxSubscriptions: 10_000,
} as const;
