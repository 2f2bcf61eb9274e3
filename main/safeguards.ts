import type { AuditLog } from './audit/audit-log.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { BookWatch } from './gateway/book-watch.ts';
import type { Gateway } from './gateway/gateway.ts';
import { isOwn } from './gateway/trade-marks.ts';
import type { Log } from './log.ts';
import type { Mt5Handler } from './mt5/handler.ts';
import type { FabricEvent } from './protocol/events.ts';
import { ClockWatch } from './safety/clock-watch.ts';
import { DiskWatch } from './safety/disk-watch.ts';
import { Leases } from './safety/leases.ts';
import { limitSettingsOf } from './safety/limits/limit-settings.ts';
import { LossLimits, type PeakStore } from './safety/limits/loss-limits.ts';
import { PreTrade } from './safety/limits/pre-trade.ts';
import type { Safety } from './safety/safety-port.ts';
import { TerminalWatch } from './safety/terminal-watch.ts';

/** The settings that say when trading is to be restricted. */
export type SafeguardSettings = Pick<
  Settings,
  'magicBase' | 'linkHaltAfterS' | 'diskWarnMib' | 'diskReduceMib' | Extract<keyof Settings, `limit${string}`>
>;

export interface SafeguardPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  readonly safety: Safety;
  readonly gateway: Pick<Gateway, 'tradesInFlight' | 'unknownOrders'>;
  readonly announce: (event: FabricEvent) => void;
  /** Free space of the data folder, in bytes. */
  readonly freeBytes: () => Promise<number>;
  readonly peak: PeakStore;
}

/** What watches over trading by itself, and what the command channel asks of it. */
export interface Safeguards {
  readonly leases: Leases;
  readonly limits: PreTrade;
  readonly book: BookWatch;
  /** Begins to watch. Resolves when the account has been held against its limits once, as far as it can be asked. */
  start(): Promise<void>;
  /** An operator has resumed: what he has seen and accepted is measured anew. */
  resumed(by: string, reason: string): void;
  /** The system says that the machine has slept: leases end, and trading is suspended until the clocks are steady. */
  slept(asleepMs: number): void;
  /** Watches no more. May be called twice. */
  stop(): void;
}

const MIB = 1_048_576;

/** Wires the watchers: each looks at one thing and raises the trading state's mode when it must. */
export function createSafeguards(settings: SafeguardSettings, ports: SafeguardPorts): Safeguards {
  const { clock, log, audit, terminal, safety, gateway, announce, freeBytes, peak } = ports;
  const { tradesInFlight, unknownOrders } = gateway;
  const limitSettings = limitSettingsOf(settings);
  const isOurs = (trade: Parameters<typeof isOwn>[0]) => isOwn(trade, settings.magicBase);

  const leases = new Leases({ clock, safety, audit, announce });
  const limits = new PreTrade({ clock, terminal, safety, audit, announce }, limitSettings);
  const losses = new LossLimits({ clock, terminal, safety, audit, announce, log, peak }, limitSettings);
  const book = new BookWatch({
    ...{ clock, terminal, audit, safety, log, tradesInFlight },
    isOwn: isOurs,
  });
  const haltAfterMs = settings.linkHaltAfterS === 0 ? null : settings.linkHaltAfterS * 1_000;
  const clockWatch = new ClockWatch({ clock, safety, log, onJump: (reason) => leases.expireAll(reason) });
  const watchers = [
    losses,
    book,
    clockWatch,
    new TerminalWatch({ clock, terminal, safety, log, unknownOrders, tradesInFlight }, { haltAfterMs }),
    new DiskWatch(
      { clock, safety, log, announce, freeBytes },
      { warnBytes: settings.diskWarnMib * MIB, reduceBytes: settings.diskReduceMib * MIB },
    ),
  ];
  return {
    leases,
    limits,
    book,
    start: () => {
      for (const watcher of watchers) watcher.start();
      return losses.whenLooked();
    },
    resumed: (by, reason) => {
      losses.restartFromHere();
      book.accept(by, reason);
    },
    slept: (asleepMs) => clockWatch.slept(asleepMs),
    stop: () => {
      leases.stop();
      for (const watcher of watchers.toReversed()) watcher.stop();
    },
  };
}
