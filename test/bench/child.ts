import { readFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Python of Debian, which is the one that python3-zmq installs into. */
export const PYTHON = '/usr/bin/python3';
const WORKERS = join(import.meta.dirname, 'workers');
const BRAIN_LAUNCHER = join(import.meta.dirname, '../../resources/build/npm/mt5-fabric-brain.cjs');
const ANSWER_TIMEOUT_MS = 60_000;

const running = new Set<ChildProcess>();
// Whatever ends this program, no child outlives it; a child also ends by itself when its standard input does.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Numbers that a worker answers. */
export type Answer = Readonly<Record<string, number>>;

/** A process that takes part in a measurement: takes one JSON object a line, answers each with one line of numbers. */
export class BenchChild implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #what: string;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];

  private constructor(command: string, words: readonly string[]) {
    this.#what = words.find((word) => word.includes(WORKERS))?.slice(WORKERS.length + 1) ?? command;
    this.#child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    running.add(this.#child);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line) as Answer);
    });
    const end = (why: string) => {
      running.delete(this.#child);
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${this.#what} ended (${why})`));
    };
    this.#child.on('exit', (code, signal) => end(String(code ?? signal)));
    this.#child.on('error', (error) => end(error.message));
    this.#child.stdin?.on('error', () => {});
  }

  /** Starts one of the workers on Node. */
  static node(file: string, ...words: readonly (string | number)[]): BenchChild {
    return new BenchChild(process.execPath, ['--expose-gc', join(WORKERS, file), ...words.map(String)]);
  }

  /** Starts one of the workers on Node with the flags that the brain ships with: those in its launcher's first line. */
  static brain(file: string, ...words: readonly (string | number)[]): BenchChild {
    const [firstLine = ''] = readFileSync(BRAIN_LAUNCHER, 'utf8').split('\n', 1);
    const flags = firstLine.split(' ').filter((word) => word.startsWith('--'));
    return new BenchChild(process.execPath, [...flags, join(WORKERS, file), ...words.map(String)]);
  }

  /** Starts one of the workers on Python. */
  static python(file: string, ...words: readonly (string | number)[]): BenchChild {
    return new BenchChild(PYTHON, [join(WORKERS, file), ...words.map(String)]);
  }

  /** The port that a server worker has bound. */
  async port(): Promise<number> {
    const { port } = await this.ask('port');
    return port!;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Asks for something and waits for the numbers. Rejects when the process ends or says nothing for `timeoutMs`, a minute. */
  ask(
    task: string,
    parameters: Readonly<Record<string, number | string>> = {},
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.#what} did not answer ${task} within ${timeoutMs / 1000} s`));
        this.#child.kill('SIGKILL');
      }, timeoutMs);
      this.#waiting.push({
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#child.stdin?.write(`${JSON.stringify({ task, ...parameters })}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!running.has(this.#child)) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}
