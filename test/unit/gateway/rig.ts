import { silentLog } from '../../../main/log.ts';
import { ClientRegistry } from '../../../main/gateway/client-registry.ts';
import { type CoreOptions, createCore } from '../../../main/gateway/core.ts';
import { Reconciler } from '../../../main/gateway/reconcile.ts';
import { admitting, type Authorise, received } from '../../fakes/received.ts';
import type { Mt5Handler } from '../../../main/mt5/handler.ts';
import type { PaperOptions } from '../../../main/mt5/paper/paper-options.ts';
import type { Reply } from '../../../main/protocol/envelope.ts';
import type { FabricEvent } from '../../../main/protocol/events.ts';
import { encodeJson, parseTrustedJson } from '../../../main/protocol/json.ts';
import type { LeaseDesk, PreTradeLimits } from '../../../main/safety/safety-port.ts';
import { FakeSafety } from '../../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { PaperRig } from '../../fakes/paper-rig.ts';
import { settle, SimulatedClock } from '../../fakes/simulated-clock.ts';
import { TradingTerminal } from '../../fakes/trading-terminal.ts';

export const MAGIC_BASE = 5_550_000;

/** A request that a test sends; what it does not name is filled in. */
export interface Sending {
  readonly payload?: object;
  readonly reqId?: string;
  readonly client?: string;
  /** Unix seconds; now when absent. */
  readonly timestamp?: number;
  readonly ttlMs?: number;
}

/** A request under way. */
export class Asked {
  reply: (Reply & { readonly data: never }) | null = null;
  replies = 0;

  /** The reply as loose data, for assertions; throws while there is none. */
  get answer(): Reply & { readonly data: Record<string, unknown> } {
    if (this.reply === null) throw new Error('not answered yet');
    return this.reply;
  }
}

interface RigParts {
  readonly audit?: MemoryAuditLog;
  readonly terminal?: TradingTerminal;
  /** Takes the place of `terminal` behind the command port, where a test needs another adapter. */
  readonly handler?: Mt5Handler;
  readonly leases?: LeaseDesk;
  readonly limits?: PreTradeLimits;
  readonly clock?: SimulatedClock;
  readonly authorise?: Authorise;
}

/** What stands behind the command port, on fakes and a simulated clock, without a socket. */
export class Rig {
  readonly clock: SimulatedClock;
  readonly audit: MemoryAuditLog;
  readonly terminal: TradingTerminal;
  readonly safety: FakeSafety;
  readonly registry: ClientRegistry;
  readonly reconciler: Reconciler;
  readonly core;
  readonly #parts: RigParts;
  readonly events: FabricEvent[] = [];
  #sent = 0;

  constructor(options: Partial<CoreOptions> = {}, parts: RigParts = {}) {
    this.#parts = parts;
    this.clock = parts.clock ?? new SimulatedClock();
    this.audit = parts.audit ?? new MemoryAuditLog();
    this.terminal = parts.terminal ?? new TradingTerminal(this.clock);
    this.safety = new FakeSafety(this.clock);
    const { clock, audit, safety } = this;
    const terminal = parts.handler ?? this.terminal;
    const announce = (event: FabricEvent) => void this.events.push(event);
    this.registry = new ClientRegistry(64, { clock, audit, announce });
    this.reconciler = new Reconciler({ clock, terminal, log: silentLog });
    this.core = createCore(
      {
        commandDeadlineMs: 1_500,
        ttlMs: 5_000,
        magicBase: MAGIC_BASE,
        windowSize: 4,
        queueLimit: 10,
        recentCommands: 100,
        ...options,
      },
      { version: '1.2.3', session: 'a-session', startedMonoMs: 0 },
      {
        clock,
        log: silentLog,
        audit,
        terminal,
        safety,
        leases: parts.leases,
        limits: parts.limits,
        registry: this.registry,
        reconciler: this.reconciler,
        ...(parts.authorise === undefined ? {} : { admit: admitting(parts.authorise) }),
        announce,
        symbols: { has: (symbol) => symbol === 'EURUSD' },
      },
    );
  }

  /** A rig on the paper terminal, with prices that stand still. */
  static async onPaper(
    options: Partial<PaperOptions> = {},
    parts: Omit<RigParts, 'clock' | 'handler'> = {},
  ): Promise<{ readonly rig: Rig; readonly paper: PaperRig }> {
    const paper = await PaperRig.start(options);
    return { paper, rig: new Rig({}, { ...parts, clock: paper.clock, handler: paper.terminal }) };
  }

  /** The next run of the gateway on the same log and terminal. */
  restarted(): Rig {
    const { clock, terminal } = this;
    return new Rig({}, { ...this.#parts, clock, terminal, audit: this.audit.reopened() });
  }

  /** Hands bytes in, as they come from the socket. */
  handBytes(body: Uint8Array, surplusFrames = 0): Asked {
    const asked = new Asked();
    this.core.dispatcher.receive(received(body, surplusFrames), (text) => {
      asked.replies += 1;
      asked.reply = parseTrustedJson(text) as never;
    });
    return asked;
  }

  /** Hands a request in, without waiting for anything. */
  hand(action: string, { payload = {}, reqId, client, timestamp, ttlMs }: Sending = {}): Asked {
    this.#sent += 1;
    const request = {
      action,
      req_id: reqId ?? `req-${this.#sent}`,
      timestamp: timestamp ?? this.clock.nowMs() / 1000,
      payload,
      client_id: client,
      ttl_ms: ttlMs,
    };
    return this.handBytes(Buffer.from(encodeJson(request)));
  }

  /** Hands a request in and lets everything settle that needs no time to pass. */
  async ask(action: string, sending: Sending = {}): Promise<Asked> {
    const asked = this.hand(action, sending);
    await this.settle();
    return asked;
  }

  /** Asks for a market order. */
  open(sending: Sending = {}): Promise<Asked> {
    return this.ask('OPEN_ORDER', { payload: ORDER, ...sending });
  }

  /** Lets claims, fills and outcomes come about; each step of a command ends a turn of its own. */
  async settle(): Promise<void> {
    for (let round = 0; round < 6; round += 1) await settle();
  }

  /** What GET_COMMAND tells of a command. */
  async known(reqId: string, client?: string): Promise<Record<string, unknown>> {
    const asked = await this.ask('GET_COMMAND', {
      payload: { req_id: reqId },
      ...(client === undefined ? {} : { client }),
    });
    return asked.answer.data;
  }

  /** Recovers while time passes. */
  async recovered() {
    const recovery = this.core.recover();
    await this.clock.advance(10_000);
    return recovery;
  }

  /** Status of every row of a command, in order. */
  statuses(reqId: string): (string | undefined)[] {
    return this.audit.rows.filter((row) => row.reqId === reqId).map((row) => row.status);
  }
}

export const ORDER = { symbol: 'EURUSD', volume: 0.1, side: 'BUY' } as const;
