import { openAuditReader } from '../audit/open-audit-reader.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { FlagValues } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Log } from '../log.ts';
import { isOwn } from '../gateway/trade-marks.ts';
import type { NetworkDesk } from '../security/pairings.ts';
import { machineAddresses } from '../security/reach.ts';
import type { KillSwitch } from '../safety/kill-switch.ts';
import { within } from '../safety/within.ts';
import type { ControlService } from './contract.ts';
import { auditHandlers } from './handlers/audit.ts';
import { machineHandlers } from './handlers/machine.ts';
import { networkHandlers } from './handlers/network.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { tradingHandlers, type TradingPorts } from './handlers/trading.ts';
import { accountSource } from './live/account-source.ts';
import { AuditFault, auditSource } from './live/audit-source.ts';
import { bookSource } from './live/book-source.ts';
import { channelsSource, paceSource } from './live/channel-sources.ts';
import { clientSource } from './live/client-source.ts';
import { LiveFeed, type Sources } from './live/live-feed.ts';
import { networkSource } from './live/network-source.ts';
import { quoteSource } from './live/quote-source.ts';
import { RefusedCount, stateSource } from './live/state-source.ts';
import { terminalSource } from './live/terminal-source.ts';
import type { Machine } from './machine/machine.ts';
import type { NetworkPorts } from './network/network-view.ts';
import { figuresOf, type GatewayFigures } from './panel/metrics-figures.ts';
import { operatorRecord, type RecordOperator } from './operator-row.ts';
import { Verification } from './verification.ts';

const STOP_LIMIT_MS = 500;

/** What the operator's calls and topics stand on. */
export interface ServicePorts extends Omit<TradingPorts, 'record'> {
  readonly log: Log;
  readonly safety: KillSwitch;
  readonly audit: AuditLog;
  readonly gateway: Gateway;
  /** The settings with which this gateway runs, and the flags and variables that win over the file. */
  readonly settings: Settings;
  readonly flags: FlagValues;
  readonly environment: NodeJS.ProcessEnv;
  readonly machine: Machine;
  readonly network: NetworkDesk;
  /** A fresh address of the panel; null while none is open. */
  readonly panelAddress: () => string | null;
}

/** The service, and what ends it. */
export interface RunningService extends ControlService {
  /** What monitoring is told, as it is now. */
  figures(): GatewayFigures;
  /** Ends followers, timers and workers; from this turn on nothing is recorded any more. May be called twice. */
  stop(): Promise<void>;
}

/** Wires all that an operator can do and see, for every transport. */
export function controlService(ports: ServicePorts): RunningService {
  const { clock, log, safety, audit, gateway, dataDir } = ports;
  let isStopped = false;
  const write = operatorRecord(ports);
  // The row that tells of an orderly end has to stay the last one.
  const record: RecordOperator = (...row) => (isStopped ? Promise.resolve(false) : write(...row));
  const reader = openAuditReader({ dataDir });
  const verification = new Verification({ clock, reader, record });
  const refused = new RefusedCount(safety, gateway);
  const fault = new AuditFault(audit);
  const trading = tradingHandlers({ ...ports, record });
  const handlers = {
    ...trading,
    ...auditHandlers({ ...ports, record, reader, verification }),
    ...settingsHandlers({ ...ports, record }),
    ...machineHandlers({ ...ports, record, status: trading.status, market: trading.market }),
    ...networkHandlers({ ...ports, ...networkPorts(ports), record }),
  };
  const feed = new LiveFeed(sourcesOf(ports, { refused, fault, verification }), { clock, log });
  return {
    handlers,
    feed,
    figures: figuresOf({ ...ports, auditFault: () => fault.now }),
    stop: async () => {
      isStopped = true;
      feed.stop();
      refused.stop();
      fault.stop();
      // A worker that waits for a disk that hangs is not waited for.
      await within(clock, STOP_LIMIT_MS, Promise.all([reader.stop(), ports.machine.stop()]));
    },
  };
}

interface Watched {
  readonly refused: RefusedCount;
  readonly fault: AuditFault;
  readonly verification: Verification;
}

function sourcesOf(ports: ServicePorts, { refused, fault, verification }: Watched): Sources {
  const { gateway, settings } = ports;
  return {
    state: stateSource({ ...ports, refused: () => refused.count }),
    terminal: terminalSource(ports),
    channels: channelsSource(ports),
    pace: paceSource(ports),
    account: accountSource(ports),
    book: bookSource({
      ...ports,
      isOwn: (trade) => isOwn(trade, settings.magicBase),
      digitsOf: (symbol) => gateway.digitsOf(symbol),
    }),
    quotes: quoteSource(ports),
    clients: clientSource(ports),
    network: networkSource({ ...networkPorts(ports), clock: ports.clock }),
    audit: auditSource({ ...ports, fault: () => fault.now, integrity: () => verification.integrity }),
  };
}

function networkPorts({ network, settings, endpoints }: ServicePorts): NetworkPorts {
  // On Linux a firewall goes by ports alone.
  const program = process.platform === 'win32' ? { program: process.execPath } : {};
  return { network, settings, endpoints, addresses: () => machineAddresses(), ...program };
}
