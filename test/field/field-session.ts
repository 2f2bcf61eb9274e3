import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackedBrain } from '../packaging-linux/packed-brain.ts';
import { runProgram, RunningGateway } from '../running-gateway.ts';
import { LineProcess } from './line-process.ts';
import { Trader } from './trader.ts';
import { TwoNetworks, type CutKind } from './two-networks.ts';

const SYMBOLS = ['EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD'];
/** How long after the link is back the brain is waited for. */
const PATIENCE_MS = 15_000;

/** A strategy that says what it is told of gaps. */
const WATCHER = `
export const settings = { symbols: ${JSON.stringify(SYMBOLS)}, leaseS: 3600 };
export function onTick() {}
export function onEvent({ event, data }, { log }) { if (event === 'GAP') log.info('GAP', data); }
`;

/** What a cut did. */
export interface CutResult {
  readonly kind: CutKind;
  readonly forMs: number;
  /** From the link being back to the first tick and the first answer. */
  readonly tickAfterMs: number;
  readonly replyAfterMs: number;
  /** Ticks that were left out, and as many as a strategy was told of. */
  readonly missed: number;
  readonly toldOf: number;
  /** Orders that went unanswered after they had been sent. */
  readonly inDoubt: number;
}

/** What the whole session came to. */
export interface SessionResult {
  readonly ticks: number;
  readonly missed: number;
  readonly ticksDoubled: number;
  readonly ordersExecuted: number;
  readonly ordersNotExecuted: number;
  readonly positions: number;
  /** Whether the chain of the audit log holds. */
  readonly isLogWhole: boolean;
}

/** A gateway in one network, and two brains from the tarball in another, encrypted: one trades, one watches for gaps. */
export class FieldSession implements AsyncDisposable {
  readonly #networks: TwoNetworks;
  readonly #trader: Trader;
  readonly #watcher: LineProcess;
  readonly #stack: AsyncDisposableStack;
  readonly #dataDir: string;
  #toldOf = 0;

  private constructor(stack: AsyncDisposableStack, networks: TwoNetworks, brain: PackedBrain, folder: string) {
    this.#dataDir = join(folder, 'data');
    this.#stack = stack;
    this.#networks = networks;
    const inside = (...words: readonly string[]): readonly [string, ...string[]] => [
      ...networks.inside('brain'),
      ...[brain.program, ...words],
    ];
    const environment = (name: string) => ({
      ...{ PATH: `${brain.path}:${process.env['PATH'] ?? ''}`, MT5_FABRIC_CONNECTION: join(folder, `${name}.json`) },
    });
    this.#trader = stack.use(new Trader(inside('serve'), environment('trader'), SYMBOLS));
    this.#watcher = stack.use(
      new LineProcess(inside('run', join(folder, 'watcher.mjs'), '--json'), environment('watcher'), (line) => {
        if (line['message'] === 'GAP') this.#toldOf += line['missed'] as number;
      }),
    );
  }

  /** Starts it, with so many ticks a second and symbol. */
  static async start(ticksPerSecond: number): Promise<FieldSession> {
    const stack = new AsyncDisposableStack();
    try {
      const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-field-'));
      stack.defer(() => rmSync(folder, { recursive: true, force: true }));
      const brain = await PackedBrain.make();
      stack.defer(() => brain.remove());
      const networks = stack.use(TwoNetworks.join());
      const dataDir = join(folder, 'data');
      const network = ['--security', 'encrypted', '--host', networks.gatewayAddress];
      const gateway = await RunningGateway.start({
        ...{ dataDir, under: networks.inside('gateway') },
        flags: [...network, '--paper-ticks-per-second', String(ticksPerSecond)],
      });
      stack.defer(async () => {
        await gateway.stop();
      });
      for (const name of ['trader', 'watcher']) {
        const out = join(folder, `${name}.json`);
        const paired = await runProgram('--pair', name, '--role', 'trade', '--out', out, '--data-dir', dataDir);
        if (paired.code !== 0) throw new Error(`${name} was not paired: ${paired.stderr}`);
      }
      writeFileSync(join(folder, 'watcher.mjs'), WATCHER);
      const session = new FieldSession(stack, networks, brain, folder);
      await session.#until(() => session.#isHeardSince(0), 'the first tick and answer');
      return session;
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  /** Lets it run. */
  async run(forMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, forMs));
    for (const brain of [this.#trader, this.#watcher]) {
      if (!brain.isRunning) throw new Error(`a brain has ended: ${brain.errors}`);
    }
  }

  /** Lets it run until so many ticks were published, heard or missed. */
  async runUntilTicks(count: number): Promise<void> {
    const { ticks } = this.#trader;
    while (ticks.received + ticks.missed < count) await this.run(500);
  }

  /** Cuts the link for so long, and measures how the brain comes back. */
  async cut(kind: CutKind, forMs: number): Promise<CutResult> {
    const before = { missed: this.#trader.ticks.missed, toldOf: this.#toldOf, inDoubt: this.#trader.wereInDoubt };
    await this.#networks.cut(kind);
    await this.run(forMs);
    const mendedAtMs = await this.#networks.mend(kind);
    const tick = this.#until(() => this.#trader.ticks.lastAtMs > mendedAtMs, 'a tick').then(
      () => this.#trader.ticks.lastAtMs,
    );
    const reply = this.#until(() => this.#trader.lastReplyAtMs > mendedAtMs, 'an answer').then(
      () => this.#trader.lastReplyAtMs,
    );
    const [tickAtMs, replyAtMs] = await Promise.all([tick, reply]);
    // The watcher's way back is its own, and so is its log.
    await this.run(2_000);
    return {
      ...{ kind, forMs, tickAfterMs: tickAtMs - mendedAtMs, replyAfterMs: replyAtMs - mendedAtMs },
      missed: this.#trader.ticks.missed - before.missed,
      toldOf: this.#toldOf - before.toldOf,
      inDoubt: this.#trader.wereInDoubt - before.inDoubt,
    };
  }

  /** Settles what is open, and counts. */
  async result(): Promise<SessionResult> {
    await this.#trader.settle();
    const { ticks } = this.#trader;
    const verified = await runProgram('--audit', 'verify', '--data-dir', this.#dataDir);
    return {
      isLogWhole: verified.code === 0,
      ...{ ticks: ticks.received, missed: ticks.missed, ticksDoubled: ticks.doubled },
      ordersExecuted: this.#trader.count('executed'),
      ordersNotExecuted: this.#trader.count('not executed'),
      positions: await this.#trader.positions(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #isHeardSince(ms: number): boolean {
    return this.#trader.ticks.lastAtMs > ms && this.#trader.lastReplyAtMs > ms;
  }

  /** Looks every other millisecond: what it waits for is measured. */
  async #until(isThere: () => boolean, what: string): Promise<void> {
    const untilMs = performance.now() + PATIENCE_MS;
    while (!isThere()) {
      if (performance.now() > untilMs) throw new Error(`${what} did not come: ${this.#trader.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
