import type { ClaimResult } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { type Answer, failure } from '../protocol/envelope.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { Command } from './command.ts';
import { type ClaimDoubts, NOT_RECORDED } from './claim-doubts.ts';
import type { NotKnown } from './ending.ts';
import type { Plan } from './plan.ts';
import type { Ending, TradeJournal } from './trade-journal.ts';
import type { Trade } from './trade.ts';

interface Ports {
  readonly clock: Clock;
  readonly journal: TradeJournal;
  readonly doubts: ClaimDoubts;
  /** The outcome of a command that was answered PENDING is known. */
  readonly onLateOutcome: (command: Command) => void;
}

/** How commands end: recorded first, then told to everyone who waits. */
export class Settlement {
  readonly #deadlineMs: number;
  readonly #ports: Ports;

  constructor(deadlineMs: number, ports: Ports) {
    this.#deadlineMs = deadlineMs;
    this.#ports = ports;
  }

  /** The outcome is not known: recorded, then told, unless the search has been quicker. */
  async tellUnknown(trade: Trade, plan: Plan, { why, result }: NotKnown): Promise<void> {
    const { command } = trade;
    const answer = command.pendingAnswer(`${why}; it may have happened, and GET_COMMAND tells when that is known`);
    await this.#ports.journal.unknown(trade, plan, answer, result);
    if (command.answer === null) command.tellPending(answer, this.#ports.clock.nowMs());
  }

  /** The command has ended: recorded first, then told. */
  async end(trade: Trade, plan: Plan | null, ending: Ending, reconciled?: string): Promise<void> {
    trade.markEnded();
    const { journal, clock } = this.#ports;
    if (await journal.outcome(trade, plan, ending, reconciled)) {
      this.settle(trade, ending.state, ending.answer);
      return;
    }
    const answer = trade.command.pendingAnswer('its outcome could not be recorded; the account tells what happened');
    trade.command.tellPending(answer, clock.nowMs());
  }

  /** Refuses a command that has not been recorded yet; it uses its `req_id` up, unless that is known from before. */
  async refuse(trade: Trade, refused: Refusal): Promise<void> {
    const answer = failure(refused);
    trade.markClaimed();
    const claimed = await this.#ports.journal.claimRefusal(trade, answer);
    if (this.isNew(trade, claimed)) this.settle(trade, 'REFUSED', answer);
  }

  /** Whether the claim made this command the one that runs. If not, it is settled here. */
  isNew(trade: Trade, claimed: ClaimResult): boolean {
    if (!claimed.ok) {
      this.settle(trade, 'REFUSED', failure(NOT_RECORDED));
      if (claimed.ambiguous) this.#ports.doubts.lookUp(trade);
      return false;
    }
    if (claimed.kind === 'claimed') return true;
    const { command, payload } = trade;
    const asked = command.content;
    const isLate = command.wasToldPending;
    trade.markEnded();
    command.become(claimed.record);
    if (!command.isSame(asked)) void this.#ports.journal.reused(command.key, asked, payload, command.reused());
    else if (isLate && !command.isOpen) this.#ports.onLateOutcome(command);
    return false;
  }

  settle(trade: Trade, state: Ending['state'], answer: Answer): void {
    const { command } = trade;
    const isLate = command.wasToldPending;
    trade.markEnded();
    command.settle(state, answer, this.#ports.clock.nowMs());
    if (isLate) this.#ports.onLateOutcome(command);
  }

  /** Everyone who waits is told PENDING; the command itself goes on. */
  deadlinePassed(trade: Trade): void {
    const { command, stage } = trade;
    if (command.answer !== null) return;
    const limit = `${this.#deadlineMs} ms`;
    const answer = command.pendingAnswer(`no outcome within ${limit}; GET_COMMAND tells when it is known`);
    command.tellPending(answer, this.#ports.clock.nowMs());
    if (stage === 'recorded' || stage === 'written') void this.#ports.journal.unknown(trade, null, answer);
  }
}
