import type { ExitCode } from '../../exit-codes.ts';
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
  /** Tells of errors that nobody has caught, which otherwise end the process; returns how to listen no more. */
  readonly faults: (listener: (error: unknown) => void) => () => void;
  /** Ends the process soon, also when something foreign keeps it alive. */
  readonly leave: (code: ExitCode) => void;
  /** The terminal to draw on; null where standard output is none. */
  readonly screen: Screen | null;
}

/** A terminal that a program has to itself for a while. */
export interface Screen {
  readonly size: () => ScreenSize;
  /** Takes the screen: what stood on it comes back with `close`, whatever way the process ends. */
  readonly open: (on: { readonly resize: () => void; readonly key: (key: string) => void }) => void;
  readonly write: (text: string) => void;
  readonly close: () => void;
}

/** Characters across and down. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}
