import { systemClock } from '../../clock.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { Session } from '../cli/session.ts';
import { ZmqClient } from '../zmq-client.ts';
import { loadStrategy } from './load-strategy.ts';
import { runSettings, type RunFlags } from './run-settings.ts';
import { LineLog } from './strategy-log.ts';
import { StrategyRun } from './strategy-run.ts';

/** Loads a strategy and runs it to its end; returns the exit code. */
export async function runFile(
  session: Session,
  file: string,
  args: readonly string[],
  flags: Omit<RunFlags, 'clientId'>,
): Promise<ExitCode> {
  const { io, json, client: given } = session;
  const warn = (message: string) => io.err(`${io.program}: ${message}\n`);
  const loaded = await loadStrategy(file);
  if (!loaded.ok) return unusable(warn, loaded.message);
  const { strategy } = loaded;
  const made = runSettings(file, strategy, { ...flags, clientId: given.settings.clientId }, process.pid);
  if (!made.ok) return unusable(warn, `${file}: ${made.message}`);
  const { settings } = made;
  const log = new LineLog(systemClock, io.out, json);
  // The name of a paired brain is given: then this is the client that has its keys.
  await using client =
    given.settings.clientId === settings.clientId
      ? given
      : new ZmqClient({ ...given.settings, clientId: settings.clientId });
  const { stop, faults } = io;
  const code = await new StrategyRun({
    strategy,
    settings,
    args,
    client,
    clock: systemClock,
    log,
    warn,
    stop,
    faults,
  }).run();
  // A strategy's own timers and sockets must not keep a run alive that has ended.
  io.leave(code);
  return code;
}

function unusable(warn: (message: string) => void, message: string): ExitCode {
  warn(message);
  return EXIT.configuration;
}
