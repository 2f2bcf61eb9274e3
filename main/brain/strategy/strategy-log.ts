import type { Clock } from '../../clock.ts';
import { encodeJson } from '../../protocol/json.ts';
import { localTime } from '../cli/figures.ts';
import { printable } from '../cli/printable.ts';
import type { StrategyLog } from './strategy.ts';

type Level = 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string, unknown>>;

/** So many lines wait for an output that is not read; further ones are counted, not kept. */
const LINES_WAITING = 1_000;

/** A strategy's log: lines for people, or for programs with `json`. */
export class LineLog implements StrategyLog {
  readonly #clock: Clock;
  readonly #out: (text: string) => Promise<void>;
  readonly #json: boolean;
  #waiting = 0;
  #dropped = 0;

  constructor(clock: Clock, out: (text: string) => Promise<void>, json: boolean) {
    this.#clock = clock;
    this.#out = out;
    this.#json = json;
  }

  info(message: string, fields?: Fields): void {
    this.#say('info', message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#say('warn', message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#say('error', message, fields);
  }

  #say(level: Level, message: string, fields: Fields = {}): void {
    if (this.#waiting >= LINES_WAITING) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) this.#sayDropped();
    this.#write(this.#line(level, message, fields));
  }

  #sayDropped(): void {
    const lost = this.#dropped;
    this.#dropped = 0;
    this.#write(this.#line('warn', 'log lines were lost: the output was read too slowly', { lost }));
  }

  #write(line: string): void {
    this.#waiting += 1;
    const written = () => {
      this.#waiting -= 1;
    };
    this.#out(line).then(written, written);
  }

  #line(level: Level, message: string, fields: Fields): string {
    const nowMs = this.#clock.nowMs();
    if (this.#json) return `${encoded({ time: new Date(nowMs).toISOString(), level, message, ...fields })}\n`;
    const more = Object.keys(fields).length === 0 ? '' : `  ${encoded(fields)}`;
    return `${localTime(nowMs, 'milliseconds')}  ${level.toUpperCase().padEnd(5)}  ${printable(message)}${more}\n`;
  }
}

/** Whatever a strategy hands over: an error as its message, and what JSON has nothing for as text. */
function encoded(fields: Fields): string {
  const shown = Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? String(value) : value]);
  try {
    return encodeJson(Object.fromEntries(shown));
  } catch {
    return JSON.stringify(Object.fromEntries(shown.map(([key, value]) => [key, plain(value)])));
  }
}

function plain(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'not printable';
  }
}
