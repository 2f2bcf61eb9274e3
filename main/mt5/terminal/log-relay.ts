import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';

const WINDOW_MS = 1_000;
const LINES_A_WINDOW = 10;

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Passes the program's own log on, at most 10 lines a second; the others are counted. */
export class LogRelay {
  readonly #clock: Clock;
  readonly #log: Log;
  #windowFromMs = -Infinity;
  #passed = 0;
  #dropped = 0;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  get dropped(): number {
    return this.#dropped;
  }

  pass(level: LogLevel, text: string): void {
    const nowMs = this.#clock.monoMs();
    if (nowMs - this.#windowFromMs >= WINDOW_MS) {
      this.#windowFromMs = nowMs;
      this.#passed = 0;
    }
    if (this.#passed >= LINES_A_WINDOW) {
      this.#dropped += 1;
      return;
    }
    this.#passed += 1;
    this.#log[level]('terminal-program', { text });
  }
}
