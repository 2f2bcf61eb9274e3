import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One line that a program said. */
export type Line = Readonly<Record<string, unknown>>;

/** A program that takes and gives JSON lines. */
export class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #errors = '';

  constructor(
    words: readonly [string, ...string[]],
    environment: NodeJS.ProcessEnv,
    onLine: (line: Line, atMs: number) => void,
  ) {
    const [program, ...rest] = words;
    this.#child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: environment });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#errors = (this.#errors + chunk.toString()).slice(-2_000)));
    this.#child.stdin?.on('error', () => {});
    const lines = createInterface({ input: this.#child.stdout! });
    lines.on('line', (line) => onLine(JSON.parse(line) as Line, performance.now()));
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** What it said on standard error, the end of it. */
  get errors(): string {
    return this.#errors;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  say(line: Line): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await this.#ended;
    clearTimeout(timer);
  }
}
