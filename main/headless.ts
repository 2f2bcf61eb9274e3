import { join } from 'node:path';
import type { Invocation } from './arguments.ts';
import { systemClock } from './clock.ts';
import { loadSettings } from './config/load-settings.ts';
import { resolveDataDir } from './config/data-dir.ts';
import type { Settings } from './config/settings.ts';
import { userName } from './control/client.ts';
import { openPanel, type Panel, type PanelOpened } from './control/panel/panel.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { portOf } from './protocol/endpoint.ts';
import { startHost, type Host } from './host.ts';
import type { Io } from './local-roots.ts';
import { bothLogs, createLog, type Log } from './log.ts';
import { openGatewayLog } from './log-files.ts';
import type { TerminalState } from './mt5/handler.ts';
import { reachAddress } from './security/reach.ts';
import { VERSION } from './version.ts';

/**
 * The gateway without a window: starts it, with the panel where a port is set for it, says that it is ready, and runs until
 * a signal ends it. `built` is the folder that the build has made.
 */
export async function runHeadless(
  invocation: Extract<Invocation, { root: 'gateway' }>,
  io: Io,
  built: string,
): Promise<ExitCode> {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const loaded = loadSettings(dataDir, invocation.flags, process.env);
  if (!loaded.ok) return refuse(io, loaded.message);
  const shown = invocation.json ? createLog((line) => io.stderr(`${line}\n`)) : createPlainLog(io);
  const log = bothLogs(shown, openGatewayLog(dataDir, systemClock));
  for (const note of loaded.notes) log.warn(note.message);

  const toldToEnd = endSignal();
  let panel: Panel | null = null;
  const started = await startHost({
    ...{ dataDir, settings: loaded.settings, flags: invocation.flags, log },
    paperReset: invocation.paperReset,
    panelAddress: () => panel?.newAddress() ?? null,
  });
  if (!started.ok) return refuse(io, started.message);
  const { host } = started;
  const opened = await openPanelOf(host, loaded.settings, join(built, 'renderer'), log);
  if (opened !== null && !opened.ok) {
    await host.stop();
    return refuse(io, opened.message);
  }
  panel = opened?.panel ?? null;
  io.stdout(invocation.json ? readyLine(host, panel) : banner(host, loaded.settings, panel));
  haltOnUncaught(host, log);
  await toldToEnd;
  await panel?.stop();
  await host.stop();
  return EXIT.ok;
}

/** The panel, or null where the settings name no port for it. */
export async function openPanelOf(
  { dataDir, service, figures }: Host,
  { panelPort }: Settings,
  files: string,
  log: Log,
): Promise<PanelOpened | null> {
  if (panelPort === 'none') return null;
  const place = { port: panelPort, dataDir, files };
  return openPanel({ ...place, service, figures, clock: systemClock, log, userName: userName() });
}

function refuse(io: Io, message: string): ExitCode {
  io.stderr(`mt5-fabric: ${message}\n`);
  return EXIT.configuration;
}

/** Resolves on SIGTERM, SIGINT, SIGHUP or Windows' Ctrl+Break: each ends the gateway in order, also one that comes while it starts. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, () => resolve());
  });
}

/** An exception that nobody caught halts trading and ends the gateway. */
function haltOnUncaught(host: Host, log: Log): void {
  let isCrashing = false;
  const crash = (error: unknown) => {
    // One is enough to end it: what comes behind the first must not keep it from ending.
    if (isCrashing) return;
    isCrashing = true;
    log.error('uncaught exception: trading is halted and the gateway ends', { error });
    void host.crash(error instanceof Error ? error.message : String(error)).finally(() => process.exit(EXIT.internal));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

function readyLine(host: Host, panel: Panel | null): string {
  const panelAddress = panel === null ? {} : { panel: panel.address };
  return `${JSON.stringify({ event: 'ready', mode: host.mode(), ...host.endpoints, ...panelAddress })}\n`;
}

function banner(host: Host, settings: Settings, panel: Panel | null): string {
  const { command, data, events } = host.endpoints;
  return `MT5 Fabric ${VERSION}: the gateway runs.

  terminal  ${terminalLine(host.terminal(), settings)}
  mode      ${host.mode()}${host.mode() === 'TRADING' ? '' : '   (why: npm run gateway -- --status)'}
  command   ${command}
  data      ${data}
  events    ${events}
  folder    ${host.dataDir}
${panel === null ? '' : `\nOpen the panel in a browser of this machine; the address is good for one sign-in:\n  ${panel.address}\n`}
Try next, in another terminal:
${settings.security === 'encrypted' ? PAIRED_EXAMPLES : openExamples(host, settings)}
  npm run gateway -- --status

Ctrl+C ends the gateway; open positions stay in the account.
`;
}

// Without its connection file no brain gets in.
const PAIRED_EXAMPLES = `  npm run gateway -- --pair alpha --role trade
  npm run brain -- open EURUSD 0.01 buy --connection alpha.connection.json`;

function openExamples(host: Host, settings: Settings): string {
  const place = `--host ${reachAddress(settings.host)}${portFlags(host, settings)}`;
  return `  npm run brain -- open EURUSD 0.01 buy ${place}
  npm run brain -- ticks EURUSD --count 5 ${place}`;
}

function terminalLine({ account, linkFault }: TerminalState, settings: Settings): string {
  if (settings.terminal === 'paper') return 'paper (PAPER: no real money)';
  if (account === null) return `MetaTrader 5: ${linkFault ?? 'its program has not said its account yet'}`;
  return `MetaTrader 5: ${account.mode} ${account.login} at ${account.server}`;
}

// The examples have to work as they stand, on other ports than the usual ones too.
function portFlags(host: Host, settings: Settings): string {
  if (settings.commandPort === 5555 && settings.dataPort === 5556) return '';
  return ` --command-port ${portOf(host.endpoints.command)} --data-port ${portOf(host.endpoints.data)}`;
}

/** One readable line an event on stderr, for a person who watches. */
function createPlainLog(io: Io): Log {
  const at =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const details = Object.entries(fields).map(
        ([key, value]) => `${key}=${value instanceof Error ? value.message : String(value)}`,
      );
      io.stderr(`${new Date().toLocaleTimeString('sv-SE')} ${level} ${[event, ...details].join(' ')}\n`);
    };
  return { info: at('info '), warn: at('WARN '), error: at('ERROR') };
}
