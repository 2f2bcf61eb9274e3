import { silentLog } from '../../../main/log.ts';
import type { OpenedLog } from '../../../main/audit/audit-log.ts';
import type { FabricEvent } from '../../../main/protocol/events.ts';
import type { TokenReading } from '../../../main/safety/armed-token.ts';
import { KillSwitch } from '../../../main/safety/kill-switch.ts';
import type { StartUpFindings } from '../../../main/safety/start-up.ts';
import type { Trigger } from '../../../main/safety/trading-state.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { MemoryToken } from '../../fakes/memory-token.ts';
import { settle, SimulatedClock } from '../../fakes/simulated-clock.ts';

/** Magic of what this gateway opened. */
export const OWN_MAGIC = 77n;

/** What is there before a run: everything that survives a restart. */
export interface Before {
  readonly clock?: SimulatedClock;
  readonly terminal?: FakeTerminal;
  readonly token?: MemoryToken;
  readonly audit?: MemoryAuditLog;
}

/** A kill switch on simulated ports, not started up yet. */
export class Rig {
  readonly clock: SimulatedClock;
  readonly terminal: FakeTerminal;
  readonly token: MemoryToken;
  readonly audit: MemoryAuditLog;
  readonly events: FabricEvent[] = [];
  readonly safety: KillSwitch;
  tradesInFlight = 0;
  readonly #tokenAtStart: Promise<TokenReading>;

  constructor(before: Before = {}) {
    this.clock = before.clock ?? new SimulatedClock();
    this.terminal = before.terminal ?? new FakeTerminal(this.clock);
    this.token = before.token ?? new MemoryToken();
    this.audit = before.audit ?? new MemoryAuditLog();
    this.#tokenAtStart = this.token.read();
    this.safety = new KillSwitch({
      clock: this.clock,
      terminal: this.terminal,
      audit: this.audit,
      token: this.token,
      announce: (event) => this.events.push(event),
      tradesInFlight: () => this.tradesInFlight,
      isOwn: ({ magic }) => magic === OWN_MAGIC,
      log: silentLog,
    });
  }

  /** The kinds of events so far. */
  eventKinds(): readonly string[] {
    return this.events.map(({ event }) => event);
  }

  /** Finishes start-up with good findings but for `found`. */
  async startUp(found: Partial<StartUpFindings> = {}): Promise<void> {
    await this.safety.completeStartUp({
      log: this.audit.opened,
      token: await this.#tokenAtStart,
      account: this.terminal.state().account,
      latch: this.terminal.state().latch,
      unknownOrders: 0,
      selfTestPassed: true,
      haltFile: false,
      ...found,
    });
    await settle();
  }

  /** The next run after this one has died, or has stopped where `opened` says so. `opened` overrides what the log says. */
  restarted(opened: Partial<OpenedLog> = {}): Rig {
    const { clock, terminal, token } = this;
    return new Rig({ clock, terminal, token, audit: this.audit.reopened(opened) });
  }
}

/** A rig that trades, after a first run on paper. */
export async function tradingRig(): Promise<Rig> {
  const rig = new Rig();
  await rig.startUp();
  return rig;
}

/** A trigger as the wire gives it. */
export function kill(change: Partial<Trigger> = {}): Trigger {
  return { kind: 'WIRE', mode: 'HALTED', flatten: 'account', actor: 'alpha', reason: 'enough', ...change };
}
