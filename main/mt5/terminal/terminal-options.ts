/** How the link to the program inside a real terminal is set up. */
export interface TerminalOptions {
  /** Where the program's pipe is: `\\.\pipe\NAME`, or a Unix socket's path. */
  readonly pipePath: string;
  /** TCP port on 127.0.0.1 for a program that cannot use the pipe; 0 picks a free one, null listens on none. */
  readonly tcpPort: number | null;
  /** What a program has to say first, or it is not the one that was installed. */
  readonly token: string;
  /** Name of this run, so that no command's name comes twice. */
  readonly session: string;
  readonly gatewayVersion: string;
  /** How long after a lost reply a search that finds nothing counts as proof, in milliseconds. */
  readonly settleMs: number;
  /** How long `start` waits for a program that is already running, in milliseconds. */
  readonly startPatienceMs: number;
}
