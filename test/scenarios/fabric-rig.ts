import { settingsSchema, type Settings } from '../../main/config/settings.ts';
import { ClientRegistry } from '../../main/gateway/client-registry.ts';
import { type Core, type CoreOptions, createCore } from '../../main/gateway/core.ts';
import { admitting, type Authorise } from '../fakes/received.ts';
import { Reconciler } from '../../main/gateway/reconcile.ts';
import type { Recovery } from '../../main/gateway/recovery.ts';
import { isOwn } from '../../main/gateway/trade-marks.ts';
import { silentLog } from '../../main/log.ts';
import type { Fence, Mt5Handler } from '../../main/mt5/handler.ts';
import type { NewOrder, Order, Position } from '../../main/mt5/market.ts';
import type { Faults, PaperOptions } from '../../main/mt5/paper/paper-options.ts';
import type { FabricEvent } from '../../main/protocol/events.ts';
import type { ArmedToken } from '../../main/safety/armed-token.ts';
import { KillSwitch } from '../../main/safety/kill-switch.ts';
import { createSafeguards, type Safeguards } from '../../main/safeguards.ts';
import type { StartUpFindings } from '../../main/safety/start-up.ts';
import { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { MemoryToken } from '../fakes/memory-token.ts';
import { PaperRig, value } from '../fakes/paper-rig.ts';
import { SimulatedClock, settle } from '../fakes/simulated-clock.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { Brain, type Sent } from './brain.ts';
import { Mortality } from './mortal.ts';
import { ProcessClock } from './process-clock.ts';

const DEFAULTS: Settings = settingsSchema.parse({});

/** What a run is set up with; what it does not name is as by default, without ticks of its own. */
export interface RigOptions {
  readonly paper?: Partial<PaperOptions>;
  readonly settings?: Partial<Settings>;
  readonly core?: Partial<CoreOptions>;
  /** Overrides what start-up finds. */
  readonly found?: Partial<StartUpFindings>;
  /** The terminal is a program of its own, as a real one is: it goes on when the gateway dies, and has a settling time. */
  readonly linkedTerminal?: boolean;
  /** Everything is allowed when absent. */
  readonly authorise?: Authorise;
  /** Makes the token of a data folder; one in memory, `token`, when absent. */
  readonly armedToken?: (folder: string) => ArmedToken;
}

/** What outlives a process. */
interface Lasting {
  readonly clock: SimulatedClock;
  readonly folder: string;
  readonly audit: MemoryAuditLog;
  readonly token: MemoryToken;
  /** Every request of every client, over all processes. */
  readonly sent: Sent[];
  /** Every process so far. */
  readonly lives: Mortality[];
  /** A terminal that outlives the gateway. */
  linked: PaperRig | null;
}

/**
 * A whole gateway behind its sockets, on a simulated clock and the paper broker: dispatcher, lane, kill switch, watchers.
 * `crash` ends the process where it stands; `restarted` is the next one on the same folder, log and token.
 */
export class FabricRig {
  readonly options: RigOptions;
  readonly clock: SimulatedClock;
  readonly folder: string;
  readonly audit: MemoryAuditLog;
  readonly token: MemoryToken;
  /** Every request of every client so far, those to earlier processes included. */
  readonly sent: readonly Sent[];
  readonly events: FabricEvent[] = [];
  /** The process: when it dies, nothing of it has an effect any more. */
  readonly process: Mortality;
  readonly paper: PaperRig;
  readonly safety: KillSwitch;
  readonly safeguards: Safeguards;
  readonly core: Core;
  readonly registry: ClientRegistry;
  /** Free space of the data folder, in bytes. */
  freeBytes = 1e12;
  recovery: Recovery | null = null;
  readonly #lasting: Lasting;
  readonly #armedToken: ArmedToken;
  readonly #reconciler: Reconciler;

  private constructor(options: RigOptions, lasting: Lasting, paper: PaperRig, clock: ProcessClock, life: Mortality) {
    this.options = options;
    this.#lasting = lasting;
    this.sent = lasting.sent;
    this.clock = lasting.clock;
    this.folder = lasting.folder;
    this.audit = lasting.audit;
    this.paper = paper;
    this.process = life;
    this.token = lasting.token;
    const settings = { ...DEFAULTS, ...options.settings };
    const log = silentLog;
    const called = life.wrap('terminal', paper.terminal, TRADING_CALLS);
    const terminal = options.linkedTerminal === true ? withSettling(called, LINKED_SETTLE_MS) : called;
    const audit = life.wrap('audit', lasting.audit, ['append', 'claim', 'findCommand', 'unsettled', 'knows']);
    this.#armedToken = options.armedToken?.(lasting.folder) ?? lasting.token;
    const token = life.wrap('token', this.#armedToken, ['arm', 'disarm']);
    const announce = (event: FabricEvent) => {
      if (!life.isDead) this.events.push(event);
    };

    this.#reconciler = new Reconciler({ clock, terminal, log });
    const tradesInFlight = () => this.core.lane.inFlight;
    this.safety = new KillSwitch({
      ...{ clock, terminal, audit, token, log, announce, tradesInFlight },
      isOwn: (trade) => isOwn(trade, settings.magicBase),
    });
    this.safeguards = createSafeguards(settings, {
      ...{ clock, log, audit, terminal, announce },
      safety: this.safety,
      gateway: { tradesInFlight, unknownOrders: () => this.#reconciler.open },
      freeBytes: () => Promise.resolve(this.freeBytes),
      peak: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
    });
    this.registry = new ClientRegistry(64, { clock, audit, announce });
    this.core = createCore(
      { ...settings, windowSize: 32, queueLimit: 1_000, recentCommands: 1_000, ...options.core },
      { version: '1.2.3', session: 'a-session', startedMonoMs: clock.monoMs() },
      {
        ...{ clock, log, audit, terminal, announce },
        safety: this.safety,
        leases: this.safeguards.leases,
        limits: this.safeguards.limits,
        registry: this.registry,
        reconciler: this.#reconciler,
        ...(options.authorise === undefined ? {} : { admit: admitting(options.authorise) }),
        symbols: { has: () => true },
      },
    );
  }

  /** A gateway after its first run's start-up: TRADING, with the watchers at work. */
  static async start(options: RigOptions = {}): Promise<FabricRig> {
    const lasting = {
      clock: new SimulatedClock(),
      folder: temporaryFolder(),
      audit: new MemoryAuditLog(),
      token: new MemoryToken(),
      ...{ sent: [], lives: [], linked: null },
    };
    return FabricRig.#run(options, lasting);
  }

  static async #run(options: RigOptions, lasting: Lasting): Promise<FabricRig> {
    const clock = new ProcessClock(lasting.clock);
    const life = new Mortality(() => clock.die());
    const paper = await paperFor(options, lasting, clock);
    lasting.lives.push(life);
    const rig = new FabricRig(options, lasting, paper, clock, life);
    await rig.#startUp();
    return rig;
  }

  async #startUp(): Promise<void> {
    const token = await this.#armedToken.read();
    await this.audit.append([this.#sessionRow('SESSION_STARTED')]);
    const settleMs = this.options.linkedTerminal === true ? LINKED_SETTLE_MS : 0;
    this.recovery = await this.within(10_000 + settleMs, this.core.recover());
    await this.within(6_000, this.safeguards.start());
    await this.safety.completeStartUp({
      ...{ log: this.audit.opened, token, haltFile: false, selfTestPassed: true },
      account: this.paper.terminal.state().account,
      latch: this.paper.terminal.state().latch,
      unknownOrders: this.recovery.unknown,
      ...this.options.found,
    });
    await settle();
  }

  /** A client by that name; without one it is anonymous. */
  brain(name?: string): Brain {
    return new Brain(this.core.dispatcher, this.clock, name, (sent) => this.#lasting.sent.push(sent));
  }

  /** The process ends where it stands, as with SIGKILL. */
  crash(): void {
    this.process.die();
  }

  /** The next process. Where this one still runs it is killed first. */
  restarted(options: RigOptions = this.options): Promise<FabricRig> {
    this.crash();
    return FabricRig.#run(options, { ...this.#lasting, audit: this.audit.reopened() });
  }

  /** An operator lets trading go on. Throws where that is refused. */
  async resume(): Promise<void> {
    const resumed = await this.within(10_000, this.safety.resume('operator', 'looked at everything'));
    if (!resumed.ok) throw new Error(resumed.message);
    this.safeguards.resumed('operator', 'looked at everything');
    await this.settle();
  }

  /** Ends in order; `restarted` after it is the start after a clean stop. */
  async stop(): Promise<void> {
    this.safeguards.stop();
    await this.within(3_000, this.safety.stop());
    if (this.safety.state().recorded) await this.audit.append([this.#sessionRow('SESSION_STOPPED')]);
    this.process.die();
  }

  /** Lets time pass, with all that is due in it. */
  async advance(byMs: number): Promise<void> {
    await this.clock.advance(byMs);
    await this.settle();
  }

  /** Lets everything come about that needs no time to pass. */
  async settle(): Promise<void> {
    for (let round = 0; round < 6; round += 1) await settle();
  }

  /** The result of something that may need time to pass, at most `limitMs` of it. */
  async within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
    const progress = { isSettled: false };
    const mark = () => (progress.isSettled = true);
    promise.then(mark, mark);
    for (let passedMs = 0; passedMs <= limitMs; passedMs += 50) {
      await this.settle();
      if (progress.isSettled) return promise;
      await this.clock.advance(50);
    }
    throw new Error(`nothing within ${limitMs} ms`);
  }

  /** Orders trouble at the broker or the terminal. */
  inject(faults: Partial<Faults>): void {
    this.paper.terminal.inject(faults);
  }

  /** A person opens a position by hand: with no magic, no tag, and past the gateway. */
  async openByHand(order: Partial<NewOrder> = {}): Promise<void> {
    const { terminal } = this.paper;
    const { mode, epoch } = this.safety.state();
    // The latch holds the gateway's orders back, not a person's.
    if (mode === 'HALTED') void terminal.release(epoch);
    const sent = this.paper.send({ magic: 0n, comment: 'by hand', ...order }, this.#hand());
    if (mode === 'HALTED') void terminal.halt(epoch);
    await sent;
  }

  /** A person closes a position by hand. */
  async closeByHand({ ticket, symbol }: Position): Promise<void> {
    await this.paper.close(ticket, { symbol }, this.#hand());
  }

  async positions(): Promise<readonly Position[]> {
    return value(await this.paper.terminal.positions());
  }

  async orders(): Promise<readonly Order[]> {
    return value(await this.paper.terminal.orders());
  }

  mode(): string {
    return this.safety.state().mode;
  }

  /** Types of the rows so far, those of a command's `req_id` alone where it is given. */
  rows(reqId?: string): readonly string[] {
    return this.audit.rows.filter((row) => reqId === undefined || row.reqId === reqId).map(({ type }) => type);
  }

  /** How often a method of the terminal was called, over all processes so far. */
  calls(method: (typeof TRADING_CALLS)[number]): number {
    const moments = this.#lasting.lives.flatMap((life) => life.moments);
    return moments.filter((moment) => moment === `terminal.${method}:before`).length;
  }

  /** What a method of the terminal was called with by this process, call by call. */
  written(method: (typeof TRADING_CALLS)[number]): readonly (readonly unknown[])[] {
    return this.process.calls.filter(({ name }) => name === `terminal.${method}`).map(({ args }) => args);
  }

  #hand(): Fence {
    return { epoch: this.safety.state().epoch, validUntilMonoMs: Infinity };
  }

  #sessionRow(type: 'SESSION_STARTED' | 'SESSION_STOPPED') {
    const { mode, epoch } = this.safety.state();
    const [tsUtcUs, tsMonoUs] = [this.clock.nowMs() * 1_000, this.clock.monoMs() * 1_000];
    return { type, tsUtcUs, tsMonoUs, actorKind: 'gateway', actor: 'gateway', mode, epoch } as const;
  }
}

const TRADING_CALLS = [
  ...(['send', 'close', 'modifyPosition', 'modifyOrder', 'cancel', 'halt', 'release'] as const),
  ...(['account', 'positions', 'orders', 'history', 'find', 'tick', 'symbol'] as const),
] as const;

/** How long a linked terminal's history may lag behind a lost answer, in milliseconds. */
const LINKED_SETTLE_MS = 60_000;

async function paperFor(options: RigOptions, lasting: Lasting, clock: ProcessClock): Promise<PaperRig> {
  const { paper = {}, linkedTerminal = false } = options;
  if (!linkedTerminal) return PaperRig.start(paper, lasting.folder, clock);
  lasting.linked ??= await PaperRig.start(paper, lasting.folder, lasting.clock);
  return lasting.linked;
}

/** The same terminal with another settling time. */
function withSettling<T extends Mt5Handler>(terminal: T, settleMs: number): T {
  return new Proxy(terminal, {
    get: (target, key): unknown => (key === 'settleMs' ? settleMs : Reflect.get(target, key, target)),
  });
}
