import type { AuditLog, CommandRecord } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import type { ErrorCode } from '../protocol/codes.ts';
import type { FabricEvent } from '../protocol/events.ts';
import type { LeaseDesk, PreTradeLimits, Safety } from '../safety/safety-port.ts';
import { ClaimDoubts } from './claim-doubts.ts';
import type { ClientRegistry } from './client-registry.ts';
import type { Command } from './command.ts';
import { CommandIndex } from './command-index.ts';
import { type Admit, Dispatcher } from './dispatcher.ts';
import { commandEvent } from './gateway-events.ts';
import { Heartbeat, type Identity } from './heartbeat.ts';
import { KillMemory } from './kill-memory.ts';
import { Queries } from './queries.ts';
import type { Verdict } from './decision.ts';
import type { Reconciler } from './reconcile.ts';
import type { RequestRate } from './request-rate.ts';
import { type Recovery, recover } from './recovery.ts';
import type { SymbolDigits } from './symbol-digits.ts';
import { TradeJournal } from './trade-journal.ts';
import { type LaneOptions, TradingLane } from './trading-lane.ts';
import { UrgentLane } from './urgent-lane.ts';

/** Settings of what stands behind the command port. */
export interface CoreOptions extends LaneOptions {
  /** How many settled commands are remembered in memory; the audit log remembers all. */
  readonly recentCommands: number;
}

/** What guards trading. Without leases none is granted, without limits an order meets none. */
export interface Guards {
  readonly safety: Safety;
  readonly leases?: LeaseDesk | undefined;
  readonly limits?: PreTradeLimits | undefined;
}

interface Ports extends Guards {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly terminal: Mt5Handler;
  readonly symbols: Pick<SymbolDigits, 'has'>;
  readonly registry: ClientRegistry;
  readonly reconciler: Reconciler;
  readonly admit?: Admit | undefined;
  readonly rate?: RequestRate | undefined;
  readonly announce: (event: FabricEvent) => void;
  /** Told the code of every answer that is an error. */
  readonly countReject?: (code: ErrorCode) => void;
}

/** What stands behind the command port. */
export interface Core {
  readonly dispatcher: Dispatcher;
  readonly lane: TradingLane;
  /** Settles the commands that an earlier session left open. */
  recover(): Promise<Recovery>;
  /** Listens and looks no more. */
  stop(): void;
}

/** Wires what stands behind the command port: the dispatcher with its lanes, and the recovery at start. */
export function createCore(options: CoreOptions, identity: Identity, ports: Ports): Core {
  const { clock, log, audit, terminal, safety, leases, limits, registry, reconciler, admit, rate, announce } = ports;
  const index = new CommandIndex(options.recentCommands);
  const journal = new TradeJournal({ clock, audit, safety, terminal });
  const doubts = new ClaimDoubts({ clock, log, audit, journal });
  const kills = new KillMemory({ clock, safety });
  const onLateOutcome = (command: Command) => announce(commandEvent(command, clock.nowMs()));
  const lane = new TradingLane(options, {
    ...{ clock, log, safety, terminal, index, journal, doubts, reconciler, limits, onLateOutcome },
    symbols: ports.symbols,
  });
  const alive = new Heartbeat(identity, { clock, safety, terminal });
  const dispatcher = new Dispatcher({
    ...{ clock, log, registry, lane, admit, rate },
    countReject: ports.countReject ?? (() => {}),
    urgent: new UrgentLane({ clock, log, safety, alive, kills, leases }),
    queries: new Queries(options.commandDeadlineMs, { clock, audit, terminal, index, kills }),
  });
  reconciler.onNoneOpen(() => safety.clear('UNKNOWN_ORDER'));

  /** A command of an earlier session was settled: whoever asked for it in this one learns of it. */
  const onSettled = ({ key }: CommandRecord, { ending }: Verdict) => {
    const command = index.find(key);
    if (command === null) return;
    command.settle(ending.state, ending.answer, clock.nowMs());
    onLateOutcome(command);
  };
  return {
    dispatcher,
    lane,
    recover: () => recover({ clock, audit, terminal, journal, reconciler, onSettled }),
    stop: () => {
      lane.stop();
      doubts.stop();
      kills.stop();
    },
  };
}
