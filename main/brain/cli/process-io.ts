import type { BrainIo } from './brain-io.ts';
import { processScreen } from './process-screen.ts';

/** Long enough for the output to be written. */
const LEAVE_AFTER_MS = 300;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The command line in this process; `release` takes its hands off signals and streams again. */
export function processIo(program: string): { readonly io: BrainIo; readonly release: () => void } {
  const stop = new AbortController();
  const end = () => stop.abort();
  for (const signal of SIGNALS) process.on(signal, end);
  const ignore = () => {};
  const onPipe = (error: NodeJS.ErrnoException) => {
    // `… | head` is a quiet end; any other fault of the output is not.
    if (error.code !== 'EPIPE') throw error;
    end();
  };
  process.stdout.on('error', onPipe);
  process.stderr.on('error', ignore);
  let releaseInput: () => void = () => {};
  const io: BrainIo = {
    program,
    environment: process.env,
    input: () => {
      releaseInput = () => process.stdin.destroy();
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    out: (text) => write(text, stop.signal),
    err: (text) => void process.stderr.write(text),
    stop: stop.signal,
    faults: (listener) => {
      process.on('uncaughtException', listener);
      return () => process.off('uncaughtException', listener);
    },
    leave: (code) => {
      // Fires only where something still keeps the process alive.
      setTimeout(() => process.exit(code), LEAVE_AFTER_MS).unref();
    },
    screen: processScreen(),
  };
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, end);
    releaseInput();
  };
  return { io, release };
}

function write(text: string, stop: AbortSignal): Promise<void> {
  if (stop.aborted && process.stdout.errored !== null) return Promise.resolve();
  // A write's callback comes also when it fails; the fault itself is told by the error event.
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
