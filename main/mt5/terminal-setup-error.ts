/** A terminal that cannot be started as it is set up: its message is for the person who starts the gateway. */
export class TerminalSetupError extends Error {
  override readonly name: string = 'TerminalSetupError';
}
