import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from '../../main/exit-codes.ts';
import { Unwind } from '../../main/unwind.ts';
import { DEFAULT_LISTINGS } from '../mql5/broker/default-symbols.ts';
import { SimBroker } from '../mql5/broker/sim-broker.ts';
import { runProgram, type Finished } from '../running-gateway.ts';
import { WindowsProcess } from './windows-process.ts';
import type { WinePrefix } from './wine-prefix.ts';

/** Each number after it would be rounded by a JSON reader that knows only doubles. */
const FIRST_TICKET = 2n ** 53n + 1n;
const TICK_EVERY_MS = 50;
const START_TIMEOUT_MS = 60_000;
const LINK_TIMEOUT_MS = 20_000;
const MODE_TIMEOUT_MS = 15_000;
const HOLD_TIMEOUT_MS = 15_000;
const LOOK_AGAIN_MS = 50;
/** What Windows gives a program whose console is closed. */
const CLOSE_TIMEOUT_MS = 5_000;
/** A loaded machine is no fault. */
const PATIENCE = ['--timeout-ms', '10000'];
/** As MetaTrader names the data folder of an installation. */
const TERMINAL_ID = 'D0E8209F77C8CF37AD8BF550E51FF075';

/** What was made before the scene, by its path on this machine. */
export interface Binaries {
  /** Windows' own Node. */
  readonly node: string;
  /** The gateway's entry. */
  readonly gateway: string;
  /** The bridge program. */
  readonly program: string;
  /** What stands in for MetaEditor. */
  readonly editor: string;
  /** What closes a program's console. */
  readonly closeConsole: string;
}

/** The channels of the gateway, and the port of the bridge. */
interface ScenePorts {
  readonly command: number;
  readonly data: number;
  readonly events: number;
  readonly bridge: number;
}

/**
 * Everything the steps share: a Windows with a terminal in it, the gateway and the program that run there, and the broker
 * and the brains on this machine.
 */
export class Scene {
  readonly prefix: WinePrefix;
  readonly binaries: Binaries;
  readonly broker: SimBroker;
  readonly ports: ScenePorts;
  /** The terminal's data folder, as this machine sees it. */
  readonly terminalFolder: string;
  readonly installFolder: string;
  /** Where the gateway keeps its data when nobody names a folder. */
  readonly dataFolder: string;
  /** A folder to ask for instead, with a space and with letters of a Windows that speaks Chinese. */
  readonly askedFolder: string;
  readonly #outputFolder: string;
  readonly #unwind = new Unwind();
  #gateway: WindowsProcess | null = null;
  #connectionFile: string | null = null;
  #program: WindowsProcess | null = null;

  private constructor(prefix: WinePrefix, binaries: Binaries, broker: SimBroker, ports: ScenePorts) {
    this.prefix = prefix;
    this.binaries = binaries;
    this.broker = broker;
    this.ports = ports;
    this.terminalFolder = join(prefix.appData, 'MetaQuotes', 'Terminal', TERMINAL_ID);
    this.installFolder = join(prefix.programFiles, 'MetaTrader 5');
    this.dataFolder = join(prefix.localAppData, 'mt5-fabric');
    this.askedFolder = join(prefix.localAppData, 'Trading 交易');
    this.#outputFolder = join(prefix.folder, 'output');
  }

  /** A broker with moving prices, and a Windows in which nothing of an earlier run is left. */
  static async set(prefix: WinePrefix, binaries: Binaries): Promise<Scene> {
    const symbols = DEFAULT_LISTINGS.map((listing) =>
      listing.symbol.name === 'GBPUSD' ? { ...listing, symbol: { ...listing.symbol, selected: true } } : listing,
    );
    const broker = await SimBroker.start({ tcp: true, firstTicket: FIRST_TICKET, symbols });
    const scene = new Scene(prefix, binaries, broker, await freePorts());
    const { dataFolder, askedFolder, installFolder } = scene;
    const earlier = [dataFolder, askedFolder, join(prefix.appData, 'MetaQuotes'), installFolder, scene.#outputFolder];
    for (const folder of earlier) rmSync(folder, { recursive: true, force: true });
    mkdirSync(scene.#outputFolder, { recursive: true });
    const prices = setInterval(() => scene.#movePrices(), TICK_EVERY_MS);
    scene.#unwind.defer(() => broker.stop());
    scene.#unwind.defer(() => clearInterval(prices));
    return scene;
  }

  /** Ends what runs. */
  async strike(): Promise<void> {
    await Promise.all([this.#program?.kill(), this.#gateway?.kill()]);
    await this.#unwind.run();
  }

  /** Throws where none was started. */
  get gateway(): WindowsProcess {
    if (this.#gateway === null) throw new Error('no gateway was started');
    return this.#gateway;
  }

  /** Throws where none was started. */
  get program(): WindowsProcess {
    if (this.#program === null) throw new Error('no program was started');
    return this.#program;
  }

  /** Starts the gateway, in its usual data folder unless told otherwise; the mode in its ready line. */
  async startGateway(...words: readonly string[]): Promise<string> {
    this.#gateway = WindowsProcess.start(this.#ofGateway('--headless', '--json', ...words));
    const ready = await this.#gateway.waitForLine('"event":"ready"', START_TIMEOUT_MS);
    return (JSON.parse(ready) as { mode: string }).mode;
  }

  /** Closes the gateway's console, as the cross of its window does. Its exit code; throws where Windows would have killed it. */
  async closeConsole(): Promise<number | null> {
    const { prefix, binaries } = this;
    const words = [binaries.closeConsole, basename(binaries.node)];
    const { code } = await WindowsProcess.run({ prefix, words, outputFolder: this.#outputFolder });
    if (code !== 0) throw new Error(`the console's event was not sent: ${code}`);
    const tooLong = sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw new Error(`the gateway runs on ${CLOSE_TIMEOUT_MS} ms after its console was closed`);
    });
    return Promise.race([this.gateway.ended, tooLong]);
  }

  /** Runs the gateway's program with other words, as an operator does at that machine, to its end. */
  runAtGateway(...words: readonly string[]): Promise<Finished> {
    return WindowsProcess.run(this.#ofGateway(...words));
  }

  /** Starts the bridge program in the terminal, with the preset that the installation wrote; `more` goes beside its variables. */
  startProgram(more: Readonly<Record<string, string>> = {}): void {
    const { prefix, binaries, broker, terminalFolder } = this;
    this.#program = WindowsProcess.start({
      ...{ prefix, words: [binaries.program], outputFolder: this.#outputFolder },
      environment: {
        MT5_BROKER: broker.address,
        MT5_DATA: prefix.windowsPath(terminalFolder),
        MT5_INPUTS: presetInputs(terminalFolder),
        ...more,
      },
    });
  }

  /** Ends the program in order, by its OnDeinit: a file stands for the signal that Windows does not have. Its exit code. */
  async stopProgram(): Promise<number | null> {
    const stop = join(this.terminalFolder, 'stop');
    writeFileSync(stop, '');
    const code = await this.program.ended;
    rmSync(stop);
    return code;
  }

  /** Resolves when the gateway that runs now has been linked `times` times; how the program came to it last. */
  async linked(times = 1): Promise<string> {
    const line = await this.gateway.waitForLine('"event":"terminal-linked"', LINK_TIMEOUT_MS, times);
    return (JSON.parse(line) as { transport: string }).transport;
  }

  /** How often a program has come to the gateway that runs now. */
  get links(): number {
    return this.gateway.count('"event":"terminal-linked"');
  }

  /** Runs a brain of this machine: the last JSON line that it prints, as text, since tickets go beyond what JSON.parse keeps. */
  async brain(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram('--brain', ...words, '--json', ...this.brainWords, ...PATIENCE);
    if (code !== 0) throw new Error(`brain ${words.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout.trim().split('\n').at(-1) ?? '';
  }

  /** `--resume` as an operator at that machine gives it, who tries again while a flatten is still to be verified. */
  async resume(reason: string): Promise<void> {
    const until = performance.now() + MODE_TIMEOUT_MS;
    for (;;) {
      const { code, stdout, stderr } = await this.runAtGateway('--resume', '--reason', reason);
      if (code === 0) break;
      if (code !== EXIT.unavailable || performance.now() > until) {
        throw new Error(`--resume ended with ${code}: ${stdout}${stderr}`);
      }
      await sleep(LOOK_AGAIN_MS);
    }
    await this.waitForMode('TRADING');
  }

  /** Resolves when the gateway tells a brain that its mode is this one. */
  async waitForMode(mode: string): Promise<void> {
    const until = performance.now() + MODE_TIMEOUT_MS;
    for (let told = ''; !told.includes(`"mode":"${mode}"`); told = await this.brain('heartbeat')) {
      if (performance.now() > until) throw new Error(`the mode is not ${mode}: ${told}`);
    }
  }

  /** Resolves when `holds` does; throws with `what` where it does not within 15 s. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const until = performance.now() + HOLD_TIMEOUT_MS;
    while (!holds()) {
      if (performance.now() > until) throw new Error(`not in time: ${what}`);
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** From now on brains come with the connection file of a pairing, carried from that Windows to this machine. */
  connectWith(windowsFile: string): void {
    this.#connectionFile = join(this.#outputFolder, 'connection.json');
    // Owner's alone, as a brain insists; Windows knows no such mode.
    writeFileSync(this.#connectionFile, readFileSync(windowsFile), { mode: 0o600 });
  }

  /** Where a brain finds the gateway. */
  get brainWords(): readonly string[] {
    if (this.#connectionFile !== null) return ['--connection', this.#connectionFile];
    return this.openWords;
  }

  /** Where a brain without keys finds the gateway. */
  get openWords(): readonly string[] {
    const { command, data } = this.ports;
    return ['--host', '127.0.0.1', '--command-port', String(command), '--data-port', String(data)];
  }

  #ofGateway(...words: readonly string[]) {
    const { prefix, binaries, ports } = this;
    return {
      ...{ prefix, outputFolder: this.#outputFolder },
      words: [binaries.node, prefix.windowsPath(binaries.gateway), ...words],
      environment: {
        MT5_FABRIC_TERMINAL: 'bridge',
        MT5_FABRIC_HOST: '127.0.0.1',
        MT5_FABRIC_COMMAND_PORT: String(ports.command),
        MT5_FABRIC_DATA_PORT: String(ports.data),
        MT5_FABRIC_EVENT_PORT: String(ports.events),
        MT5_FABRIC_BRIDGE_PORT: String(ports.bridge),
        MT5_FABRIC_BRIDGE_SETTLE_S: '1',
      },
    };
  }

  #movePrices(): void {
    const step = Math.round(Math.random() * 50) / 100_000;
    this.broker.quote('EURUSD', 1.1 + step, 1.1001 + step);
    this.broker.quote('GBPUSD', 1.3 + step, 1.3002 + step);
  }
}

/** The inputs that a preset holds, in the form that the terminal of the tests takes. */
function presetInputs(terminalFolder: string): string {
  const text = readFileSync(join(terminalFolder, 'MQL5', 'Presets', 'MT5FabricBridge.set'), 'utf16le');
  return text
    .replace('\uFEFF', '')
    .split(/\r?\n/)
    .filter((line) => /^\w+=/.test(line))
    .join(';');
}

async function freePorts(): Promise<ScenePorts> {
  const [command, data, events, bridge] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return { command, data, events, bridge };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
