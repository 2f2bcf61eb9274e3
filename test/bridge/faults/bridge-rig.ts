import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { auditFile } from '../../../main/audit/schema.ts';
import { bridgeToken } from '../../../main/mt5/terminal/bridge-token.ts';
import { pipePath } from '../../../main/mt5/terminal/pipe-path.ts';
import { LogEvidence } from '../../faults/log-evidence.ts';
import { Operator } from '../../faults/operator.ts';
import { Violations } from '../../faults/violation.ts';
import { WireClient } from '../../faults/wire-client.ts';
import { SimBroker } from '../../mql5/broker/sim-broker.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { runProgram, RunningGateway } from '../../running-gateway.ts';
import { BrokerEvidence } from './broker-evidence.ts';
import { PipeProxy } from './pipe-proxy.ts';
import { ProgramRecord } from './program-record.ts';
import { CLIENTS } from './run-plan.ts';

const PROGRAM_PIPE = 'mt5-fabric';
const LOOK_EVERY_MS = 50;
const RESUMED_WITHIN_MS = 3_000;
/** A program that has nothing to do says so twice a second. */
const HEARD_WITHIN_MS = 1_500;
/** A gateway that says nothing for so long hangs. */
const PATIENCE_MS = 30_000;
/** Short, so that a run need not wait long for a PENDING; the program and the broker mostly need 20. */
const DEADLINE_MS = 300;

let rigs = 0;

/** A gateway, the program in its terminal, the broker behind it and a proxy on the pipe between, all new. */
export class BridgeRig {
  readonly broker: SimBroker;
  readonly account: BrokerEvidence;
  readonly proxy: PipeProxy;
  readonly operator: Operator;
  readonly log = new LogEvidence();
  readonly violations = new Violations();
  readonly record: ProgramRecord;
  readonly #terminalDir: string;
  readonly #folder: string;
  readonly #dataDir: string;
  readonly #pipe: string;
  readonly #executable: string;
  #clients = new Map<string, WireClient>();
  #gateway: RunningGateway | null = null;
  #program: ProgramProcess | null = null;
  #programReturns: NodeJS.Timeout | null = null;
  #gatewayReturns: Promise<void> | null = null;

  private constructor(folder: string, pipe: string, executable: string, broker: SimBroker, proxy: PipeProxy) {
    this.#folder = folder;
    this.#pipe = pipe;
    this.#executable = executable;
    this.broker = broker;
    this.proxy = proxy;
    this.account = new BrokerEvidence(broker);
    this.#dataDir = join(folder, 'gateway');
    this.#terminalDir = join(folder, 'terminal');
    this.record = new ProgramRecord(this.#terminalDir);
    this.operator = new Operator(this.#dataDir);
  }

  /** Starts all of it and resumes, so that it trades. */
  static async start(executable: string): Promise<BridgeRig> {
    const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-link-'));
    rigs += 1;
    const pipe = `mt5-fabric-faults-${process.pid}-${rigs}`;
    const proxy = await PipeProxy.listen(join(folder, PROGRAM_PIPE), pipePath(pipe, process.env, process.platform));
    const rig = new BridgeRig(folder, pipe, executable, await SimBroker.start(), proxy);
    rig.#install();
    await rig.startGateway();
    rig.startProgram();
    await rig.resume(RESUMED_WITHIN_MS);
    return rig;
  }

  /** The connection of a client to the gateway that runs; null while none does. */
  clientOf(name: string): WireClient | null {
    return this.#clients.get(name) ?? null;
  }

  /** Starts the gateway where none runs. One with a past has to come up halted. */
  startGateway(): Promise<void> {
    this.#gatewayReturns ??= this.#startGateway().finally(() => {
      this.#gatewayReturns = null;
    });
    return this.#gatewayReturns;
  }

  async killGateway(): Promise<void> {
    const dead = this.#gateway;
    this.#gateway = null;
    this.#clients.clear();
    await dead?.crash();
  }

  /** Starts the program where none runs. */
  startProgram(): void {
    if (this.#programReturns !== null) clearTimeout(this.#programReturns);
    this.#programReturns = null;
    this.#program ??= ProgramProcess.start({
      ...{ executable: this.#executable, broker: this.broker.address },
      ...{ dataDir: this.#terminalDir, pipeFolder: this.#folder },
      // The broker's history is there at once, and another gateway of this machine is not for this program.
      inputs: { InpHistorySettleS: 0, InpTcpPort: 0 },
    });
  }

  /** Ends the program as a crash would; it is started again after a while. */
  async killProgram(returnsAfterMs: number): Promise<void> {
    const dead = this.#program;
    this.#program = null;
    this.#programReturns = setTimeout(() => this.startProgram(), returnsAfterMs);
    await dead?.kill();
  }

  /** Stops the program where it stands, and lets it go on after a while. */
  suspendProgram(forMs: number): void {
    const program = this.#program;
    program?.signal('SIGSTOP');
    setTimeout(() => program?.signal('SIGCONT'), forMs);
  }

  /** Lets a program that is stopped go on now. */
  resumeProgram(): void {
    this.#program?.signal('SIGCONT');
  }

  /** Has gateway and program running, and a gateway that has come up halted resumed. What ended by itself is a violation. */
  async mend(): Promise<void> {
    if (this.#program?.end != null) {
      this.#note(`the program ended by itself: ${this.#program.errors}`);
      this.#program = null;
    }
    if (this.#gateway !== null && !isAlive(this.#gateway.pid)) {
      this.#note(`the gateway ended by itself: ${this.#gateway.lastLines}`);
      await this.killGateway();
    }
    this.startProgram();
    if (this.#gateway !== null) return;
    await this.startGateway();
    await this.resume(RESUMED_WITHIN_MS);
  }

  /** The gateway's status; null while none runs. A machine that is busy with other things may be slow to give it. */
  async status(): Promise<Awaited<ReturnType<Operator['status']>> | null> {
    const untilMs = performance.now() + PATIENCE_MS;
    while (this.#isUp()) {
      try {
        return await this.operator.status();
      } catch (error) {
        // A fault may have struck it while it was asked.
        if (this.#isUp() && performance.now() > untilMs) throw error;
        await pause(LOOK_EVERY_MS);
      }
    }
    return null;
  }

  /** Waits for a gateway that trades with a program that is linked; false when that takes longer. */
  async isReadyWithin(timeoutMs: number): Promise<boolean> {
    const untilMs = performance.now() + timeoutMs;
    for (;;) {
      const status = await this.status();
      if (status === null) return false;
      if (status.state.mode === 'TRADING' && status.terminal.linked) return true;
      if (performance.now() > untilMs) return false;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Resumes, for a while again and again, since a start first settles what it can. Null, or why it was refused. */
  async resume(timeoutMs: number): Promise<string | null> {
    const untilMs = performance.now() + timeoutMs;
    for (;;) {
      const status = await this.status();
      if (status === null) return 'no gateway runs';
      if (status.state.mode === 'TRADING') return null;
      const refused = status.terminal.linked ? await this.operator.resumeOnce() : 'the program is not linked';
      if (refused === null || performance.now() > untilMs) return refused;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Whether gateway, program and broker talk with each other, and nothing that one of them has said is still on its way. */
  async isAtRest(): Promise<boolean> {
    const terminal = (await this.status())?.terminal;
    const heardMsAgo = terminal?.linked === true ? (terminal.last_heard_ms_ago ?? Infinity) : Infinity;
    return heardMsAgo < HEARD_WITHIN_MS && this.account.isIdle && !this.proxy.isHolding;
  }

  /** Verifies the log as a person would, with the program's own command. */
  async verifyLog(): Promise<void> {
    const { code, stdout, stderr } = await runProgram('--audit', 'verify', '--json', '--data-dir', this.#dataDir);
    if (code !== 0) this.#note(`--audit verify ended with ${code}: ${stdout}${stderr}`);
  }

  /** Reads what the log has got since. Only while a gateway runs. */
  readLog(): void {
    this.log.readFile(auditFile(this.#dataDir));
  }

  /** Ends everything. Its folder stays where something was found that it may explain, if it is to be kept: a line about that. */
  async stop(keepsFolder: boolean): Promise<string | null> {
    if (this.#programReturns !== null) clearTimeout(this.#programReturns);
    for (const client of this.#clients.values()) client.close();
    const stopped = await this.#gateway?.stop();
    // Killed, it took longer than 4 s: how quick a stop has to be is tried elsewhere, on a machine with less to do.
    if (typeof stopped?.code === 'number' && stopped.code !== 0)
      this.#note(`told to end, the gateway ended with ${stopped.code}`);
    await this.#program?.kill();
    await this.proxy.stop();
    await this.broker.stop();
    if (keepsFolder && this.violations.all.length > 0) return `its folder is kept: ${this.#folder}`;
    rmSync(this.#folder, { recursive: true, force: true });
    return null;
  }

  #isUp(): boolean {
    return this.#gateway !== null;
  }

  #install(): void {
    const files = join(this.#terminalDir, 'MQL5', 'Files', 'MT5Fabric');
    mkdirSync(files, { recursive: true });
    mkdirSync(this.#dataDir);
    writeFileSync(join(files, 'token.txt'), bridgeToken(this.#dataDir));
  }

  async #startGateway(): Promise<void> {
    const link = ['--terminal', 'bridge', '--bridge-pipe', this.#pipe, '--bridge-port', '0', '--bridge-settle-s', '1'];
    const flags = [...link, '--command-deadline-ms', String(DEADLINE_MS)];
    const gateway = await RunningGateway.start({ dataDir: this.#dataDir, flags });
    if (gateway.mode === 'TRADING') this.#note('it came up TRADING, not HALTED');
    const clients = await Promise.all(
      CLIENTS.map(async (name) => [name, await WireClient.open(gateway.ports.command)] as const),
    );
    this.#clients = new Map(clients);
    this.#gateway = gateway;
  }

  #note(what: string): void {
    this.violations.add({ kind: 'contradicted', what });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
