import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Log, LogFields } from '../../../../main/log.ts';
import type { Fence, TerminalState } from '../../../../main/mt5/handler.ts';
import type { NewOrder } from '../../../../main/mt5/market.ts';
import { TerminalHandler } from '../../../../main/mt5/terminal/terminal-handler.ts';
import type { TerminalOptions } from '../../../../main/mt5/terminal/terminal-options.ts';
import { BridgeProgram, IDENTITY, type ProgramIdentity } from '../../../fakes/bridge-program.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

export const ORDER: NewOrder = {
  symbol: 'EURUSD',
  side: 'BUY',
  type: 'MARKET',
  volumeLots: 0.29,
  deviationPoints: 10,
  magic: 770001n,
  comment: 'first~abcdefghijkl',
};
/** The program's counter when the simulated clock shows 0. */
export const COUNTER_AT_START = 1_000_000;

export interface LoggedEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

/** A handler on a simulated clock that listens on a pipe of its own. */
export class TerminalRig {
  readonly clock = new SimulatedClock();
  readonly logged: LoggedEvent[] = [];
  readonly states: TerminalState[] = [];
  readonly handler: TerminalHandler;
  readonly pipePath: string;
  readonly starting: Promise<void>;
  readonly #programs: BridgeProgram[] = [];

  private constructor(options: Partial<TerminalOptions>) {
    this.pipePath = options.pipePath ?? join(temporaryFolder(), 'pipe');
    const ports = { clock: this.clock, log: this.#log() };
    this.handler = new TerminalHandler({ ...OPTIONS, pipePath: this.pipePath, ...options }, ports);
    this.handler.onState((state) => this.states.push(state));
    this.starting = this.handler.start();
    onTestFinished(async () => {
      for (const program of this.#programs) program.close();
      await this.handler.stop();
    });
  }

  /** Listens; nothing is linked. */
  static async listening(options: Partial<TerminalOptions> = {}): Promise<TerminalRig> {
    const rig = new TerminalRig(options);
    await until(() => rig.handler.endpoints().pipePath !== null || rig.handler.endpoints().tcpPort !== null);
    return rig;
  }

  /** A handler with a program that has been welcomed and has told its state. */
  static async linked(options: Partial<TerminalOptions> = {}): Promise<{ rig: TerminalRig; program: BridgeProgram }> {
    const rig = await TerminalRig.listening(options);
    return { rig, program: await rig.link() };
  }

  /** A connection that has said nothing. */
  async visitor(identity: Partial<ProgramIdentity> = {}): Promise<BridgeProgram> {
    const program = await BridgeProgram.connect(this.pipePath, identity);
    this.#programs.push(program);
    return program;
  }

  async link(identity: Partial<ProgramIdentity> = {}): Promise<BridgeProgram> {
    const program = await this.visitor(identity);
    expect((await program.hello())[0]).toBe('welcome');
    this.tellState(program);
    await until(() => this.handler.state().linked);
    return program;
  }

  /** The program tells its state, with a counter that runs as the simulated clock does. */
  tellState(program: BridgeProgram, changed: Parameters<BridgeProgram['state']>[1] = {}): void {
    program.state(COUNTER_AT_START + this.clock.monoMs(), changed);
  }

  /** A fence that is valid for so long. */
  fence(validForMs = 5_000, epoch = 1): Fence {
    return { epoch, validUntilMonoMs: this.clock.monoMs() + validForMs };
  }

  /** Bad lines so far, of all kinds. */
  badLines(): number {
    return Object.values(this.handler.stats().badLines).reduce((sum, count) => sum + count, 0);
  }

  #log(): Log {
    const at =
      (level: LoggedEvent['level']) =>
      (event: string, fields: LogFields = {}) => {
        this.logged.push({ level, event, fields });
      };
    return { info: at('info'), warn: at('warn'), error: at('error') };
  }
}

const OPTIONS = {
  tcpPort: null,
  token: IDENTITY.token,
  session: 'a1b2c3d4-0000-4000-8000-000000000000',
  gatewayVersion: '0.1.0',
  settleMs: 60_000,
  startPatienceMs: 3_000,
};

/** Waits in real time until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const untilMs = Date.now() + 5_000;
  while (!isSo()) {
    if (Date.now() > untilMs) throw new Error(`it did not come to this: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The fields of a `done` behind its kind. */
export function done(retcode: number, ticket = '9007199254740993', text = 'Request completed'): readonly string[] {
  return ['done', String(retcode), ticket, '0', ticket, '0.29000000', '1.17', '1.16999', '1.17', text];
}
