import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimBrokerOptions } from '../mql5/broker/broker-options.ts';
import { SimBroker } from '../mql5/broker/sim-broker.ts';
import { ProgramProcess } from '../mql5/program-process.ts';
import { compiledProgram } from './bridge-adapter.ts';
import { dataFolder, removeFolder } from './data-folder.ts';

/** How long a test may take that plays with the program, also on a busy machine. */
export const PLAYED_WITHIN_MS = 60_000;
/** The same for compiling the program. */
export const COMPILED_WITHIN_MS = 300_000;

/** How a terminal is set up. */
export interface LiveTerminalOptions {
  /** What the program says first. */
  readonly token: string;
  readonly pipeFolder: string;
  /** Name of the gateway's pipe. */
  readonly pipe: string;
  readonly broker?: Partial<SimBrokerOptions>;
}

/** A moment inside OrderSend: the broker has the request, or has carried it out and not answered. */
export type SendMoment = 'received' | 'executed';

/**
 * A terminal with the compiled program in it, and its broker, which outlives it. The program can be killed, frozen and
 * started anew on the same data folder. It runs from the start.
 */
export class LiveTerminal {
  readonly broker: SimBroker;
  readonly #options: LiveTerminalOptions;
  readonly #executable: string;
  readonly #folder: string;
  #program: ProgramProcess;

  private constructor(options: LiveTerminalOptions, executable: string, broker: SimBroker) {
    this.#options = options;
    this.#executable = executable;
    this.broker = broker;
    this.#folder = dataFolder();
    mkdirSync(this.#ownFiles, { recursive: true });
    writeFileSync(join(this.#ownFiles, 'token.txt'), options.token);
    this.#program = this.#run();
  }

  static async start(options: LiveTerminalOptions): Promise<LiveTerminal> {
    const executable = await compiledProgram();
    return new LiveTerminal(options, executable, await SimBroker.start(options.broker));
  }

  /** The program that runs, or that ran last. */
  get program(): ProgramProcess {
    return this.#program;
  }

  startProgram(): void {
    this.#program = this.#run();
  }

  /** The program ends where it stands. */
  kill(): Promise<void> {
    return this.#program.kill();
  }

  /** The program stands still: what is sent to it waits in its pipe. */
  freeze(): void {
    this.#program.signal('SIGSTOP');
  }

  thaw(): void {
    this.#program.signal('SIGCONT');
  }

  /** Does something at a moment inside the next OrderSend; the broker goes on when that is done. */
  atNextSend(moment: SendMoment, act: () => void | Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.broker.onSend = async (_request, reached) => {
        if (reached !== moment) return;
        this.broker.onSend = null;
        await Promise.resolve(act()).then(resolve, reject);
      };
    });
  }

  /** The program is killed at a moment inside its next OrderSend. */
  killAtNextSend(moment: SendMoment): Promise<void> {
    return this.atNextSend(moment, () => this.kill());
  }

  /** The program's record of commands is gone, as after a reinstallation. Throws where there was none. */
  loseRecord(): void {
    const records = readdirSync(this.#ownFiles).filter((name) => name.startsWith('commands'));
    if (records.length === 0) throw new Error(`there is no record in ${this.#ownFiles}`);
    for (const name of records) rmSync(join(this.#ownFiles, name));
  }

  /** Ends program and broker. Throws when the program had ended by itself. */
  async stop(): Promise<void> {
    const { end, errors } = this.#program;
    await this.kill();
    await this.broker.stop();
    removeFolder(this.#folder);
    if (end !== null && end.signal !== 'SIGKILL') throw new Error(`the program ended by itself: ${errors}`);
  }

  get #ownFiles(): string {
    return join(this.#folder, 'MQL5', 'Files', 'MT5Fabric');
  }

  #run(): ProgramProcess {
    const { pipe, pipeFolder } = this.#options;
    return ProgramProcess.start({
      ...{ executable: this.#executable, dataDir: this.#folder, broker: this.broker.address, pipeFolder },
      // The broker is at hand: its history is there as soon as the terminal is connected.
      inputs: { InpPipe: pipe, InpTcpPort: 0, InpHistorySettleS: 0 },
    });
  }
}
