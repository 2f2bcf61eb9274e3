import type { Action } from '../protocol/actions.ts';
import type { RefusedReply } from './reply-types.ts';

/** Which command it was, and whether it can have reached the gateway. */
export interface UnansweredCommand {
  readonly reqId: string;
  readonly action: Action;
  /** False: it never left this process, so nothing happened. True: it may have been executed. */
  readonly sent: boolean;
}

/**
 * No reply came in time. Nothing is sent again by itself: a trading command with `sent` true may have been executed,
 * `GET_COMMAND` tells whether it was, and `resend(reqId)` sends the identical bytes, which the gateway runs only once.
 */
export class CommandTimeout extends Error implements UnansweredCommand {
  override readonly name = 'CommandTimeout';
  readonly reqId: string;
  readonly action: Action;
  readonly sent: boolean;

  /** `refusal`: why the gateway turns this brain away; null where it is not known to. */
  constructor(command: UnansweredCommand, endpoint: string, timeoutMs: number, refusal: string | null = null) {
    const fault = command.sent
      ? `no reply to ${command.action} ${command.reqId} from ${endpoint} within ${timeoutMs} ms: it may have been executed`
      : `${command.action} ${command.reqId} was not sent: no connection to ${endpoint} within ${timeoutMs} ms`;
    super(refusal === null ? fault : `${fault}; ${refusal}`);
    this.reqId = command.reqId;
    this.action = command.action;
    this.sent = command.sent;
  }
}

/** The client was closed before the reply came, or had been closed before the command was given. */
export class ClientClosed extends Error implements UnansweredCommand {
  override readonly name = 'ClientClosed';
  readonly reqId: string;
  readonly action: Action;
  readonly sent: boolean;

  constructor(command: UnansweredCommand) {
    super(
      command.sent
        ? `the client was closed while ${command.action} ${command.reqId} was under way: it may have been executed`
        : `${command.action} ${command.reqId} was not sent: the client is closed`,
    );
    this.reqId = command.reqId;
    this.action = command.action;
    this.sent = command.sent;
  }
}

/** The gateway answered ERROR or PENDING where only the data of a success was asked for. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly action: Action;
  readonly status: 'ERROR' | 'PENDING';
  /** A stable identifier for programs, like `TERMINAL_DISCONNECTED`; null from a gateway of protocol 1.0. */
  readonly code: string | null;

  constructor(action: Action, { status, code, error }: Omit<RefusedReply, 'data'>) {
    super(`${action}: ${code ?? status}: ${error ?? 'no reason given'}`);
    this.action = action;
    this.status = status;
    this.code = code ?? null;
  }
}

/** A connection file cannot be used. The message names the file and what is wrong, and shows no key. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}
