import type { Clock } from '../../clock.ts';
import type { Query } from '../handler.ts';
import type { LineMaker } from './connection.ts';
import type { Fields } from './fields.ts';
import { buildLine } from './line-codec.ts';
import { LineFault } from './line-fault.ts';
import type { OpenRequest, RequestTable } from './request-table.ts';

/** How long a question may stay without its answer, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;
const MAX_UNANSWERED = 1_000;
/** More rows than any account has; a program that goes on and on must not fill the memory. */
const MAX_ROWS = 500_000;

/** What is asked, and how its answer is read. */
export interface Question<T> {
  /** Its line without the number. */
  readonly fields: readonly string[];
  /** The kind of line that ends a good answer. */
  readonly endKind: 'ok' | 'done';
  readonly reader: () => AnswerReader<T>;
}

/** Reads one answer. Throws LineFault for what does not belong to it. */
export interface AnswerReader<T> {
  row(kind: string, fields: Fields): void;
  end(fields: Fields): Query<T>;
  /** What a refusal comes to; when absent, NOT_FOUND or no usable answer. */
  refused?(code: string, message: string): Query<T>;
}

/** Where questions are sent. */
export interface QueryLink {
  send(line: LineMaker): boolean;
}

/** Questions under way. */
export class QueryCalls {
  readonly #clock: Clock;
  readonly #requests: RequestTable;
  readonly #open = new Set<{ end(answer: NoAnswer): void }>();

  constructor(clock: Clock, requests: RequestTable) {
    this.#clock = clock;
    this.#requests = requests;
  }

  ask<T>(question: Question<T>, link: QueryLink): Promise<Query<T>> {
    if (this.#open.size >= MAX_UNANSWERED) return Promise.resolve(noAnswer(`${MAX_UNANSWERED} questions wait already`));
    return new Promise((resolve) => {
      const id = this.#requests.newId();
      const call = new QueryCall(question, (answer) => {
        cancelDeadline();
        this.#requests.close(id);
        this.#open.delete(call);
        resolve(answer);
      });
      const cancelDeadline = this.#clock.after(ANSWER_WITHIN_MS, () => {
        call.end(noAnswer(`the terminal did not answer within ${ANSWER_WITHIN_MS / 1_000} s`));
      });
      this.#requests.open(id, call);
      this.#open.add(call);
      const line = () => (call.isOpen ? buildLine([String(id), ...question.fields]) : null);
      if (!link.send(line)) call.end(noAnswer('the terminal takes nothing more in'));
    });
  }

  /** The link is gone, and with it the answers. */
  linkLost(why: string): void {
    for (const call of this.#open) call.end({ ok: false, code: 'TERMINAL_DISCONNECTED', message: why });
  }
}

class QueryCall<T> implements OpenRequest {
  readonly #question: Question<T>;
  readonly #reader: AnswerReader<T>;
  readonly #resolve: (answer: Query<T>) => void;
  #rows = 0;
  #isOpen = true;

  constructor(question: Question<T>, resolve: (answer: Query<T>) => void) {
    this.#question = question;
    this.#reader = question.reader();
    this.#resolve = resolve;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  take(kind: string, fields: Fields): void {
    if (kind === this.#question.endKind) this.end(this.#reader.end(fields));
    else if (kind === 'refused') this.end(this.#refused(fields.text('code'), fields.text('message')));
    else this.#takeRow(kind, fields);
  }

  // An answer without one of its rows would be a wrong one.
  unreadable(why: string): void {
    this.end(noAnswer(`the terminal's answer cannot be read: ${why}`));
  }

  end(answer: Query<T>): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#resolve(answer);
  }

  #takeRow(kind: string, fields: Fields): void {
    this.#rows += 1;
    if (this.#rows > MAX_ROWS) throw new LineFault('FIELD_COUNT', `more than ${MAX_ROWS} rows`);
    this.#reader.row(kind, fields);
  }

  #refused(code: string, message: string): Query<T> {
    if (this.#reader.refused !== undefined) return this.#reader.refused(code, message);
    return code === 'NOT_FOUND' ? { ok: false, code, message } : noAnswer(`the terminal refused: ${code} ${message}`);
  }
}

type NoAnswer = Extract<Query<never>, { ok: false }>;

function noAnswer(message: string): NoAnswer {
  return { ok: false, code: 'TERMINAL_TIMEOUT', message };
}
