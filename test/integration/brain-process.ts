import { spawn, type ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { RunningGateway } from '../running-gateway.ts';

/** A line of a strategy's log, as `--json` writes it. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The built brain as a process of its own, running a strategy on a gateway of this machine. */
export class StrategyProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #out = '';
  #err = '';

  constructor({ ports }: RunningGateway, file: string, ...words: readonly string[]) {
    const where = ['--command-port', String(ports.command), '--data-port', String(ports.data)];
    const gateway = ['--host', '127.0.0.1', ...where, '--event-port', String(ports.events)];
    const brain = ['dist/mt5-fabric.js', '--brain', 'run', file, '--json', ...gateway];
    this.#child = spawn(process.execPath, [...brain, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#out += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#err += chunk.toString()));
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** What it said on standard error. */
  get errors(): string {
    return this.#err;
  }

  /** Resident memory in MB of 1,048,576 bytes is read from here. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** The lines of its log so far. */
  get log(): readonly LogLine[] {
    const lines = this.#out.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Its exit code, null where a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Resolves with the first line that is as wished; throws, with all that was said, after `withinMs`. */
  async said(wished: (line: LogLine) => boolean, withinMs = 10_000): Promise<LogLine> {
    const endMs = performance.now() + withinMs;
    for (;;) {
      const found = this.log.find(wished);
      if (found !== undefined) return found;
      if (performance.now() > endMs) throw new Error(`not said within ${withinMs} ms:\n${this.#out}\n${this.#err}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
