import type { AuditCommandIo } from './audit-io.ts';

/** How often a line on a terminal is written over, in milliseconds. */
const TERMINAL_EVERY_MS = 500;
/** How often a line is added where there is no terminal. */
const LINE_EVERY = 250_000;

type Screen = Pick<AuditCommandIo, 'stderr' | 'isTerminal' | 'nowMs'>;

/** Tells how far a long command is: on a terminal twice a second in one line, else a line every 250,000. */
export class Progress {
  readonly #screen: Screen;
  readonly #text: (done: number) => string;
  #toldAtMs: number;
  #told = 0;
  #isShown = false;

  constructor(screen: Screen, text: (done: number) => string) {
    this.#screen = screen;
    this.#text = text;
    this.#toldAtMs = screen.nowMs();
  }

  /** So much is done. */
  at(done: number): void {
    const { isTerminal, stderr, nowMs } = this.#screen;
    const isDue = isTerminal ? nowMs() - this.#toldAtMs >= TERMINAL_EVERY_MS : done - this.#told >= LINE_EVERY;
    if (!isDue) return;
    this.#toldAtMs = nowMs();
    this.#told = done;
    this.#isShown = isTerminal;
    stderr(isTerminal ? `\r${this.#text(done)}\u001b[K` : `${this.#text(done)}\n`);
  }

  /** Takes its line off the terminal. */
  end(): void {
    if (this.#isShown) this.#screen.stderr('\r\u001b[K');
    this.#isShown = false;
  }
}
