import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { portOf } from '../main/protocol/endpoint.ts';

const PROGRAM = 'dist/mt5-fabric.js';
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 4_000;

const readySchema = z.object({
  event: z.literal('ready'),
  mode: z.string(),
  command: z.string(),
  data: z.string(),
  events: z.string(),
  panel: z.optional(z.string()),
});

/** The ports of a gateway on this machine. */
export interface Ports {
  readonly command: number;
  readonly data: number;
  readonly events: number;
}

/** What to start: the data folder, ports (free ones when absent), and more flags. */
export interface GatewayOptions {
  readonly dataDir: string;
  readonly ports?: Ports;
  readonly flags?: readonly string[];
  /** A program that runs the gateway, like strace with its options. */
  readonly under?: readonly string[];
  /** Told what it writes to its diagnostic log, as it comes. */
  readonly onLog?: (chunk: Buffer) => void;
}

const running = new Set<ChildProcess>();
// The last resort; `RunningGateway.stopAll` is the way to leave.
process.on('exit', () => {
  for (const child of running) killAll(child);
});

/** The built gateway as a process of its own on loopback, with the paper terminal. Needs no test runner. */
export class RunningGateway {
  readonly dataDir: string;
  readonly mode: string;
  readonly ports: Ports;
  /** Endpoints of the three channels, like tcp://127.0.0.1:5555. */
  readonly endpoints: Readonly<Record<keyof Ports, string>>;
  readonly #panel: string | undefined;
  readonly #child: ChildProcess;
  readonly #log: LogTail;

  private constructor(child: ChildProcess, dataDir: string, ready: z.infer<typeof readySchema>, log: LogTail) {
    this.#child = child;
    this.#log = log;
    this.dataDir = dataDir;
    this.mode = ready.mode;
    this.#panel = ready.panel;
    this.endpoints = { command: ready.command, data: ready.data, events: ready.events };
    this.ports = { command: portOf(ready.command), data: portOf(ready.data), events: portOf(ready.events) };
  }

  /** Starts a gateway. Resolves once it is ready; throws, with its last lines, when it ends before or takes over 60 s. */
  static async start({ dataDir, ports, flags = [], under = [], onLog }: GatewayOptions): Promise<RunningGateway> {
    const [program, ...words] = [...under, process.execPath];
    const child = spawn(program, [...words, ...gatewayWords(dataDir, ports), ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Under another program the gateway is a child's child: only a group reaches both.
      detached: under.length > 0,
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const log = new LogTail();
    child.stderr.on('data', (chunk: Buffer) => log.add(chunk));
    if (onLog !== undefined) child.stderr.on('data', onLog);
    try {
      const line = await firstLine(child);
      return new RunningGateway(child, dataDir, readySchema.parse(JSON.parse(line)), log);
    } catch (error) {
      killAll(child);
      throw new Error(`the gateway did not get ready: ${String(error)}\n${log.text}`);
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Address of the panel, good for one sign-in. Throws where it was started without one. */
  get panel(): string {
    if (this.#panel === undefined) throw new Error('the gateway was started without --panel-port');
    return this.#panel;
  }

  /** The last lines that it wrote to its diagnostic log. */
  get lastLines(): string {
    return this.#log.text;
  }

  /** With which code or signal it has ended; null as long as it runs. */
  get ending(): string | null {
    const { exitCode, signalCode } = this.#child;
    return signalCode ?? (exitCode === null ? null : `exit code ${exitCode}`);
  }

  /** Reads its diagnostic log no more: what it writes there fails from now on. */
  leaveLog(): void {
    this.#child.stderr?.destroy();
  }

  /** Ends the gateway in order; after 4 s it is killed. May be called twice. */
  stop(): Promise<Stopped> {
    return stopChild(this.#child);
  }

  /** Ends it as a crash or a power button would. May be called twice. */
  async crash(): Promise<void> {
    if (!running.has(this.#child)) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    killAll(this.#child);
    await ended;
  }

  /** Sends it a signal, like SIGSTOP. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends every gateway that was started here and still runs, also one that is not ready yet. */
  static async stopAll(): Promise<void> {
    await Promise.all([...running].map(stopChild));
  }
}

/** The end of what a process says. */
class LogTail {
  text = '';

  add(chunk: Buffer): void {
    this.text = (this.text + chunk.toString()).slice(-2_000);
  }
}

function killAll(child: ChildProcess): void {
  child.kill('SIGKILL');
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It leads no group, or has ended already.
  }
}

async function stopChild(child: ChildProcess): Promise<Stopped> {
  const start = performance.now();
  if (running.has(child)) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => killAll(child), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }
  return { code: child.exitCode, tookMs: performance.now() - start };
}

/** How a gateway ended: its exit code, null where a signal ended it. */
export interface Stopped {
  readonly code: number | null;
  readonly tookMs: number;
}

/** What a command of the built program printed, and its exit code. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program with these words to its end, for at most 20 s. */
export function runProgram(...words: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

function gatewayWords(dataDir: string, ports: Ports = { command: 0, data: 0, events: 0 }): readonly string[] {
  const where = ['--command-port', String(ports.command), '--data-port', String(ports.data)];
  const paper = ['--terminal', 'paper', '--paper-seed', '1'];
  return [
    ...[PROGRAM, '--headless', '--json', '--data-dir', dataDir, '--host', '127.0.0.1'],
    ...[...where, '--event-port', String(ports.events), ...paper],
  ];
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no ready line within ${READY_TIMEOUT_MS} ms`));
    }, READY_TIMEOUT_MS);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${code ?? signal}`));
    });
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}
