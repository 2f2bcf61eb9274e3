import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const PROGRAM = join(import.meta.dirname, '../../dist/mt5-fabric.js');

/** The line that the gateway prints when it is ready. */
export interface Ready {
  readonly event: 'ready';
  readonly mode: string;
  readonly command: string;
  readonly data: string;
  readonly events: string;
}

/** The built gateway as a process of its own, with a data folder that outlives it. */
export class GatewayProcess {
  readonly dataDir: string;
  readonly ready: Ready;
  readonly child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(child: ChildProcess, dataDir: string, ready: Ready, ended: Promise<number | null>) {
    this.child = child;
    this.dataDir = dataDir;
    this.ready = ready;
    this.#ended = ended;
  }

  /** Ends the gateway in order; resolves with its exit code. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.#ended;
  }

  /** Ends the gateway as a crash or a power button would. */
  async crash(): Promise<void> {
    killTree(this.child);
    await this.#ended;
  }
}

/** A data folder for one test. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-run-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export interface StartOptions {
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  /** A program that runs the gateway, like strace with its options. */
  readonly under?: readonly string[];
}

/** Starts the built gateway on free loopback ports and waits until it is ready. */
export async function startGateway(options: StartOptions = {}): Promise<GatewayProcess> {
  const dataDir = options.dataDir ?? dataFolder();
  const ports = ['--command-port', '0', '--data-port', '0', '--event-port', '0'];
  const words = [PROGRAM, '--headless', '--json', '--data-dir', dataDir, ...ports, ...(options.flags ?? [])];
  const [program, ...before] = [...(options.under ?? []), process.execPath];
  const child = spawn(program!, [...before, ...words], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    killTree(child);
    await ended;
  });
  return new GatewayProcess(child, dataDir, await readyLine(child, ended), ended);
}

async function readyLine(child: ChildProcess, ended: Promise<number | null>): Promise<Ready> {
  let said = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')));
    });
  });
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string') throw new Error(`the gateway ended with ${first} before it was ready:\n${errors}`);
  return JSON.parse(first) as Ready;
}

// Under strace the gateway is a child of the child: the whole group goes.
function killTree(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** What a command of the built program printed, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end. */
export function run(...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
