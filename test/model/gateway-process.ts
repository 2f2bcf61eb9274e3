import type { AuditEntry } from '../../main/audit/audit-log.ts';
import { ClientRegistry } from '../../main/gateway/client-registry.ts';
import { type Core, createCore } from '../../main/gateway/core.ts';
import { Reconciler } from '../../main/gateway/reconcile.ts';
import { isOwn } from '../../main/gateway/trade-marks.ts';
import { silentLog } from '../../main/log.ts';
import type { FabricEvent } from '../../main/protocol/events.ts';
import { KillSwitch } from '../../main/safety/kill-switch.ts';
import type { Safety } from '../../main/safety/safety-port.ts';
import type { CauseKind, TradingState, Trigger } from '../../main/safety/trading-state.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryToken } from '../fakes/memory-token.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { ProcessClock } from '../scenarios/process-clock.ts';
import type { ModelTerminal } from './model-terminal.ts';
import { type HandleListener, TerminalHandle } from './terminal-handle.ts';

export const MAGIC_BASE = 5_550_000;
/** How long a gateway that stops waits for what is under way, in milliseconds. */
const FINISH_LIMIT_MS = 1_000;

/** What outlives a gateway. */
export interface Surroundings {
  readonly clock: SimulatedClock;
  readonly terminal: ModelTerminal;
  readonly audit: MemoryAuditLog;
  readonly token: MemoryToken;
}

/** What a gateway tells, in the turn in which it happens. */
export interface ProcessListener extends HandleListener {
  state(state: TradingState): void;
  event(event: FabricEvent): void;
  /** The gateway itself asks for a restriction; what the wire asks for is not among it. */
  raised(trigger: Trigger): void;
  /** The gateway itself says that a cause is gone. */
  cleared(kind: CauseKind, actor: string | undefined): void;
}

/** One run of a gateway: the real core and kill switch, from start to stop or crash. */
export class GatewayProcess {
  readonly surroundings: Surroundings;
  readonly clock: ProcessClock;
  readonly handle: TerminalHandle;
  readonly safety: KillSwitch;
  readonly core: Core;
  readonly #reconciler: Reconciler;
  readonly #registry: ClientRegistry;
  readonly #ignoreFaults: () => void;
  #isDead = false;

  constructor(surroundings: Surroundings, listener: ProcessListener) {
    this.surroundings = surroundings;
    const { audit, token, terminal: program } = surroundings;
    const clock = new ProcessClock(surroundings.clock);
    this.clock = clock;
    const terminal = new TerminalHandle(program, clock, listener);
    this.handle = terminal;
    const log = silentLog;
    const announce = (event: FabricEvent) => {
      if (!this.#isDead) listener.event(event);
    };
    // Before the kill switch listens: a fault is known to the model first.
    this.#ignoreFaults = audit.onFault((reason) => {
      listener.raised({ kind: 'AUDIT', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason });
    });
    this.safety = new KillSwitch({
      ...{ clock, terminal, audit, token, announce, log },
      tradesInFlight: () => this.core.lane.inFlight,
      isOwn: (trade) => isOwn(trade, MAGIC_BASE),
    });
    this.safety.onChange((state) => {
      if (!this.#isDead) listener.state(state);
    });
    this.#registry = new ClientRegistry(64, { clock, audit, announce });
    this.#reconciler = new Reconciler({ clock, terminal, log });
    const ports = {
      ...{ clock, log, audit, terminal, announce },
      ...{ registry: this.#registry, reconciler: this.#reconciler },
      ...{ leases: NO_LEASES, limits: NO_LIMITS },
      safety: overheard(this.safety, listener),
      symbols: { has: () => true },
    };
    const limits = { commandDeadlineMs: 1_500, ttlMs: 5_000, windowSize: 4, queueLimit: 10, recentCommands: 100 };
    const identity = { version: '1.2.3', session: 'a-session', startedMonoMs: clock.monoMs() };
    this.core = createCore({ magicBase: MAGIC_BASE, ...limits }, identity, ports);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * Settles what the run before left open, then ends start-up. `onRecovered` is told how many outcomes stay unknown,
   * right before the findings are judged, `onJudged` right after.
   */
  async start(onRecovered: (unknown: number) => void, onJudged: () => void): Promise<void> {
    const { audit, token } = this.surroundings;
    const reading = await token.read();
    await audit.append([this.#row('SESSION_STARTED')]);
    const { unknown } = await this.core.recover();
    onRecovered(unknown);
    const completed = this.safety.completeStartUp({
      ...{ log: audit.opened, token: reading, haltFile: false, selfTestPassed: true },
      account: this.handle.state().account,
      latch: this.handle.state().latch,
      unknownOrders: unknown,
    });
    onJudged();
    await completed;
  }

  /** Ends in order, as the host does. */
  async stop(): Promise<void> {
    const { audit } = this.surroundings;
    await Promise.race([this.core.lane.whenIdle(), this.#pause(FINISH_LIMIT_MS)]);
    this.core.stop();
    this.#reconciler.stop();
    this.#registry.stop();
    this.#ignoreFaults();
    await this.safety.stop();
    if (this.safety.state().recorded) await audit.append([this.#row('SESSION_STOPPED')]);
  }

  /** Ends where it stands: nothing of it has an effect any more. */
  die(): void {
    this.#isDead = true;
    this.clock.die();
    this.handle.die();
  }

  #pause(forMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(forMs, resolve));
  }

  #row(type: 'SESSION_STARTED' | 'SESSION_STOPPED'): AuditEntry {
    const { mode, epoch } = this.safety.state();
    const at = { tsUtcUs: this.clock.nowMs() * 1_000, tsMonoUs: this.clock.monoMs() * 1_000 };
    return { type, ...at, actorKind: 'gateway', actor: 'gateway', mode, epoch };
  }
}

/** The kill switch as the core gets it, with what the core itself raises told to the model. */
function overheard(safety: KillSwitch, listener: ProcessListener): Safety {
  return {
    state: () => safety.state(),
    gate: (action) => safety.gate(action),
    raise: (trigger) => {
      if (trigger.kind !== 'WIRE') listener.raised(trigger);
      safety.raise(trigger);
    },
    clear: (kind, actor) => {
      listener.cleared(kind, actor);
      safety.clear(kind, actor);
    },
    killReport: () => safety.killReport(),
    resume: (by, reason) => safety.resume(by, reason),
    onChange: (changed) => safety.onChange(changed),
  };
}

const NO_LEASES = { renew: () => null, end: () => false };
const NO_LIMITS = {
  admit: () => Promise.resolve({ admitted: true, ended: () => {} } as const),
  rejected: () => {},
};
