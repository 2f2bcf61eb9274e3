import type { ExitCode } from '../../exit-codes.ts';
import type { OptionSpec } from './command-line.ts';
import type { Operands } from './operands.ts';
import type { Session } from './session.ts';

/** A command of the command line. */
export interface CommandSpec {
  readonly name: string;
  /** Its operands, as the usage line shows them. */
  readonly operands: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What else there is to know; paragraphs of at most 80 columns. */
  readonly details?: string;
  readonly options: readonly OptionSpec[];
  /** Reads the operands and returns what is to be done; called with faulty operands too, whose job is never run. */
  readonly prepare: (operands: Operands) => Job;
}

/** Does what a command is for, and returns the exit code. */
export type Job = (session: Session) => Promise<ExitCode>;
