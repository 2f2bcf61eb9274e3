import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler, Transaction } from '../mt5/handler.ts';
import type { Order, Position } from '../mt5/market.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { readBook } from '../safety/flatten-book.ts';
import type { Safety } from '../safety/safety-port.ts';
import { tagIn } from '../mt5/tag.ts';

export interface BookWatchPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'positions' | 'orders' | 'onTransaction'>;
  readonly audit: Pick<AuditLog, 'knows' | 'append'>;
  readonly safety: Pick<Safety, 'raise' | 'state'>;
  /** Whether a position or order carries a mark of this gateway. */
  readonly isOwn: (item: Pick<Position, 'magic' | 'comment'>) => boolean;
  /** Commands that are with the terminal or whose outcome is not known. */
  readonly tradesInFlight: () => number;
  readonly log: Log;
}

/** What others have in the account: listed, and never held against anything. */
export interface ForeignBook {
  readonly positions: readonly Ticket[];
  readonly orders: readonly Ticket[];
}

/** A position or pending order that carries this gateway's mark. */
interface Item {
  readonly what: 'position' | 'order';
  readonly ticket: Ticket;
  readonly symbol: string;
  readonly magic: bigint;
  readonly tag: string | null;
  /** Every number under which a row may name it. */
  readonly tickets: readonly string[];
}

/** Two looks that find the same must be this far apart: a fill can be seen before its row is written. Milliseconds. */
const SETTLE_MS = 2_000;
/** Between two looks when nothing calls for one, in milliseconds. */
const LOOK_EVERY_MS = 60_000;
const MAX_NAMED = 10;

/**
 * Compares the terminal's book with the audit log. A position or pending order that carries this gateway's mark and that no
 * row explains means that something traded behind the log's back: only closing is allowed until a person has looked. A resume
 * accepts what has been found, in a row of its own, so that it is explained from then on.
 */
export class BookWatch {
  readonly #ports: BookWatchPorts;
  /** Tickets in the book that a row explains, that nothing explains since a monotonic time, and that have been raised. */
  readonly #explained = new Set<Ticket>();
  readonly #suspectedSinceMs = new Map<Ticket, number>();
  readonly #raised = new Map<Ticket, Item>();
  #foreign: ForeignBook | null = null;
  #isRunning = false;
  #isLooking = false;
  #isBlind = false;
  #dueMonoMs = Infinity;
  #cancelLook = () => {};
  #unsubscribe = () => {};

  constructor(ports: BookWatchPorts) {
    this.#ports = ports;
  }

  /** Looks at once, once a minute, and after every transaction that opens something. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#unsubscribe = this.#ports.terminal.onTransaction((transaction) => {
      if (opensSomething(transaction)) this.#lookWithin(SETTLE_MS);
    });
    this.#lookWithin(0);
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#isRunning = false;
    this.#unsubscribe();
    this.#cancelLook();
  }

  /** What others had in the account at the last look; null while the terminal cannot be asked. */
  foreign(): ForeignBook | null {
    return this.#foreign;
  }

  /** A person has resumed and so accepts what has been raised: a row explains it from now on, also after a restart. */
  accept(by: string, reason: string): void {
    const items = [...this.#raised.values()];
    this.#raised.clear();
    for (const { ticket } of items) this.#explained.add(ticket);
    if (items.length > 0) void this.#recordAccepted(items, by, reason);
  }

  async #recordAccepted(items: readonly Item[], by: string, reason: string): Promise<void> {
    const written = await this.#ports.audit.append(items.map((item) => this.#acceptedRow(item, by, reason)));
    if (written.ok) return;
    this.#ports.log.error('accepted-tickets-not-recorded', { message: written.message });
    for (const { ticket } of items) this.#explained.delete(ticket);
  }

  /** Looks after at most so long; an earlier look that is planned already will do. */
  #lookWithin(delayMs: number): void {
    const { clock } = this.#ports;
    const dueMonoMs = clock.monoMs() + delayMs;
    if (dueMonoMs >= this.#dueMonoMs) return;
    this.#cancelLook();
    this.#dueMonoMs = dueMonoMs;
    this.#cancelLook = clock.after(delayMs, () => {
      this.#dueMonoMs = Infinity;
      void this.#lookAndGoOn();
    });
  }

  async #lookAndGoOn(): Promise<void> {
    if (this.#isLooking) {
      this.#lookWithin(SETTLE_MS);
      return;
    }
    this.#isLooking = true;
    const isSettled = await this.#look();
    this.#isLooking = false;
    if (this.#isRunning) this.#lookWithin(isSettled ? LOOK_EVERY_MS : SETTLE_MS);
  }

  /** One look. False where the next has to come soon: something is under way, or suspected. */
  async #look(): Promise<boolean> {
    const wasQuiet = this.#isQuiet();
    const book = await readBook(this.#ports, 'account');
    this.#noteBlindness(book.kind === 'away' ? book.message : null);
    if (book.kind === 'away') {
      this.#foreign = null;
      return true;
    }
    const { isOwn } = this.#ports;
    this.#foreign = {
      positions: book.positions.filter((position) => !isOwn(position)).map(({ ticket }) => ticket),
      orders: book.orders.filter((order) => !isOwn(order)).map(({ ticket }) => ticket),
    };
    const own = [...book.positions.filter(isOwn).map(positionItem), ...book.orders.filter(isOwn).map(orderItem)];
    this.#forgetAllBut(new Set(own.map(({ ticket }) => ticket)));
    if (!wasQuiet) return false;
    const unexplained = await this.#unexplained(own);
    if (unexplained === null || !this.#isQuiet()) return false;
    this.#judge(unexplained);
    return this.#suspectedSinceMs.size === 0;
  }

  #isQuiet(): boolean {
    return this.#ports.tradesInFlight() === 0;
  }

  /** What the log does not know, of what has not been explained or raised already; null where the log cannot tell. */
  async #unexplained(own: readonly Item[]): Promise<readonly Item[] | null> {
    const { audit, log } = this.#ports;
    const open = own.filter(({ ticket }) => !this.#explained.has(ticket) && !this.#raised.has(ticket));
    try {
      const known = await Promise.all(open.map(({ tag, tickets }) => audit.knows({ tag, tickets })));
      for (const [at, { ticket }] of open.entries()) if (known[at] === true) this.#explain(ticket);
      return open.filter((_item, at) => known[at] !== true);
    } catch (error) {
      log.warn('book-not-compared', { error });
      return null;
    }
  }

  #explain(ticket: Ticket): void {
    this.#explained.add(ticket);
    this.#suspectedSinceMs.delete(ticket);
  }

  /** What was found before as well, long enough ago, is raised. */
  #judge(unexplained: readonly Item[]): void {
    if (!this.#isRunning) return;
    const nowMonoMs = this.#ports.clock.monoMs();
    const found = unexplained.filter(({ ticket }) => {
      const sinceMs = this.#suspectedSinceMs.get(ticket);
      if (sinceMs === undefined) this.#suspectedSinceMs.set(ticket, nowMonoMs);
      return sinceMs !== undefined && nowMonoMs - sinceMs >= SETTLE_MS;
    });
    // An order that has been filled in part is there twice.
    const items = new Map(found.map((item) => [item.ticket, item]));
    for (const [ticket, item] of items) {
      this.#suspectedSinceMs.delete(ticket);
      this.#raised.set(ticket, item);
    }
    if (items.size > 0) this.#raise([...items.values()]);
  }

  #raise(items: readonly Item[]): void {
    const named = items.slice(0, MAX_NAMED).map(({ what, ticket, symbol }) => `${what} ${ticket} ${symbol}`);
    const more = items.length > MAX_NAMED ? ` and ${items.length - MAX_NAMED} more` : '';
    const reason = `no row of the audit log explains ${named.join(', ')}${more}, opened under a mark of this gateway`;
    this.#ports.safety.raise({
      ...{ kind: 'RECONCILIATION', mode: 'REDUCE_ONLY', flatten: 'none', actor: 'gateway', reason },
      // A resume accepts it, so it must not stand against one.
      standing: false,
    });
  }

  #forgetAllBut(live: ReadonlySet<Ticket>): void {
    for (const known of [this.#explained, this.#suspectedSinceMs, this.#raised]) {
      for (const ticket of known.keys()) if (!live.has(ticket)) known.delete(ticket);
    }
  }

  /** Said once, not with every look. */
  #noteBlindness(message: string | null): void {
    if (message !== null && !this.#isBlind) this.#ports.log.warn('book-not-compared', { message });
    this.#isBlind = message !== null;
  }

  /** Names the ticket alone: with the tag, another position of the same tag would count as explained too. */
  #acceptedRow({ ticket, symbol, magic }: Item, by: string, reason: string): AuditEntry {
    const { clock, safety } = this.#ports;
    const { epoch, mode } = safety.state();
    return {
      type: 'RECONCILED',
      tsUtcUs: Math.round(clock.nowMs() * 1_000),
      tsMonoUs: Math.round(clock.monoMs() * 1_000),
      ...{ actorKind: 'operator', actor: by, reason, epoch, mode },
      ...{ symbol, magic: String(magic), ticket: String(ticket) },
    };
  }
}

function opensSomething({ kind }: Transaction): boolean {
  return kind === 'POSITION_OPENED' || kind === 'ORDER_ADDED';
}

function positionItem({ ticket, identifier, symbol, magic, comment }: Position): Item {
  const tickets = [String(ticket), String(identifier)];
  return { what: 'position', ticket, symbol, magic, tag: tagIn(comment), tickets };
}

function orderItem({ ticket, symbol, magic, comment }: Order): Item {
  return { what: 'order', ticket, symbol, magic, tag: tagIn(comment), tickets: [String(ticket)] };
}
