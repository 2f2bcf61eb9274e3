import type { Clock } from '../../clock.ts';
import { beforeDeadline } from '../../gateway/deadline.ts';
import type { Mt5Handler, Query } from '../../mt5/handler.ts';

const ASK_EVERY_MS = 1_000;
/** Changes in the book come in bursts. */
const LEAST_APART_MS = 100;
const PATIENCE_MS = 3_000;

interface Ports {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'onTransaction'>;
}

/**
 * Something that the terminal is asked for while somebody looks: once a second, and at once after a change in its book.
 * One question at a time. What was known last is kept where there is no answer, with the reason.
 */
export class Asked<T> {
  readonly #ask: () => Promise<Query<T>>;
  readonly #ports: Ports;
  #value: T | null = null;
  #askedMonoMs: number | null = null;
  #fault: string | null = null;
  #changed: (() => void) | null = null;
  #isAsking = false;
  #isDirty = false;
  #lastAskMonoMs = -Infinity;
  #cancelAsk = () => {};

  constructor(ask: () => Promise<Query<T>>, ports: Ports) {
    this.#ask = ask;
    this.#ports = ports;
  }

  /** What was last answered; null before that. */
  get value(): T | null {
    return this.#value;
  }

  /** Why there is nothing newer, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** How long ago the question was put that `value` answers, in milliseconds. */
  get askedMsAgo(): number | null {
    if (this.#askedMonoMs === null) return null;
    return Math.max(0, Math.round(this.#ports.clock.monoMs() - this.#askedMonoMs));
  }

  /** Another text after each answer that is a second newer: a screen counts ages on by itself. */
  readonly mark = (): string => String(Math.floor((this.#askedMonoMs ?? -1) / ASK_EVERY_MS));

  /** Begins to ask; one watcher at a time. Returns what ends it. */
  readonly watch = (changed: () => void): (() => void) => {
    this.#changed = changed;
    const unsubscribe = this.#ports.terminal.onTransaction(() => this.#askAnew());
    this.#schedule(0);
    return () => {
      this.#changed = null;
      unsubscribe();
      this.#cancelAsk();
    };
  };

  #askAnew(): void {
    if (this.#isAsking) this.#isDirty = true;
    else this.#schedule(LEAST_APART_MS - (this.#ports.clock.monoMs() - this.#lastAskMonoMs));
  }

  #schedule(inMs: number): void {
    this.#cancelAsk();
    this.#cancelAsk = this.#ports.clock.after(Math.max(0, inMs), () => void this.#run());
  }

  async #run(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#isDirty = false;
    this.#lastAskMonoMs = this.#ports.clock.monoMs();
    const answer = await beforeDeadline(this.#ports.clock, PATIENCE_MS, this.#ask(), late).catch(failed);
    this.#isAsking = false;
    this.#fault = answer.ok ? null : answer.message;
    if (answer.ok) {
      this.#value = answer.value;
      this.#askedMonoMs = this.#lastAskMonoMs;
    }
    this.#goOn();
  }

  #goOn(): void {
    if (this.#changed === null) return;
    this.#changed();
    this.#schedule(this.#isDirty ? LEAST_APART_MS : ASK_EVERY_MS);
  }
}

function late(): Query<never> {
  return { ok: false, code: 'TERMINAL_TIMEOUT', message: `no answer within ${PATIENCE_MS / 1_000} s` };
}

function failed(error: unknown): Query<never> {
  return { ok: false, code: 'TERMINAL_DISCONNECTED', message: error instanceof Error ? error.message : String(error) };
}
