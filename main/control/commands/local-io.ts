import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { CallResult } from '../client.ts';
import type { ControlCall } from '../contract.ts';

/** How long a command waits for an answer that the gateway can give at once. */
export const ANSWER_TIMEOUT_MS = 3_000;

/** What a local command needs of its surroundings. */
export interface LocalIo {
  readonly dataDir: string;
  readonly endpoints: readonly string[];
  readonly json: boolean;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** Prints an answer: as it is for programs, in lines for a person. */
export function print(io: LocalIo, value: unknown, lines: readonly string[]): void {
  io.stdout(io.json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

/** Says that a command needs a reason. */
export function needsReason(command: string, io: LocalIo): ExitCode {
  io.stderr(`mt5-fabric: --${command} needs --reason "…" (3 to 280 characters): it goes into the audit log\n`);
  return EXIT.usage;
}

/** Says why there is no answer. */
export function unavailable(result: CallResult<ControlCall>, io: LocalIo): ExitCode {
  const message =
    result.kind === 'no-gateway'
      ? `no gateway is running in ${io.dataDir} (another folder: --data-dir DIR)`
      : result.kind === 'refused'
        ? result.message
        : 'the gateway does not answer';
  io.stderr(`mt5-fabric: ${message}\n`);
  return result.kind === 'refused' ? EXIT.usage : EXIT.unavailable;
}
