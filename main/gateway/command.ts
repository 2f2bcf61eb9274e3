import type { CommandKey, CommandRecord, CommandState } from '../audit/audit-log.ts';
import { isOpenState } from '../audit/command-record.ts';
import { type Answer, failure, pending } from '../protocol/envelope.ts';
import { refusal } from '../protocol/codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Exchange } from './exchange.ts';

/** What a command's `req_id` was used for. */
export interface CommandContent {
  readonly action: string;
  readonly payloadHash: string;
}

/**
 * A trading command of this session: what is known of it, and who waits for its answer. The first who asked gets the
 * plain answer, everyone after gets the same one marked as a duplicate.
 */
export class Command {
  readonly key: CommandKey;
  readonly receivedAtMs: number;
  #content: CommandContent;
  #state: CommandState = 'ACCEPTED';
  #answer: Answer | null = null;
  #updatedAtMs: number;
  #waiting: { readonly exchange: Exchange; readonly isDuplicate: boolean }[] = [];
  #wasToldPending = false;

  constructor(key: CommandKey, content: CommandContent, receivedAtMs: number) {
    this.key = key;
    this.#content = content;
    this.receivedAtMs = receivedAtMs;
    this.#updatedAtMs = receivedAtMs;
  }

  get content(): CommandContent {
    return this.#content;
  }
  get state(): CommandState {
    return this.#state;
  }
  /** The last answer, PENDING while the outcome is not known; null as long as there is none. */
  get answer(): Answer | null {
    return this.#answer;
  }
  get updatedAtMs(): number {
    return this.#updatedAtMs;
  }
  /** Whether its outcome is still to come. */
  get isOpen(): boolean {
    return isOpenState(this.#state);
  }
  /** Whether somebody was answered PENDING: then the outcome is announced as an event. */
  get wasToldPending(): boolean {
    return this.#wasToldPending;
  }

  /** Answers a request with this command's key: at once where there is an answer, else when there will be one. */
  attend(exchange: Exchange, content: CommandContent, isDuplicate: boolean): void {
    if (!this.isSame(content)) {
      exchange.answer(this.reused());
    } else if (this.#answer !== null) {
      exchange.answer(this.#answer, isDuplicate);
    } else {
      this.#waiting.push({ exchange, isDuplicate });
    }
  }

  /** Whether a request with this command's key asks for the same thing. */
  isSame({ action, payloadHash }: CommandContent): boolean {
    return payloadHash === this.#content.payloadHash && action === this.#content.action;
  }

  /** The refusal of another request that uses this command's `req_id`. */
  reused(): Answer {
    const message = `this req_id was used for ${this.#content.action} with other content; that command is ${this.#state}`;
    return failure(refusal('REQ_ID_REUSED', message), this.#summary());
  }

  /** It goes on: its next row is on disk. */
  moveTo(state: 'DISPATCHING', atMs: number): void {
    this.#state = state;
    this.#updatedAtMs = atMs;
  }

  /** What is answered as long as the outcome is not known. */
  pendingAnswer(why: string): Answer {
    return pending(why, { ...this.#summary(), state: 'UNKNOWN' });
  }

  /** The outcome is not known yet: everyone who waits is told so, and so is whoever asks later. */
  tellPending(answer: Answer, atMs: number): void {
    this.#state = 'UNKNOWN';
    this.#updatedAtMs = atMs;
    this.#tell(answer);
  }

  /** The outcome is known: everyone who waits gets it. */
  settle(state: CommandState, answer: Answer, atMs: number): void {
    this.#state = state;
    this.#updatedAtMs = atMs;
    this.#tell(answer);
  }

  /** The key belonged to a recorded command already: this becomes that one, and everyone who waits gets its answer. */
  become(record: CommandRecord): void {
    const asked = this.#content;
    const waiting = this.#waiting.splice(0);
    this.#content = { action: record.action, payloadHash: record.payloadHash };
    this.#state = record.state;
    this.#updatedAtMs = record.updatedAtMs;
    this.#answer = recordedAnswer(record) ?? pending(`its outcome is not known yet (${record.state})`, this.#summary());
    if (this.#answer.status === 'PENDING') this.#wasToldPending = true;
    for (const { exchange } of waiting) this.attend(exchange, asked, true);
  }

  #tell(answer: Answer): void {
    this.#answer = answer;
    if (answer.status === 'PENDING') this.#wasToldPending = true;
    for (const { exchange, isDuplicate } of this.#waiting.splice(0)) exchange.answer(answer, isDuplicate);
  }

  #summary(): JsonObject {
    return { req_id: this.key.reqId, action: this.#content.action, state: this.#state };
  }
}

/** The final answer of a recorded command, or null while it has none. */
function recordedAnswer({ state, answer }: CommandRecord): Answer | null {
  return isOpenState(state) || answer === null ? null : answer;
}
