import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { HeadWitness } from './audit/head-witness.ts';
import { openAuditLog } from './audit/open-audit-log.ts';
import { systemClock } from './clock.ts';
import { controlEndpoints } from './config/data-dir.ts';
import type { FlagValues } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import type { ControlService } from './control/contract.ts';
import { openControlEndpoint } from './control/endpoint.ts';
import { Machine } from './control/machine/machine.ts';
import { thisMachine } from './control/machine/machine-place.ts';
import type { GatewayFigures } from './control/panel/metrics-figures.ts';
import { controlService } from './control/service.ts';
import { portOf } from './protocol/endpoint.ts';
import { Gateway, type Endpoints } from './gateway/gateway.ts';
import { isOwn } from './gateway/trade-marks.ts';
import { idleSettings, notRunnable } from './host-settings.ts';
import { createTerminal } from './host-terminal.ts';
import type { Log } from './log.ts';
import type { TerminalState } from './mt5/handler.ts';
import { TerminalSetupError } from './mt5/terminal-setup-error.ts';
import { TokenFile } from './safety/armed-token.ts';
import { freeBytesOf } from './safety/disk-watch.ts';
import { endStartUp } from './safety/end-start-up.ts';
import { haltFileExists, HaltFileWatch } from './safety/halt-file.ts';
import { KillSwitch } from './safety/kill-switch.ts';
import { FilePeakStore } from './safety/limits/peak-file.ts';
import { OperatorClose } from './safety/operator-close.ts';
import type { Mode } from './safety/trading-state.ts';
import { createSafeguards } from './safeguards.ts';
import { KeyFileError } from './security/key-file.ts';
import { networkSecurity } from './security/network-security.ts';
import { type Reach, reachAddress } from './security/reach.ts';
import type { SecretBox } from './security/secret-box.ts';
import { takenPort } from './taken-port.ts';
import { SessionRecord } from './session-record.ts';
import { Unwind } from './unwind.ts';
import { VERSION } from './version.ts';

/** What every gateway needs, with or without a window. */
export interface HostOptions {
  readonly dataDir: string;
  readonly settings: Settings;
  /** What of the settings came from the command line, and so wins over the file at the next start too. */
  readonly flags?: FlagValues;
  /** Empties the paper account first. */
  readonly paperReset: boolean;
  readonly log: Log;
  /** The system's key store where there is one. */
  readonly secretBox?: SecretBox | undefined;
  /** A fresh address of the panel; null while none is open. */
  readonly panelAddress?: () => string | null;
}

/** A running gateway. */
export interface Host {
  readonly endpoints: Endpoints;
  readonly dataDir: string;
  /** What an operator can do and see, for whatever shows it. */
  readonly service: ControlService;
  /** What monitoring is told, as it is now. */
  readonly figures: () => GatewayFigures;
  mode(): Mode;
  terminal(): TerminalState;
  /** Ends in order, within 2 s where the disk allows it. May be called twice. */
  stop(): Promise<void>;
  /** The system says that the machine has slept for so many milliseconds. */
  slept(asleepMs: number): void;
  /** A bug was not caught: halts and writes that to the log; the session counts as crashed. */
  crash(reason: string): Promise<void>;
}

export type HostStarted = { readonly ok: true; readonly host: Host } | { readonly ok: false; readonly message: string };

/** Starts a gateway. A refusal is one line that names what is in the way; nothing stays open then. */
export async function startHost(options: HostOptions): Promise<HostStarted> {
  const refused = notRunnable(options.settings);
  if (refused !== null) return { ok: false, message: refused };
  for (const note of idleSettings(options.settings)) options.log.warn(note);
  const unwind = new Unwind();
  try {
    const started = await start(options, unwind);
    if (!started.ok) await unwind.run();
    return started;
  } catch (error) {
    await unwind.run();
    if (error instanceof TerminalSetupError || error instanceof KeyFileError)
      return { ok: false, message: error.message };
    throw error;
  }
}

async function start(options: HostOptions, unwind: Unwind): Promise<HostStarted> {
  const { dataDir, settings, flags = {}, paperReset, log } = options;
  const clock = systemClock;
  const session = randomUUID();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  const control = await openControlEndpoint(controlEndpoints(dataDir, process.env), log);
  if (!control.ok) return { ok: false, message: `${control.message}: ${dataDir}` };
  unwind.defer(() => control.endpoint.stop());

  const taken = await takenPort(settings);
  if (taken !== null) return { ok: false, message: taken };

  const terminal = createTerminal({ settings, dataDir, session, paperReset }, { clock, log });
  unwind.defer(() => terminal.stop());
  await terminal.start();

  const { bridgeVersion } = terminal.state();
  const known = bridgeVersion === '' ? {} : { bridgeVersion };
  const opened = await openAuditLog({ dataDir, session, appVersion: VERSION, ...known, clock, log });
  if (!opened.ok) return opened;
  const audit = opened.log;
  unwind.defer(() => audit.stop());

  const security = await networkSecurity({
    ...{ clock, log, audit, dataDir, settings, secretBox: options.secretBox },
    reach: () => reachOf(settings, gateway.endpoints),
    endConnections: () => gateway.endConnections(),
  });
  unwind.defer(() => security.stop());
  const gateway: Gateway = new Gateway(
    { ...settings, version: VERSION, session },
    { clock, log, audit, terminal, guard: security.guard, residentBytes: () => process.memoryUsage.rss() },
  );
  unwind.defer(() => gateway.stop());

  const token = new TokenFile(dataDir);
  const safety = new KillSwitch({
    ...{ clock, terminal, audit, token, log },
    announce: gateway.announce,
    tradesInFlight: gateway.tradesInFlight,
    isOwn: (trade) => isOwn(trade, settings.magicBase),
  });
  unwind.defer(() => safety.stop());
  const safeguards = createSafeguards(settings, {
    ...{ clock, log, audit, terminal, safety, gateway },
    announce: gateway.announce,
    freeBytes: () => freeBytesOf(dataDir),
    peak: new FilePeakStore(dataDir),
  });
  unwind.defer(() => safeguards.stop());
  const operatorClose = new OperatorClose({ clock, terminal, audit, safety, log });
  unwind.defer(() => operatorClose.stop());
  const guards = { safety, leases: safeguards.leases, limits: safeguards.limits };

  const record = new SessionRecord({ clock, audit, safety });
  const haltFile = await haltFileExists(dataDir);
  const reading = await token.read();
  await record.started(settings);
  const recovery = await gateway.recover(guards);
  log.info('commands of the last session settled', { ...recovery });

  const listening = await gateway.start(guards);
  if (!listening.ok) {
    // A crash before this start must still be seen by the next one.
    if (audit.opened.cleanStop) await record.stopped(listening.message, record.keptLeases());
    return listening;
  }
  const selfTest = await gateway.selfTest();
  if (!selfTest.ok) log.error('self-test failed', { message: selfTest.message });
  safeguards.leases.takeOver(record.keptLeases());
  await safeguards.start();
  const stopWaiting = await endStartUp({
    ...{ safety, terminal },
    found: () => ({
      ...{ log: audit.opened, token: reading, haltFile },
      unknownOrders: gateway.unknownOrders(),
      selfTestPassed: selfTest.ok,
    }),
  });
  unwind.defer(stopWaiting);

  const haltFileWatch = new HaltFileWatch({ clock, safety, exists: () => haltFileExists(dataDir) });
  haltFileWatch.start();
  unwind.defer(() => haltFileWatch.stop());
  const witness = new HeadWitness({ clock, audit, announce: gateway.announce });
  witness.start();
  unwind.defer(() => witness.stop());
  // A kill's own rows: told as soon as they are on disk.
  safety.onChange(({ mode, recorded }) => mode === 'HALTED' && recorded && witness.tell());
  const { endpoints } = listening;
  const service = controlService({
    ...{ clock, log, safety, terminal, audit, gateway, safeguards, operatorClose, session, dataDir, endpoints },
    ...{ settings, flags, environment: process.env, version: VERSION },
    machine: new Machine(thisMachine({ dataDir, flags, settings })),
    network: security.desk,
    panelAddress: options.panelAddress ?? (() => null),
  });
  unwind.defer(() => service.stop());
  control.endpoint.serve(service.handlers);

  return { ok: true, host: runningHost() };

  function runningHost(): Host {
    let stopping: Promise<void> | null = null;
    return {
      endpoints,
      dataDir,
      service,
      figures: () => service.figures(),
      mode: () => safety.state().mode,
      terminal: () => terminal.state(),
      slept: (asleepMs) => safeguards.slept(asleepMs),
      stop: () => (stopping ??= end()),
      crash: async (reason) => {
        safety.raise({ kind: 'EXCEPTION', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason });
        // Waits, for a second at most, until the halt is recorded.
        await safety.stop();
      },
    };
  }

  /** The last row is written when no more commands come, and before the log is closed. */
  async function end(): Promise<void> {
    const leases = safeguards.leases.kept();
    const served = service.stop();
    haltFileWatch.stop();
    safeguards.stop();
    operatorClose.stop();
    await gateway.stop();
    await safety.stop();
    await served;
    // A halt that is not on record must not look like a stop in order.
    if (safety.state().recorded) await record.stopped('in order', leases);
    await unwind.run();
  }
}

/** Where brains reach this gateway: the ports as they are really bound, the address as the settings have it. */
function reachOf({ host, commandPort, dataPort, eventPort }: Settings, endpoints: Endpoints | null): Reach {
  const bound = (endpoint: string | undefined, asked: number) => (endpoint === undefined ? asked : portOf(endpoint));
  return {
    host: reachAddress(host),
    commandPort: bound(endpoints?.command, commandPort),
    dataPort: bound(endpoints?.data, dataPort),
    eventPort: bound(endpoints?.events, eventPort),
  };
}
