import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { auditFile } from '../../main/audit/schema.ts';
import { bridgeToken } from '../../main/mt5/terminal/bridge-token.ts';
import { pipePath } from '../../main/mt5/terminal/pipe-path.ts';
import { LogEvidence } from '../faults/log-evidence.ts';
import { Operator } from '../faults/operator.ts';
import { type Reply, WireClient } from '../faults/wire-client.ts';
import type { SimBrokerOptions } from '../mql5/broker/broker-options.ts';
import { RunningGateway } from '../running-gateway.ts';
import { CuttablePipe } from './cuttable-pipe.ts';
import { dataFolder, removeFolder } from './data-folder.ts';
import { LiveTerminal } from './live-terminal.ts';

const PIPE = 'mt5-fabric';
const UNTIL_MS = 20_000;
const LOOK_EVERY_MS = 20;
const CLIENT = 'alpha';

type State = Awaited<ReturnType<Operator['status']>>['state'];

/** The built gateway as a process, linked to the compiled program: each of the two can be killed and started anew. */
export class LinkedGateway {
  readonly terminal: LiveTerminal;
  readonly pipe: CuttablePipe;
  /** Where the gateway itself listens for the program. */
  readonly pipePath: string;
  readonly operator: Operator;
  readonly #dataDir: string;
  readonly #folder: string;
  readonly #pipeName: string;
  #gateway: RunningGateway | null = null;
  #client: WireClient | null = null;

  private constructor(folder: string, dataDir: string, pipeName: string, pipe: CuttablePipe, terminal: LiveTerminal) {
    this.#folder = folder;
    this.#dataDir = dataDir;
    this.#pipeName = pipeName;
    this.pipePath = pipePath(pipeName, process.env, process.platform);
    this.pipe = pipe;
    this.terminal = terminal;
    this.operator = new Operator(dataDir);
  }

  /** Plays with a gateway that an operator has resumed after its first run, and ends everything. */
  static async play(broker: Partial<SimBrokerOptions>, run: (linked: LinkedGateway) => Promise<void>): Promise<void> {
    const [folder, dataDir] = [dataFolder(), dataFolder()];
    const pipeName = `mt5-fabric-${randomUUID().slice(0, 8)}`;
    const pipe = await CuttablePipe.start(join(folder, PIPE), pipePath(pipeName, process.env, process.platform));
    const token = bridgeToken(dataDir);
    const terminal = await LiveTerminal.start({ token, pipe: PIPE, pipeFolder: folder, broker });
    const linked = new LinkedGateway(folder, dataDir, pipeName, pipe, terminal);
    try {
      await linked.startGateway();
      await linked.resume();
      await run(linked);
    } finally {
      await linked.#stop();
    }
  }

  /** Starts the next gateway on the data folder; its mode when it is ready. */
  async startGateway(): Promise<string> {
    this.#gateway = await RunningGateway.start({
      dataDir: this.#dataDir,
      flags: ['--terminal', 'bridge', '--bridge-pipe', this.#pipeName, '--bridge-port', '0', '--bridge-settle-s', '1'],
    });
    this.#client = await WireClient.open(this.#gateway.ports.command);
    return this.#gateway.mode;
  }

  /** The gateway ends where it stands. */
  async crashGateway(): Promise<void> {
    await this.#gateway?.crash();
  }

  /** Lets it trade, whatever keeps it from that. Throws where it is refused. */
  async resume(): Promise<void> {
    await this.until('the link', async () => (await this.operator.status()).terminal.linked);
    const refused = await this.operator.resume();
    if (refused !== null) throw new Error(refused);
  }

  /** The reply to a request; null where the gateway ends before. */
  async ask(
    action: string,
    payload: object = {},
    more: { req_id?: string; ttl_ms?: number } = {},
  ): Promise<Reply | null> {
    const request = {
      ...{ action, req_id: randomUUID(), client_id: CLIENT, timestamp: Date.now() / 1_000, payload },
      ...more,
    };
    if (this.#client === null) throw new Error('no gateway has been started');
    return this.#client.ask(request.req_id, Buffer.from(JSON.stringify(request)));
  }

  /** What the audit log tells of a command, from its intent to its end, repetitions left out. */
  course(reqId: string): readonly string[] {
    const log = new LogEvidence();
    log.readFile(auditFile(this.#dataDir));
    if (log.chainFault !== null) throw new Error(log.chainFault);
    const told = log.rowsOf({ client: CLIENT, reqId }).map(({ status, type }) => status ?? type);
    return told.filter((state, at) => state !== told[at - 1]);
  }

  async stateWhen(what: string, isWished: (state: State) => boolean): Promise<State> {
    await this.until(what, async () => isWished((await this.operator.status()).state));
    return (await this.operator.status()).state;
  }

  /** Waits until something is so. Throws after 20 s. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + UNTIL_MS;
    while (!(await isSo())) {
      if (performance.now() > endMs) {
        throw new Error(`waited ${UNTIL_MS} ms in vain for ${what}\n${this.#gateway?.lastLines ?? ''}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  async #stop(): Promise<void> {
    this.#client?.close();
    await this.#gateway?.stop();
    this.pipe.stop();
    await this.terminal.stop();
    removeFolder(this.#folder);
    removeFolder(this.#dataDir);
    removeFolder(this.pipePath);
  }
}
