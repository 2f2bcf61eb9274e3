import type { StopSignal } from '../wire-stream.ts';

/** What the command line has of the world. */
export interface BrainIo {
  /** How the program was called, for messages and hints: `mt5-fabric --brain`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard input, read by `serve` alone. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Writes to standard output; resolves when it takes more. */
  readonly out: (text: string) => Promise<void>;
  /** Writes to standard error: logs, refusals, hints. */
  readonly err: (text: string) => void;
  /** Fires when the program is to end: SIGTERM, SIGINT, SIGHUP, or nobody reads its output any more. */
  readonly stop: StopSignal;
}
