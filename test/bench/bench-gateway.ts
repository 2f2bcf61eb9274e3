import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningGateway, runProgram, type Ports } from '../running-gateway.ts';

const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A data folder of its own, removed at the latest when this program ends. */
export function newDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'mt5-fabric-bench-'));
  folders.add(dataDir);
  return dataDir;
}

/** The gateway under measurement, in a data folder of its own that goes with it. */
export class BenchGateway implements AsyncDisposable {
  readonly dataDir: string;
  #gateway: RunningGateway;

  private constructor(dataDir: string, gateway: RunningGateway) {
    this.dataDir = dataDir;
    this.#gateway = gateway;
  }

  /** Starts a gateway on free ports. */
  static async start(...flags: readonly string[]): Promise<BenchGateway> {
    return BenchGateway.startIn(newDataDir(), ...flags);
  }

  /** Starts a gateway on a data folder that is there already; the folder goes with it. */
  static async startIn(dataDir: string, ...flags: readonly string[]): Promise<BenchGateway> {
    return new BenchGateway(dataDir, await RunningGateway.start({ dataDir, flags }));
  }

  get ports(): Ports {
    return this.#gateway.ports;
  }

  get pid(): number {
    return this.#gateway.pid;
  }

  /** Address of the panel, good for one sign-in. */
  get panel(): string {
    return this.#gateway.panel;
  }

  /** Ends the process in order; the folder stays for `startAgain`. */
  async stop(): Promise<void> {
    await this.#gateway.stop();
  }

  /** Starts it again in the same folder and on the same ports. */
  async startAgain(): Promise<void> {
    this.#gateway = await RunningGateway.start({ dataDir: this.dataDir, ports: this.ports });
  }

  /** Lifts a kill; tries again while something still stands in its way, for at most 10 s. */
  async resume(): Promise<void> {
    const words = ['--resume', '--reason', 'benchmark', '--data-dir', this.dataDir];
    const until = performance.now() + 10_000;
    for (;;) {
      const { code, stdout, stderr } = await runProgram(...words);
      if (code === 0) return;
      if (performance.now() > until) throw new Error(`--resume ended with ${code}: ${stderr}${stdout}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway.stop();
    folders.delete(this.dataDir);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
