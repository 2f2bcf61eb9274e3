/** Exit codes of every command, after sysexits.h where it has one. */
export const EXIT = {
  ok: 0,
  /** The gateway answered ERROR, or a check failed. */
  refused: 1,
  /** The command line cannot be understood. */
  usage: 64,
  /** A bug. */
  internal: 70,
  /** No answer, or none yet: nobody is there, or the outcome is not known. */
  unavailable: 75,
  /** Settings, files or ports do not allow it. */
  configuration: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
