import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { paperOptions } from './host-settings.ts';
import type { Log } from './log.ts';
import type { Mt5Handler } from './mt5/handler.ts';
import { PaperTerminal } from './mt5/paper/paper-terminal.ts';
import { bridgeToken } from './mt5/terminal/bridge-token.ts';
import { pipePath } from './mt5/terminal/pipe-path.ts';
import { TerminalHandler } from './mt5/terminal/terminal-handler.ts';
import { VERSION } from './version.ts';

/** A program that is already running comes back within this, in milliseconds; a start waits no longer for it. */
const START_PATIENCE_MS = 700;

export interface HostTerminalOptions {
  readonly settings: Settings;
  readonly dataDir: string;
  /** Name of this run. */
  readonly session: string;
  readonly paperReset: boolean;
}

/** The terminal that the settings ask for: the paper terminal, or the link to a real one. Not started. */
export function createTerminal(
  { settings, dataDir, session, paperReset }: HostTerminalOptions,
  ports: { readonly clock: Clock; readonly log: Log },
): Mt5Handler {
  if (settings.terminal === 'paper') {
    return new PaperTerminal(paperOptions(settings, paperReset), { ...ports, journalDir: dataDir });
  }
  const options = {
    pipePath: pipePath(settings.bridgePipe, process.env, process.platform),
    tcpPort: settings.bridgePort,
    token: bridgeToken(dataDir),
    session,
    gatewayVersion: VERSION,
    settleMs: settings.bridgeSettleS * 1_000,
    startPatienceMs: START_PATIENCE_MS,
  };
  return new TerminalHandler(options, ports);
}
