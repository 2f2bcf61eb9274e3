import type { Invocation } from './arguments.ts';
import { loadSettings } from './config/load-settings.ts';
import { resolveDataDir } from './config/data-dir.ts';
import type { Settings } from './config/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { startHost, type Host } from './host.ts';
import type { Io } from './local-roots.ts';
import { createLog, type Log } from './log.ts';
import type { TerminalState } from './mt5/handler.ts';
import { VERSION } from './version.ts';

/** The gateway without a window: starts it, says that it is ready, and runs until a signal ends it. */
export async function runHeadless(invocation: Extract<Invocation, { root: 'gateway' }>, io: Io): Promise<ExitCode> {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  const loaded = loadSettings(dataDir, invocation.flags, process.env);
  if (!loaded.ok) return refuse(io, loaded.message);
  const log = invocation.json ? createLog((line) => io.stderr(`${line}\n`)) : createPlainLog(io);
  for (const note of loaded.notes) log.warn(note.message);

  const toldToEnd = endSignal();
  const started = await startHost({
    ...{ dataDir, settings: loaded.settings, flags: invocation.flags, log },
    paperReset: invocation.paperReset,
  });
  if (!started.ok) return refuse(io, started.message);
  io.stdout(invocation.json ? readyLine(started.host) : banner(started.host, loaded.settings));
  haltOnUncaught(started.host, log);
  await toldToEnd;
  await started.host.stop();
  return EXIT.ok;
}

function refuse(io: Io, message: string): ExitCode {
  io.stderr(`mt5-fabric: ${message}\n`);
  return EXIT.configuration;
}

/** Resolves on SIGTERM, SIGINT or SIGHUP: each ends the gateway in order, also one that comes while it starts. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

/** An exception that nobody caught halts trading and ends the gateway. */
function haltOnUncaught(host: Host, log: Log): void {
  const crash = (error: unknown) => {
    log.error('uncaught exception: trading is halted and the gateway ends', { error });
    void host.crash(error instanceof Error ? error.message : String(error)).finally(() => process.exit(EXIT.internal));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

function readyLine(host: Host): string {
  return `${JSON.stringify({ event: 'ready', mode: host.mode(), ...host.endpoints })}\n`;
}

function banner(host: Host, settings: Settings): string {
  const { command, data, events } = host.endpoints;
  const ports = portFlags(host, settings);
  return `MT5 Fabric ${VERSION}: the gateway runs.

  terminal  ${terminalLine(host.terminal(), settings)}
  mode      ${host.mode()}${host.mode() === 'TRADING' ? '' : '   (why: npm run gateway -- --status)'}
  command   ${command}
  data      ${data}
  events    ${events}
  folder    ${host.dataDir}

Try next, in another terminal:
  npm run brain -- open EURUSD 0.01 buy --host ${settings.host}${ports}
  npm run brain -- ticks EURUSD --count 5 --host ${settings.host}${ports}
  npm run gateway -- --status

Ctrl+C ends the gateway; open positions stay in the account.
`;
}

function terminalLine({ account, linkFault }: TerminalState, settings: Settings): string {
  if (settings.terminal === 'paper') return 'paper (PAPER: no real money)';
  if (account === null) return `MetaTrader 5: ${linkFault ?? 'its program has not said its account yet'}`;
  return `MetaTrader 5: ${account.mode} ${account.login} at ${account.server}`;
}

// The examples have to work as they stand, on other ports than the usual ones too.
function portFlags(host: Host, settings: Settings): string {
  const port = (endpoint: string) => endpoint.slice(endpoint.lastIndexOf(':') + 1);
  if (settings.commandPort === 5555 && settings.dataPort === 5556) return '';
  return ` --command-port ${port(host.endpoints.command)} --data-port ${port(host.endpoints.data)}`;
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
