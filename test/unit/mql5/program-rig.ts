import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildProgram, type Variant } from '../../mql5/build.ts';
import { SimBroker } from '../../mql5/broker/sim-broker.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { ScriptedGateway } from './scripted-gateway.ts';

export const TOKEN = '0123456789abcdef0123456789abcdef';
export const LOGIN = '5000123';
/** A counter that no terminal reaches. */
export const FOREVER = '18446744073709551615';
export const WELCOME = 'welcome | 1 | 9.9.9 | session-1 | 1';
export const BUILD_TIMEOUT_MS = 180_000;

/** The program in its terminal, between a simulated broker and a gateway that says what a test tells it to. */
export class ProgramRig {
  readonly broker: SimBroker;
  readonly #executable: string;
  readonly #folder: string;
  readonly #gateways: ScriptedGateway[] = [];
  readonly #programs: ProgramProcess[] = [];

  private constructor(executable: string, folder: string, broker: SimBroker) {
    this.#executable = executable;
    this.#folder = folder;
    this.broker = broker;
  }

  /** A broker, a gateway at the pipe, and no program yet. */
  static async open(variant: Variant = 'plain'): Promise<ProgramRig> {
    const executable = await buildProgram({ variant });
    const folder = mkdtempSync(join(tmpdir(), 'mt5-program-'));
    mkdirSync(join(folder, 'MQL5/Files/MT5Fabric'), { recursive: true });
    writeFileSync(join(folder, 'MQL5/Files/MT5Fabric/token.txt'), `${TOKEN}\n`);
    const rig = new ProgramRig(executable, folder, await SimBroker.start());
    await rig.listen(WELCOME);
    return rig;
  }

  /** Ends everything. Fails when a program wrote to stderr: MetaTrader would have stopped it. */
  async close(): Promise<void> {
    const errors = this.#programs.map((program) => program.errors).filter((text) => text !== '');
    await ProgramProcess.killAll();
    for (const gateway of this.#gateways) await gateway.stop();
    await this.broker.stop();
    rmSync(this.#folder, { recursive: true, force: true });
    expect(errors).toEqual([]);
  }

  /** The gateway that was opened last. */
  get gateway(): ScriptedGateway {
    const gateway = this.#gateways.at(-1);
    if (gateway === undefined) throw new Error('no gateway has been opened');
    return gateway;
  }

  get recordPath(): string {
    return join(this.#folder, `MQL5/Files/MT5Fabric/commands-${LOGIN}.txt`);
  }

  /** Opens a gateway at the pipe, or on a free TCP port. */
  async listen(welcome: string, tcp = false): Promise<ScriptedGateway> {
    const where = tcp ? { port: 0, host: '127.0.0.1' } : { path: join(this.#folder, 'mt5-fabric') };
    const gateway = await new ScriptedGateway(welcome, where).listen();
    this.#gateways.push(gateway);
    return gateway;
  }

  start(inputs: Record<string, string | number> = {}, environment: Record<string, string> = {}): ProgramProcess {
    const program = ProgramProcess.start({
      executable: this.#executable,
      broker: this.broker.address,
      dataDir: this.#folder,
      pipeFolder: this.#folder,
      inputs: { InpHistorySettleS: 0, InpTcpPort: 0, ...inputs },
      environment,
    });
    this.#programs.push(program);
    return program;
  }

  /** A program that has been welcomed. */
  async linked(): Promise<ProgramProcess> {
    const program = this.start();
    await this.gateway.line(([kind]) => kind === 'state');
    return program;
  }
}

/** A request that buys 0.10 EURUSD. */
export function buy(command: string, epoch = 1): string {
  return `send | ${command} | ${epoch} | ${FOREVER} | EURUSD | BUY | MARKET | 0.10 | 0 | 0 | 0 | 20 | 77 | test~abcdefghijkl | 0`;
}
