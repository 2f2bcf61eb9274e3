import { ACTION_CLASS, type Action } from '../protocol/actions.ts';

/** A command as it goes over the wire. */
export interface OutgoingCommand {
  readonly reqId: string;
  readonly action: Action;
  /** The request's frames behind the delimiter, body and MAC: the same frames are the same bytes. */
  readonly frames: readonly (string | Buffer)[];
  /** Whether a connection ever took it. */
  readonly sent: boolean;
}

/** How many are kept of each kind. */
export const KEPT_UNANSWERED = 1_000;

/**
 * The last commands that nobody answered, with their bytes. Questions are kept apart, so that an hour of unanswered
 * heartbeats does not push out the one order whose outcome is open.
 */
export class UnansweredCommands {
  readonly #questions = new Map<string, OutgoingCommand>();
  readonly #acts = new Map<string, OutgoingCommand>();

  get(reqId: string): OutgoingCommand | undefined {
    return this.#acts.get(reqId) ?? this.#questions.get(reqId);
  }

  keep(command: OutgoingCommand): void {
    const kept = ACTION_CLASS[command.action] === 'ask' ? this.#questions : this.#acts;
    const { reqId, action, frames, sent } = command;
    kept.delete(reqId);
    kept.set(reqId, { reqId, action, frames, sent });
    const [oldest] = kept.keys();
    if (kept.size > KEPT_UNANSWERED && oldest !== undefined) kept.delete(oldest);
  }
}
