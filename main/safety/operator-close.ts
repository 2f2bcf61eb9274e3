import { assertNever } from '../assert-never.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { delay, type Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { ask } from './flatten-book.ts';
import { closing, openTicket, retry, withState, type FlattenTicket } from './flatten-ticket.ts';
import {
  OperatorCloseRecord,
  operatorReport,
  operatorStatus,
  type OperatorCloseStatus,
} from './operator-close-record.ts';
import type { Safety, TicketReport } from './safety-port.ts';
import { TicketCloser } from './ticket-closer.ts';
import { WakeablePause } from './wakeable-pause.ts';
import { within } from './within.ts';

/** So often it is tried again when the price has moved, and after how many milliseconds. */
const MAX_REQUOTES = 3;
const REQUOTE_PAUSE_MS = 100;
/** An answer is given after this at the latest, in milliseconds; what is not known by then is found out after it. */
const ANSWER_LIMIT_MS = 10_000;

/** The flatten keeps its hands off a ticket that is lent: two closes at once could open the other side. */
export interface TicketLender {
  /** False while the flatten has the ticket to close, or somebody else has it. */
  lend(ticket: Ticket): boolean;
  giveBack(ticket: Ticket): void;
}

export interface OperatorClosePorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'orders' | 'positions' | 'symbol' | 'close' | 'cancel' | 'find' | 'settleMs'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly safety: Pick<Safety, 'state'> & TicketLender;
  readonly log: Log;
}

/** What came of it; `message` is one sentence. */
export type OperatorCloseResult =
  /** Nothing was sent: NOT_FOUND, BUSY, TERMINAL_DISCONNECTED or TERMINAL_TIMEOUT. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      /** `failed`: it is still there and nothing more will be sent. `unknown`: it may have happened; the audit log will tell. */
      readonly kind: 'done' | 'partial' | 'failed' | 'unknown';
      readonly ticket: TicketReport;
      readonly message: string;
      /** Whether what is known of it is on disk. */
      readonly recorded: boolean;
    };

/**
 * An operator closes a position or cancels a pending order by its number, in every mode. What is sent once is not sent
 * again unless the price had moved; a close whose answer is lost is looked for until it is known, with the ticket kept
 * from the flatten all the while.
 */
export class OperatorClose {
  readonly #ports: OperatorClosePorts;
  readonly #closer: TicketCloser;
  readonly #pauses = new Set<WakeablePause>();
  #isStopped = false;

  constructor(ports: OperatorClosePorts) {
    this.#ports = ports;
    const { clock, terminal, safety } = ports;
    this.#closer = new TicketCloser({ clock, terminal, name: 'operator', epoch: () => safety.state().epoch });
  }

  /**
   * Closes as much as is open of the position, or cancels the order; where both have this number, the order. A record
   * that cannot be written does not keep it from being done. Answers within 10 s.
   */
  async close(ticket: Ticket, by: string, reason: string): Promise<OperatorCloseResult> {
    const { clock, safety } = this.#ports;
    if (this.#isStopped) return refused(refusal('BUSY', 'the gateway is stopping'));
    if (!safety.lend(ticket)) return refused(refusal('BUSY', `${ticket} is being closed already; ${TAKE_OUT_HINT}`));
    const untilMs = clock.monoMs() + ANSWER_LIMIT_MS;
    const item = await this.#find(ticket);
    if ('code' in item) {
      safety.giveBack(ticket);
      return refused(item);
    }
    const record = new OperatorCloseRecord(this.#ports, by, reason);
    const result = await within(clock, untilMs - clock.monoMs(), this.#carryOut(item, record));
    return result ?? unanswered(item, record);
  }

  /** Looks for nothing any more. What is with the terminal is not waited for. May be called twice. */
  stop(): void {
    this.#isStopped = true;
    for (const pause of this.#pauses) pause.wake();
  }

  async #find(ticket: Ticket): Promise<FlattenTicket | Refusal> {
    const { clock, terminal } = this.#ports;
    // Orders first: one that triggers in between is then seen as an order or as a position, but never missed.
    const orders = await ask(clock, () => terminal.orders({ ticket }));
    if (!orders.ok && orders.code !== 'NOT_FOUND') return refusal(orders.code, orders.message);
    const order = orders.ok ? orders.value.find((found) => found.ticket === ticket) : undefined;
    if (order !== undefined) return openTicket('order', ticket, order.symbol, order.volumeCurrentLots);
    const positions = await ask(clock, () => terminal.positions({ ticket }));
    if (!positions.ok && positions.code !== 'NOT_FOUND') return refusal(positions.code, positions.message);
    const position = positions.ok ? positions.value.find((found) => found.ticket === ticket) : undefined;
    if (position !== undefined) return openTicket('position', ticket, position.symbol, position.volumeLots);
    return refusal('NOT_FOUND', `no position or pending order has the number ${ticket}`);
  }

  /** Sees it to its end, also after the answer has been given, and only then gives the ticket back. */
  async #carryOut(item: FlattenTicket, record: OperatorCloseRecord): Promise<OperatorCloseResult> {
    try {
      await record.intent(item);
      const tried = item.what === 'order' ? await this.#cancel(item) : await this.#closePosition(item);
      const ended = await this.#untilKnown(tried, record);
      if (ended.state.kind !== 'UNKNOWN') await record.outcome(ended);
      return resultOf(ended, record);
    } catch (error) {
      this.#ports.log.error('operator-close-failed', { ticket: item.ticket, error });
      return unanswered(item, record);
    } finally {
      this.#ports.safety.giveBack(item.ticket);
    }
  }

  async #closePosition(item: FlattenTicket): Promise<FlattenTicket> {
    let tried = await this.#step(item);
    for (let requotes = 1; requotes <= MAX_REQUOTES && tried.requotes === requotes; requotes += 1) {
      await delay(this.#ports.clock, REQUOTE_PAUSE_MS);
      tried = await this.#step(tried);
    }
    return tried;
  }

  async #cancel(item: FlattenTicket): Promise<FlattenTicket> {
    const { clock, terminal } = this.#ports;
    const tried = await this.#step(item);
    if (tried.state.kind === 'CLOSED') return tried;
    const left = await ask(clock, () => terminal.orders({ ticket: item.ticket }));
    const isGone = left.ok ? !left.value.some(({ ticket }) => ticket === item.ticket) : left.code === 'NOT_FOUND';
    return isGone ? withState(tried, { kind: 'CLOSED', how: 'GONE' }) : tried;
  }

  async #step(item: FlattenTicket): Promise<FlattenTicket> {
    const begun = closing(item);
    const after = await this.#closer.step(begun, () => !this.#isStopped);
    return after === begun ? this.#failed(begun, 'NOT_SENT', 'the gateway is stopping') : after;
  }

  /** Looks for a close whose answer was lost. Whatever is found, nothing is sent again: that is the operator's to decide. */
  async #untilKnown(item: FlattenTicket, record: OperatorCloseRecord): Promise<FlattenTicket> {
    if (item.state.kind !== 'UNKNOWN') return item;
    await record.outcome(item);
    let looked = item;
    while (looked.state.kind === 'UNKNOWN' && (await this.#waited(looked.state.dueMs))) {
      looked = await this.#closer.step(looked, () => false);
    }
    return looked.state.kind === 'OPEN' ? this.#failed(looked, 'NOT_EXECUTED', 'the close did not happen') : looked;
  }

  /** False when the gateway stops instead. */
  async #waited(untilMs: number): Promise<boolean> {
    const pause = new WakeablePause(this.#ports.clock);
    this.#pauses.add(pause);
    if (!this.#isStopped) await pause.wait(untilMs - this.#nowMs());
    this.#pauses.delete(pause);
    return !this.#isStopped;
  }

  #failed(item: FlattenTicket, code: string, message: string): FlattenTicket {
    return retry(item, code, message, this.#nowMs());
  }

  #nowMs(): number {
    return this.#ports.clock.monoMs();
  }
}

function refused(why: Refusal): OperatorCloseResult {
  return { kind: 'refused', refusal: why };
}

function resultOf(item: FlattenTicket, record: OperatorCloseRecord): OperatorCloseResult {
  const kind = OUTCOME[operatorStatus(item)];
  return { kind, ticket: operatorReport(item), message: messageOf(item), recorded: record.isRecorded };
}

const OUTCOME = {
  CLOSED: 'done',
  CANCELLED: 'done',
  GONE: 'done',
  PARTIAL: 'partial',
  FAILED: 'failed',
  UNKNOWN: 'unknown',
} as const satisfies Record<OperatorCloseStatus, OperatorCloseResult['kind']>;

function unanswered(item: FlattenTicket, record: OperatorCloseRecord): OperatorCloseResult {
  const ticket = { ...operatorReport(item), state: 'UNKNOWN' };
  return { kind: 'unknown', ticket, message: STILL_LOOKING, recorded: record.isRecorded };
}

function messageOf({ what, state }: FlattenTicket): string {
  switch (state.kind) {
    case 'CLOSED':
      return CLOSED_MESSAGE[state.how];
    case 'PARTIAL':
      return `closed in part: ${state.restLots} lots are still open`;
    case 'RETRY':
    case 'BLOCKED':
      return `the ${what} is still there (${state.code}): ${state.message}`;
    case 'OPEN':
    case 'CLOSING':
    case 'UNKNOWN':
    case 'TAKEN_OUT':
      return STILL_LOOKING;
    default:
      return assertNever(state, 'ticket state');
  }
}

const STILL_LOOKING =
  'the outcome is not known yet; it is looked for, nothing is sent again, and the audit log will tell';
const TAKE_OUT_HINT = 'where that is a flatten, take the ticket out of it first';
const CLOSED_MESSAGE = {
  CLOSED: 'closed',
  CANCELLED: 'cancelled',
  GONE: 'it had ended by itself or by another hand',
} as const;
