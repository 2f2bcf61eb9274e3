import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const STOP_TIMEOUT_MS = 4_000;
const LINES_KEPT = 10_000;

/** What to run, and what the terminal around it is told (test/mql5/README.md). */
export interface ProgramOptions {
  readonly executable: string;
  /** The broker's address: `unix:PATH` or `tcp:127.0.0.1:PORT`. */
  readonly broker: string;
  readonly dataDir: string;
  /** Where named pipes are Unix sockets. */
  readonly pipeFolder?: string;
  readonly inputs?: Readonly<Record<string, string | number | boolean>>;
  /** The chart's symbol. */
  readonly symbol?: string;
  /** More of the terminal's variables, like MT5_TIMER_MS. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a program ended: its exit code, or the signal that ended it. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
// The last resort; `stop` and `kill` are the ways to leave.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program inside its terminal, as a process. Needs no test runner. */
export class ProgramProcess {
  /** What it printed, the last 10,000 lines. */
  readonly lines: string[] = [];
  /** Resolves when it has ended and all of its lines are here. */
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #errors = '';
  #end: ProgramEnd | null = null;

  private constructor(options: ProgramOptions) {
    this.#child = spawn(options.executable, [], {
      env: environmentOf(options),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#add(line));
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-20_000);
    });
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        running.delete(this.#child);
        this.#end = { code, signal };
        resolve(this.#end);
        for (const listener of this.#listeners) listener();
      };
      this.#child.once('close', end);
      this.#child.once('error', (error) => {
        this.#errors += String(error);
        end(null, null);
      });
    });
  }

  /** Starts a program. `waitForLine` tells when it has come as far as is wanted. */
  static start(options: ProgramOptions): ProgramProcess {
    return new ProgramProcess(options);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Null while it runs. */
  get end(): ProgramEnd | null {
    return this.#end;
  }

  /** What it wrote to stderr: MetaTrader's reason for stopping it, a sanitizer's report. */
  get errors(): string {
    return this.#errors;
  }

  /**
   * The first line, of those already printed and those to come, that contains the text or matches. Throws with all that
   * was printed when it ends before or the time is over.
   */
  waitForLine(match: string | RegExp, timeoutMs = 5_000): Promise<string> {
    const find = () => this.lines.find((line) => (typeof match === 'string' ? line.includes(match) : match.test(line)));
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined && this.#end === null) return;
        leave();
        if (found !== undefined) resolve(found);
        else reject(this.#missed(match, `it ended with ${this.#end?.code ?? this.#end?.signal}`));
      };
      const leave = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      const timer = setTimeout(() => {
        leave();
        reject(this.#missed(match, `not within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#listeners.add(look);
      look();
    });
  }

  /** Ends it as a crash or a power button would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Sends it a signal, like SIGSTOP. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it in order, by OnDeinit; after 4 s it is killed. Its exit code, null where a signal ended it. */
  async stop(): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (this.#end === null) this.#child.kill('SIGTERM');
    const { code } = await this.ended;
    clearTimeout(timer);
    return code;
  }

  /** Kills every program that was started here and still runs. */
  static async killAll(): Promise<void> {
    const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(ends);
  }

  #add(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.shift();
    for (const listener of this.#listeners) listener();
  }

  #missed(match: string | RegExp, why: string): Error {
    return new Error(`no line with ${match}: ${why}\n${this.lines.slice(-50).join('\n')}\n${this.#errors}`);
  }
}

function environmentOf(options: ProgramOptions): NodeJS.ProcessEnv {
  const inputs = Object.entries(options.inputs ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    ...process.env,
    // A leak at the end of a process that is ended by a signal tells nothing.
    ASAN_OPTIONS: 'detect_leaks=0:handle_abort=0:detect_stack_use_after_return=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    MT5_BROKER: options.broker,
    MT5_DATA: options.dataDir,
    MT5_INPUTS: inputs.join(';'),
    ...(options.pipeFolder === undefined ? {} : { MT5_PIPE_FOLDER: options.pipeFolder }),
    ...(options.symbol === undefined ? {} : { MT5_SYMBOL: options.symbol }),
    ...options.environment,
  };
}
