import type { AuditEntry, RowType } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { FlattenScope } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { closeObstacle } from './close-obstacle.ts';
import { FlatProof } from './flat-proof.ts';
import { readBook, type BookPorts } from './flatten-book.ts';
import { FlattenList } from './flatten-list.ts';
import {
  blocked,
  closing,
  isThrottled,
  ticketData,
  withState,
  type FlattenTicket,
  type TicketState,
} from './flatten-ticket.ts';
import type { KillReport, TicketReport } from './safety-port.ts';
import { Throttle } from './throttle.ts';
import { TicketCloser } from './ticket-closer.ts';
import type { FlattenPhase } from './trading-state.ts';
import { WakeablePause } from './wakeable-pause.ts';

/** Between two looks at the book when nothing else calls for one, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** The same while somebody waits for a report. */
const LOOK_SOON_MS = 100;
/** A report waits no longer than this for an empty book, in milliseconds. */
const REPORT_LIMIT_MS = 1_000;

export interface FlattenPorts extends BookPorts {
  readonly clock: Clock;
  readonly terminal: Mt5Handler;
  readonly log: Log;
  readonly scope: () => FlattenScope;
  readonly epoch: () => number;
  /** The terminal has acked the latch at the epoch of now. */
  readonly isLatched: () => boolean;
  /** Commands between their intent and a known outcome. */
  readonly tradesInFlight: () => number;
  /** Starts to write an audit row. */
  readonly record: (type: RowType, fields: Partial<AuditEntry>) => void;
  readonly onPhase: (phase: FlattenPhase) => void;
  /** The terminal refused a step because it knows a higher epoch. */
  readonly onFenced: () => void;
}

/** K5 to K7: cancels and closes what is in scope until the book is verified empty. Never gives up by itself. */
export class Flatten {
  readonly #ports: FlattenPorts;
  readonly #closer: TicketCloser;
  readonly #pause: WakeablePause;
  readonly #throttle = new Throttle();
  readonly #proof = new FlatProof();
  #list = new FlattenList();
  readonly #unsubscribe: readonly (() => void)[];
  readonly #reportWaiters = new Set<() => void>();
  /** Tickets that an operator is closing by hand. */
  readonly #lent = new Set<Ticket>();
  #isRunning = false;
  #phase: FlattenPhase = 'NONE';
  /** Looks at the book are numbered; these are the last started, the first that counts for a report, the last empty one. */
  #looks = 0;
  #firstFreshLook = 0;
  #lastEmptyLook = -1;
  #lookedScope: FlattenScope = 'none';
  /** The last look has read no book: nothing of what is due can be begun, so it must not be what ends the pause. */
  #isBlind = false;
  #isStopped = false;
  #runs = 0;

  constructor(ports: FlattenPorts) {
    this.#ports = ports;
    this.#closer = new TicketCloser(ports);
    this.#pause = new WakeablePause(ports.clock);
    this.#unsubscribe = [
      ports.terminal.onTransaction(() => this.#onTransaction()),
      ports.terminal.onState(() => this.#onTerminal()),
    ];
  }

  /** Starts, or looks again at once where it runs: the scope may be wider now. */
  engage(): void {
    if (this.#isStopped) return;
    this.#firstFreshLook = this.#looks + 1;
    this.#phase = 'FLATTENING';
    if (this.#isRunning) {
      this.#pause.wake();
      return;
    }
    this.#isRunning = true;
    this.#list = new FlattenList();
    this.#proof.discard();
    this.#ports.record('FLATTEN_STARTED', { reason: `scope: ${this.#ports.scope()}` });
    void this.#run();
  }

  /** True from the start until the book has been verified empty. */
  isRunning(): boolean {
    return this.#isRunning;
  }

  /** What is still to be done, ticket by ticket. */
  open(): readonly FlattenTicket[] {
    return this.#list.open();
  }

  /** Every ticket of this flatten, or of the last one, with how far it has come. */
  reports(): readonly TicketReport[] {
    return this.#list.all().map(ticketData);
  }

  /** An operator takes a ticket upon himself: it is left alone from now on. False when it is not one of the open ones. */
  takeOut(ticket: Ticket, by: string, reason: string): boolean {
    const items = this.#list.open().filter((item) => item.ticket === ticket);
    for (const item of items) {
      this.#put(withState(item, { kind: 'TAKEN_OUT', by }), { actorKind: 'operator', actor: by, reason });
    }
    this.#pause.wake();
    return items.length > 0;
  }

  /**
   * An operator closes this ticket by hand: it is left alone until `giveBack`, since two closes at once could open the
   * other side. False where this flatten has it to close, or somebody has it already.
   */
  lend(ticket: Ticket): boolean {
    if (this.#lent.has(ticket) || (this.#isRunning && this.#list.concerns(ticket))) return false;
    this.#lent.add(ticket);
    return true;
  }

  giveBack(ticket: Ticket): void {
    this.#lent.delete(ticket);
    this.#pause.wake();
  }

  /** What has been done: when a look that was started after the last `engage` finds nothing, or after a second. */
  async report(): Promise<KillReport> {
    if (this.#isRunning && !this.#isEmpty()) await this.#untilEmpty();
    const tickets = this.#list.all();
    return {
      positions_closed: this.#list.closedPositions(),
      total_positions: tickets.filter((item) => item.what === 'position').length,
      orders_cancelled: this.#list.cancelledOrders(),
      flatten: this.#phase === 'FLAT' ? 'EMPTY' : this.#phase,
      tickets: tickets.map(ticketData),
    };
  }

  /** Ends at once and for good; calls that are under way are not waited for. */
  stop(): void {
    this.#isStopped = true;
    this.#isRunning = false;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const give of this.#reportWaiters) give();
    this.#pause.wake();
  }

  async #run(): Promise<void> {
    const run = (this.#runs += 1);
    // Verified flat and engaged again at once, the flatten has a run of its own: this one must not go on beside it.
    const isCurrent = () => this.#isRunning && run === this.#runs;
    while (isCurrent()) {
      this.#isBlind = true;
      try {
        await this.#pass();
      } catch (error) {
        this.#ports.log.error('flatten-pass-failed', { error });
        this.#become('UNKNOWN');
      }
      if (isCurrent()) await this.#pause.wait(this.#pauseMs());
    }
  }

  async #pass(): Promise<void> {
    const look = (this.#looks += 1);
    const startedMs = this.#nowMs();
    const wasQuiet = this.#ports.tradesInFlight() === 0;
    const scope = this.#ports.scope();
    if (scope !== this.#lookedScope) this.#proof.discard();
    this.#lookedScope = scope;
    const book = await readBook(this.#ports, scope);
    // Engaged again meanwhile, perhaps for a wider scope, this look says nothing about that.
    if (!this.#isRunning || look < this.#firstFreshLook) return;
    if (book.kind === 'away') {
      this.#proof.discard();
      this.#become('BLOCKED', book.message);
      return;
    }
    this.#isBlind = false;
    for (const item of this.#list.see(book, look, this.#nowMs())) this.#audit(item);
    const isEmpty = this.#list.wasEmptyIn(look);
    const isQuiet = wasQuiet && this.#ports.tradesInFlight() === 0;
    if (isEmpty) this.#lastEmptyLook = look;
    this.#fill();
    // What is with the broker may still fill: an empty book is not called so before that is known.
    this.#become(isEmpty ? (isQuiet ? 'EMPTY' : 'FLATTENING') : this.#list.phase());
    this.#settle(isEmpty && isQuiet && this.#list.atWork() === 0, startedMs);
    if (this.#isEmpty()) for (const give of this.#reportWaiters) give();
  }

  /** K6: two empty looks far enough apart, and nothing that could still fill. No answer is not an empty book. */
  #settle(isEmptyAndQuiet: boolean, lookedAtMs: number): void {
    const { linked, connected } = this.#ports.terminal.state();
    const isEmpty = isEmptyAndQuiet && linked && connected && this.#ports.isLatched();
    if (!this.#proof.look(isEmpty, lookedAtMs)) return;
    this.#isRunning = false;
    const summary = {
      cancelled: this.#list.cancelledOrders(),
      closed: this.#list.closedPositions(),
      taken_out: this.#list.takenOut().map(({ ticket }) => ticket),
    };
    this.#ports.record('FLAT_VERIFIED', { payload: canonicalJson(summary) });
    this.#become('FLAT');
  }

  /** Starts as many steps as the terminal takes at once, orders before positions. */
  #fill(): void {
    const nowMs = this.#nowMs();
    if (!this.#isRunning || nowMs < this.#throttle.untilMs) return;
    const obstacle = closeObstacle(this.#ports.terminal.state());
    for (const item of this.#list.due(nowMs)) {
      if (obstacle !== null && item.state.kind !== 'UNKNOWN') {
        this.#put(blocked(item, obstacle.code, obstacle.message, nowMs));
      } else if (this.#lent.has(item.ticket)) {
        this.#put(withState(item, lent(nowMs)));
      } else if (this.#list.atWork() < this.#ports.terminal.concurrency) {
        void this.#work(item);
      }
    }
  }

  async #work(due: FlattenTicket): Promise<void> {
    const item = due.state.kind === 'UNKNOWN' ? due : closing(due);
    this.#list.begin(item);
    const isWanted = () => this.#isRunning && this.#list.isOpen(item);
    const after = await this.#closer.step(item, isWanted);
    this.#list.end(item);
    if (!isWanted()) return;
    this.#put(after);
    if (after.state.kind === 'CLOSED') this.#throttle.reset();
    if (isThrottled(after)) this.#throttle.slowDown(this.#nowMs());
    if (after.state.kind === 'RETRY' && after.state.code === 'FENCED') this.#ports.onFenced();
    this.#fill();
    this.#become(this.#list.phase());
    if (this.#list.atWork() === 0) this.#pause.wake();
  }

  /** While tickets are worked on, each of them causes transactions that say nothing new. */
  #onTransaction(): void {
    if (this.#list.atWork() === 0) this.#pause.wake();
  }

  #onTerminal(): void {
    if (closeObstacle(this.#ports.terminal.state()) === null) this.#list.unblock(this.#nowMs());
    else this.#proof.discard();
    this.#pause.wake();
  }

  #put(item: FlattenTicket, by: Partial<AuditEntry> = {}): void {
    if (this.#list.put(item, this.#looks)) this.#audit(item, by);
  }

  #audit(item: FlattenTicket, by: Partial<AuditEntry> = {}): void {
    const { ticket, symbol, volumeLots, state } = item;
    this.#ports.record('FLATTEN_TICKET', {
      ticket: ticket.toString(),
      symbol,
      volume: String(volumeLots),
      status: state.kind,
      ...('code' in state ? { code: state.code } : {}),
      ...('message' in state ? { reason: state.message } : {}),
      payload: canonicalJson(ticketData(item)),
      ...by,
    });
  }

  #become(phase: FlattenPhase, reason = 'no ticket can be closed from here now'): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    if (phase === 'BLOCKED') this.#ports.record('FLATTEN_BLOCKED', { reason });
    this.#ports.onPhase(phase);
  }

  #isEmpty(): boolean {
    return this.#lastEmptyLook >= this.#firstFreshLook;
  }

  #untilEmpty(): Promise<void> {
    return new Promise((resolve) => {
      const give = () => {
        cancel();
        this.#reportWaiters.delete(give);
        resolve();
      };
      const cancel = this.#ports.clock.after(REPORT_LIMIT_MS, give);
      this.#reportWaiters.add(give);
      this.#pause.wake();
    });
  }

  #pauseMs(): number {
    const mostMs = this.#reportWaiters.size > 0 ? LOOK_SOON_MS : LOOK_EVERY_MS;
    if (this.#isBlind || this.#list.atWork() >= this.#ports.terminal.concurrency) return mostMs;
    const dueInMs = Math.max(this.#throttle.untilMs, this.#list.nextDueMs()) - this.#nowMs();
    return Math.max(0, Math.min(mostMs, dueInMs));
  }

  #nowMs(): number {
    return this.#ports.clock.monoMs();
  }
}

function lent(nowMs: number): TicketState {
  return { kind: 'RETRY', code: 'LENT', message: 'an operator is closing it', dueMs: nowMs + LOOK_EVERY_MS };
}
