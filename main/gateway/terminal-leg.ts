import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Fence, Mt5Handler } from '../mt5/handler.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { Safety } from '../safety/safety-port.ts';
import { closeAll, type CloseAllOutcome } from './close-all.ts';
import type { ClosedPart } from './close-all-ending.ts';
import { haltedBefore, type NotKnown } from './ending.ts';
import { execute } from './execute.ts';
import { type Plan, type SinglePlan, subjectOf } from './plan.ts';
import type { Verdict } from './decision.ts';
import type { Reconciler } from './reconcile.ts';
import type { Sought } from './search.ts';
import { sentPositions } from './sent-positions.ts';
import { mayNotGoOn, mayNotStart } from './trade-gate.ts';
import type { Trade } from './trade.ts';
import type { Ending } from './trade-journal.ts';
import type { Place } from './write-window.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
  readonly reconciler: Reconciler;
}

/** The part of a command's way on which it is with the terminal, and the search for what it did where no answer came. */
export class TerminalLeg {
  readonly #ports: Ports;
  #withTerminal = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Commands that are with the terminal or whose outcome is not known. */
  get inFlight(): number {
    return this.#withTerminal + this.#ports.reconciler.open;
  }

  /**
   * Writes to the terminal in this very turn, behind the gate, and lets those behind follow. `found` is called when the
   * outcome was not known and a search has told it.
   */
  async write(trade: Trade, plan: Plan, place: Place, found: (verdict: Verdict) => void): Promise<Ending | NotKnown> {
    const halted = mayNotStart(trade, plan, this.#ports.safety);
    if (halted !== null) return haltedBefore(halted);
    trade.markWritten();
    this.#withTerminal += 1;
    const execution = this.#execute(trade, plan);
    place.written();
    const ending = await execution.catch((error: unknown) => this.#lostBy(error));
    // Before the count goes down: what is not known must not be taken for nothing under way.
    if ('why' in ending) this.#search(trade, plan, 'ended' in ending ? ending.ended : [], found);
    this.#withTerminal -= 1;
    trade.markOutcome();
    place.leave();
    return ending;
  }

  /** A fault of the gateway's own on the order path: halts. */
  raiseException(error: unknown): void {
    this.#ports.log.error('order-path-failed', { error });
    const reason = `an error on the order path: ${String(error)}`;
    this.#ports.safety.raise({ kind: 'EXCEPTION', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason });
  }

  #execute(trade: Trade, plan: Plan): Promise<Ending | CloseAllOutcome | NotKnown> {
    const { terminal } = this.#ports;
    if (plan.kind !== 'close-all') return execute(plan, terminal, (next) => this.#pass(trade, next));
    const goOn = (next: SinglePlan) => this.#passOn(trade, next);
    return closeAll(plan, terminal, goOn, (error) => this.#lostBy(error));
  }

  /** The gate right before a write. */
  #pass(trade: Trade, plan: SinglePlan): Fence | Refusal {
    const { safety } = this.#ports;
    return mayNotStart(trade, plan, safety) ?? this.#fence(trade, plan, trade.validUntilMonoMs);
  }

  /** The gate before each of several writes of one command: it started in time, so its age no longer counts. */
  #passOn(trade: Trade, plan: SinglePlan): Fence | Refusal {
    const { safety } = this.#ports;
    return mayNotGoOn(trade, plan, safety) ?? this.#fence(trade, plan, trade.validAnewUntilMonoMs());
  }

  #fence(trade: Trade, plan: Plan, validUntilMonoMs: number): Fence {
    const { safety } = this.#ports;
    const mayStillStart = () => mayNotGoOn(trade, plan, safety) === null;
    return { epoch: safety.state().epoch, validUntilMonoMs, mayStillStart };
  }

  #search(trade: Trade, plan: Plan, ended: readonly ClosedPart[], found: (verdict: Verdict) => void): void {
    const { clock, reconciler } = this.#ports;
    const { key, receivedAtMs } = trade.command;
    const lostAtMs = clock.nowMs();
    reconciler.add({ ...soughtOf(plan, ended), ...key, receivedAtMs, lostAtMs }, found);
  }

  #lostBy(error: unknown): NotKnown {
    this.raiseException(error);
    const why = `the gateway failed while the order was under way (${String(error)})`;
    return { state: 'UNKNOWN', why, result: null };
  }
}

function soughtOf(plan: Plan, ended: readonly ClosedPart[]): Sought {
  switch (plan.kind) {
    case 'open':
      return { kind: 'open', subject: subjectOf(plan) };
    case 'close':
      return { kind: 'close', subject: subjectOf(plan), positionId: plan.position.identifier };
    case 'cancel':
      return { kind: 'cancel', ticket: plan.ticket };
    case 'modify-position':
      return { kind: 'modify-position', asked: plan.asked, positionId: plan.position.identifier };
    case 'modify-order':
      return { kind: 'modify-order', asked: plan.asked };
    case 'close-all': {
      const isKnown = new Set(ended.map(({ position }) => position.ticket));
      const positions = sentPositions(plan).filter(({ ticket }) => !isKnown.has(ticket));
      return { kind: 'close-all', tag: plan.tag, positions, ended };
    }
  }
}
