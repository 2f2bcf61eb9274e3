import { expect } from 'vitest';
import { type Clock, systemClock } from '../../main/clock.ts';
import { settingsSchema } from '../../main/config/settings.ts';
import { ClientRegistry } from '../../main/gateway/client-registry.ts';
import { type Core, createCore } from '../../main/gateway/core.ts';
import { Reconciler } from '../../main/gateway/reconcile.ts';
import { isOwn } from '../../main/gateway/trade-marks.ts';
import { silentLog } from '../../main/log.ts';
import type { FabricEvent } from '../../main/protocol/events.ts';
import { KillSwitch } from '../../main/safety/kill-switch.ts';
import { createSafeguards, type Safeguards } from '../../main/safeguards.ts';
import { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { MemoryToken } from '../fakes/memory-token.ts';
import { Brain, type LooseReply, type Saying, type Sent } from '../scenarios/brain.ts';
import type { Adapter, Market, RigOptions, Terms, Truth } from './adapter.ts';

const SETTINGS = settingsSchema.parse({});
const UNTIL_MS = 12_000;
const UNHURRIED_MS = 6_000;
const LOOK_EVERY_MS = 10;
/** From the gateway's write to the broker, at most. */
const ON_ITS_WAY_MS = 100;

/** A whole gateway behind its sockets, by default on the machine's own clock, with one of the adapters behind it. */
export class BehaviourRig {
  readonly audit = new MemoryAuditLog();
  readonly token = new MemoryToken();
  readonly events: FabricEvent[] = [];
  readonly safety: KillSwitch;
  readonly #adapter: Adapter;
  readonly #core: Core;
  readonly #safeguards: Safeguards;
  readonly #reconciler: Reconciler;
  readonly #brain: Brain;
  readonly #clock: Clock;

  private constructor(adapter: Adapter, { commandDeadlineMs = UNHURRIED_MS }: RigOptions, clock: Clock) {
    this.#clock = clock;
    const log = silentLog;
    const { terminal } = adapter;
    const { audit, token } = this;
    const announce = (event: FabricEvent) => void this.events.push(event);
    const tradesInFlight = () => this.#core.lane.inFlight;
    this.#adapter = adapter;
    this.#reconciler = new Reconciler({ clock, terminal, log });
    this.safety = new KillSwitch({
      ...{ clock, terminal, audit, token, log, announce, tradesInFlight },
      isOwn: (trade) => isOwn(trade, SETTINGS.magicBase),
    });
    this.#safeguards = createSafeguards(SETTINGS, {
      ...{ clock, log, audit, terminal, announce },
      safety: this.safety,
      gateway: { tradesInFlight, unknownOrders: () => this.#reconciler.open },
      freeBytes: () => Promise.resolve(1e12),
      peak: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
    });
    this.#core = createCore(
      { ...SETTINGS, commandDeadlineMs, windowSize: 32, queueLimit: 1_000, recentCommands: 1_000 },
      { version: '1.2.3', session: 'a-session', startedMonoMs: clock.monoMs() },
      {
        ...{ clock, log, audit, terminal, announce },
        safety: this.safety,
        leases: this.#safeguards.leases,
        limits: this.#safeguards.limits,
        registry: new ClientRegistry(64, { clock, audit, announce }),
        reconciler: this.#reconciler,
        // Nothing is known beforehand: each symbol is asked of the terminal.
        symbols: { has: () => false },
      },
    );
    this.#brain = new Brain(this.#core.dispatcher, clock, 'alpha');
  }

  /** A gateway in TRADING on a started adapter: a first run, resumed once where the account asks for it. */
  static async start(adapter: Adapter, options: RigOptions = {}, clock: Clock = systemClock): Promise<BehaviourRig> {
    const rig = new BehaviourRig(adapter, options, clock);
    try {
      await rig.#startUp(options);
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  async #startUp({ watched = false }: RigOptions): Promise<void> {
    const token = await this.token.read();
    if (watched) await this.#safeguards.start();
    const { account, latch } = this.terminal.state();
    await this.safety.completeStartUp({
      ...{ log: this.audit.opened, token, haltFile: false, selfTestPassed: true, unknownOrders: 0 },
      ...{ account, latch },
    });
    if (this.mode !== 'TRADING') await this.resume();
  }

  /** In what this adapter is not like the others. */
  get terms(): Terms {
    return this.#adapter.terms;
  }

  get terminal() {
    return this.#adapter.terminal;
  }

  get market(): Market {
    return this.#adapter.market;
  }

  /** The account as the broker has it. */
  get truth(): Truth {
    return this.#adapter.truth;
  }

  get mode(): string {
    return this.safety.state().mode;
  }

  /** The reply to a request, whenever it comes. */
  async ask(action: string, payload: object = {}, saying: Saying = {}): Promise<LooseReply> {
    return this.reply(this.send(action, payload, saying));
  }

  /** Sends a request and waits for nothing. */
  send(action: string, payload: object = {}, saying: Saying = {}): Sent {
    return this.#brain.send(action, payload, saying);
  }

  /** Sends the same bytes once more. */
  again(sent: Sent): Sent {
    return this.#brain.again(sent);
  }

  /** Another client of the same gateway; without a name it is anonymous. */
  brain(name?: string): Brain {
    return new Brain(this.#core.dispatcher, this.#clock, name);
  }

  reply(sent: Sent): Promise<LooseReply> {
    return this.until(`the reply to ${sent.reqId}`, () => sent.reply);
  }

  /** The reply to an order: a market buy of 0.1 EURUSD, or what is said instead. */
  open(order: object = {}, saying: Saying = {}): Promise<LooseReply> {
    return this.ask('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY', ...order }, saying);
  }

  /** The ticket of an order that has succeeded. */
  async opened(order: object = {}): Promise<bigint> {
    const reply = await this.open(order);
    expect(reply).toMatchObject({ status: 'SUCCESS' });
    return ticketOf(reply);
  }

  /** What GET_COMMAND says of a command once its outcome is known. */
  async outcome(reqId: string): Promise<Record<string, unknown>> {
    return this.until(`the outcome of ${reqId}`, async () => {
      const { data } = await this.ask('GET_COMMAND', { req_id: reqId });
      return ENDED.has(String(data['state'])) ? data : null;
    });
  }

  /** What `probe` gives as soon as it gives something; null, undefined and false are nothing. Throws after 12 s. */
  async until<T>(
    what: string,
    probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  ): Promise<T> {
    const endMs = systemClock.monoMs() + UNTIL_MS;
    for (;;) {
      const found = await probe();
      if (found !== null && found !== undefined && found !== false) return found;
      if (systemClock.monoMs() > endMs) throw new Error(`waited ${UNTIL_MS} ms in vain for ${what}`);
      await this.pause(LOOK_EVERY_MS);
    }
  }

  nowMonoMs(): number {
    return this.#clock.monoMs();
  }

  /** An order is with the broker, which takes its time over it. */
  async dispatched(reqId: string): Promise<void> {
    await this.until(`the dispatch of ${reqId}`, () =>
      this.audit.rows.some((row) => row.type === 'DISPATCH' && row.reqId === reqId),
    );
    await this.pause(ON_ITS_WAY_MS);
  }

  pause(forMs: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, forMs));
  }

  /** An operator lets trading go on. Throws where that is refused. */
  async resume(): Promise<void> {
    const resumed = await this.safety.resume('operator', 'looked at everything');
    if (!resumed.ok) throw new Error(resumed.message);
  }

  async stop(): Promise<void> {
    this.#safeguards.stop();
    this.#reconciler.stop();
    await this.safety.stop();
    this.#core.stop();
    await this.#adapter.stop();
  }
}

const ENDED: ReadonlySet<string> = new Set(['DONE', 'PARTIAL', 'PLACED', 'REJECTED', 'REFUSED', 'EXPIRED', 'FENCED']);

/** The ticket that a reply names, exact. */
export function ticketOf({ data }: Pick<LooseReply, 'data'>): bigint {
  return exact(data['ticket']);
}

/** A whole number of the wire, which is a bigint where a number would not be exact. */
export function exact(value: unknown): bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error(`${String(value)} is no whole number`);
  return BigInt(value);
}

/** Rows of a reply that is a list. */
export function rowsOf({ data }: Pick<LooseReply, 'data'>): readonly Record<string, unknown>[] {
  if (!Array.isArray(data)) throw new Error('the reply is no list');
  return data as readonly Record<string, unknown>[];
}
