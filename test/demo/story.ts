import type { WriteStream } from 'node:tty';

const LABEL_WIDTH = 26;
const TIME_WIDTH = 9;

/** Thrown by a step whose answer is not what the story needs. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** Throws UnexpectedAnswer with `otherwise` unless `holds`. */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new UnexpectedAnswer(otherwise);
}

/** Tells steps as lines in columns: how long it took, what was done, what came of it. */
export class Story {
  readonly #write: (line: string) => void;
  readonly #colour: boolean;

  constructor(write: (line: string) => void, colour: boolean) {
    this.#write = write;
    this.#colour = colour;
  }

  /** A sentence between the steps. */
  say(sentence: string): void {
    this.#write(`\n${this.#paint('1', sentence)}`);
  }

  /** Takes a step; what it resolves with is told as its outcome, or as its lines. Passes on what it throws, told as well. */
  async step(label: string, act: () => Promise<string | readonly string[]>): Promise<void> {
    const startMs = performance.now();
    try {
      const told = await act();
      this.#tell(startMs, label, typeof told === 'string' ? [told] : told);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#tell(startMs, label, [this.#paint('31', `NOT AS EXPECTED: ${why}`)]);
      throw error;
    }
  }

  #tell(startMs: number, label: string, [first = '', ...others]: readonly string[]): void {
    const took = `${(performance.now() - startMs).toFixed(1)} ms`.padStart(TIME_WIDTH);
    this.#write(`${this.#paint('2', took)}  ${label.padEnd(LABEL_WIDTH)}  ${first}`);
    for (const line of others) this.#write(`${' '.repeat(TIME_WIDTH + LABEL_WIDTH + 4)}${line}`);
  }

  #paint(code: string, text: string): string {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** Whether a stream takes colours: a terminal, unless NO_COLOR is set to anything. */
export function takesColour(stream: Pick<WriteStream, 'isTTY'>, noColour: string | undefined): boolean {
  return stream.isTTY && (noColour === undefined || noColour === '');
}
