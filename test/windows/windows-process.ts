import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finished } from '../running-gateway.ts';
import type { WinePrefix } from './wine-prefix.ts';

const LOOK_AGAIN_MS = 25;
const RUN_TIMEOUT_MS = 60_000;

/** What to run in a prefix. Paths among the words are Windows'. */
export interface WindowsProgram {
  readonly prefix: WinePrefix;
  readonly words: readonly string[];
  /** Where its output goes: under Wine, Node does not write to pipes of this machine. */
  readonly outputFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
// The last resort.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
let started = 0;

/** A Windows program under Wine. Its process is one of this machine too, and is ended as such. */
export class WindowsProcess {
  /** Its exit code when it has ended, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #files: { readonly stdout: string; readonly stderr: string };

  private constructor({ prefix, words, outputFolder, environment = {} }: WindowsProgram) {
    started += 1;
    this.#files = { stdout: join(outputFolder, `${started}.out`), stderr: join(outputFolder, `${started}.err`) };
    const [stdout, stderr] = [openSync(this.#files.stdout, 'w'), openSync(this.#files.stderr, 'w')];
    this.#child = spawn('wine', words, {
      stdio: ['ignore', stdout, stderr],
      env: { ...prefix.environment, ...environment },
    });
    closeSync(stdout);
    closeSync(stderr);
    running.add(this.#child);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code) => {
        running.delete(this.#child);
        resolve(code);
      });
    });
    this.ended.catch(() => running.delete(this.#child));
  }

  static start(program: WindowsProgram): WindowsProcess {
    return new WindowsProcess(program);
  }

  /** Runs a program to its end, for at most 60 s. */
  static async run(program: WindowsProgram): Promise<Finished> {
    const process = new WindowsProcess(program);
    const timer = setTimeout(() => process.#child.kill('SIGKILL'), RUN_TIMEOUT_MS);
    const code = await process.ended;
    clearTimeout(timer);
    return { code, stdout: process.stdout, stderr: process.stderr };
  }

  get isRunning(): boolean {
    return running.has(this.#child);
  }

  get stdout(): string {
    return readFileSync(this.#files.stdout, 'utf8');
  }

  get stderr(): string {
    return readFileSync(this.#files.stderr, 'utf8');
  }

  /** Number of lines in both outputs that contain the text. */
  count(text: string): number {
    return this.#lines().filter((line) => line.includes(text)).length;
  }

  /** The `nth` line of both outputs that contains the text. Throws, with what it said last, when it does not come. */
  async waitForLine(text: string, timeoutMs: number, nth = 1): Promise<string> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const wasRunning = this.isRunning;
      const line = this.#lines().filter((candidate) => candidate.includes(text))[nth - 1];
      if (line !== undefined) return line;
      if (!wasRunning || performance.now() > until) throw this.#missed(text, wasRunning);
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ctrl+C: Wine turns SIGINT into the console's event, as Windows sends it. Its exit code. */
  interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.ended;
  }

  /** Whole lines only. */
  #lines(): string[] {
    return [this.stdout, this.stderr].flatMap((text) => text.split(/\r?\n/).slice(0, -1));
  }

  #missed(text: string, isRunning: boolean): Error {
    const why = isRunning ? 'not in time' : 'it has ended';
    return new Error(`no line with "${text}": ${why}\n${this.#lines().slice(-20).join('\n')}`);
  }
}
