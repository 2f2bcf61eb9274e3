import type { Book } from './flatten-book.ts';
import { dueMs, isDone, openTicket, retry, withState, type FlattenTicket, type TicketState } from './flatten-ticket.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type { FlattenPhase } from './trading-state.ts';

interface Tracked {
  readonly item: FlattenTicket;
  /** Its last state that was not a call under way: one more try is no news. */
  readonly lastState: TicketState;
  /** Looks at the book that had been started when it last changed: none of those says anything about it any more. */
  readonly changedInLook: number;
}

type ReadBook = Extract<Book, { kind: 'read' }>;

/** The tickets of one flatten and how far each has come. Looks at the book are numbered from 1, in the order of their start. */
export class FlattenList {
  readonly #tracked = new Map<string, Tracked>();
  readonly #atWork = new Set<string>();
  #lastEmptyLook = 0;

  /** Takes in what a look has found. Returns the tickets that are worth a row by it. */
  see(book: ReadBook, look: number, nowMs: number): readonly FlattenTicket[] {
    const found = [
      ...book.orders.map((order) => openTicket('order', order.ticket, order.symbol, order.volumeCurrentLots)),
      ...book.positions.map((position) =>
        openTicket('position', position.ticket, position.symbol, position.volumeLots),
      ),
    ];
    const seen = new Set(found.map(keyOf));
    const gone = this.#missing(seen, look).map(ended);
    const back = found.flatMap((item) => this.#stillThere(item, look, nowMs));
    const changed = [...gone, ...back].filter((item) => this.put(item, look - 1));
    if (!found.some((item) => this.#tracked.get(keyOf(item))?.item.state.kind !== 'TAKEN_OUT')) {
      this.#lastEmptyLook = look;
    }
    return changed;
  }

  /** Whether that look, the last one, found nothing that is still to be done. */
  wasEmptyIn(look: number): boolean {
    return this.#lastEmptyLook === look;
  }

  /** Keeps the ticket as it is now. Returns true when that is worth a row: another kind of state, or another reason. */
  put(item: FlattenTicket, look: number): boolean {
    const before = this.#tracked.get(keyOf(item))?.lastState;
    const lastState = item.state.kind === 'CLOSING' ? (before ?? item.state) : item.state;
    this.#tracked.set(keyOf(item), { item, lastState, changedInLook: look });
    return before === undefined || labelOf(before) !== labelOf(lastState);
  }

  /** A step with the ticket begins. */
  begin(item: FlattenTicket): void {
    this.#atWork.add(keyOf(item));
    this.put(item, Infinity);
  }

  /** The step has ended. */
  end(item: FlattenTicket): void {
    this.#atWork.delete(keyOf(item));
  }

  /** How many tickets a step is under way for. */
  atWork(): number {
    return this.#atWork.size;
  }

  /** Whether something with this number is still to be done, or a step with it is under way. */
  concerns(ticket: Ticket): boolean {
    const items = this.all().filter((item) => item.ticket === ticket);
    return items.some((item) => !isDone(item) || this.#atWork.has(keyOf(item)));
  }

  isOpen(item: FlattenTicket): boolean {
    const tracked = this.#tracked.get(keyOf(item));
    return tracked !== undefined && !isDone(tracked.item);
  }

  all(): readonly FlattenTicket[] {
    return [...this.#tracked.values()].map(({ item }) => item);
  }

  open(): readonly FlattenTicket[] {
    return this.all().filter((item) => !isDone(item));
  }

  takenOut(): readonly FlattenTicket[] {
    return this.all().filter(({ state }) => state.kind === 'TAKEN_OUT');
  }

  closedPositions(): number {
    return this.all().filter(({ what, state }) => what === 'position' && wasEnded(state, 'CLOSED')).length;
  }

  cancelledOrders(): number {
    return this.all().filter(({ what, state }) => what === 'order' && wasEnded(state, 'CANCELLED')).length;
  }

  /** Tickets whose turn it is, orders first: what could still fill goes before what is already there. */
  due(nowMs: number): readonly FlattenTicket[] {
    const due = this.open().filter((item) => !this.#atWork.has(keyOf(item)) && dueMs(item) <= nowMs);
    return [...due.filter(({ what }) => what === 'order'), ...due.filter(({ what }) => what === 'position')];
  }

  /** When the next ticket is due that no step is under way for; Infinity for none. */
  nextDueMs(): number {
    const waiting = this.open().filter((item) => !this.#atWork.has(keyOf(item)));
    return Math.min(...waiting.map(dueMs));
  }

  /** What was in the way is gone: blocked tickets are due now. */
  unblock(nowMs: number): void {
    for (const { item, changedInLook } of [...this.#tracked.values()]) {
      const { state } = item;
      if (state.kind === 'BLOCKED') this.put(withState(item, { ...state, dueMs: nowMs }), changedInLook);
    }
  }

  /** The phase that the tickets as a whole are in. Whether the book is empty only a look can tell. */
  phase(): Extract<FlattenPhase, 'FLATTENING' | 'UNKNOWN' | 'BLOCKED'> {
    const open = [...this.#tracked.values()].filter(({ item }) => !isDone(item));
    const kinds = new Set(open.map(({ lastState }) => lastState.kind));
    if (kinds.size === 0 || kinds.has('OPEN') || kinds.has('PARTIAL') || kinds.has('RETRY')) return 'FLATTENING';
    return kinds.has('UNKNOWN') ? 'UNKNOWN' : 'BLOCKED';
  }

  #missing(seen: ReadonlySet<string>, look: number): readonly FlattenTicket[] {
    return [...this.#tracked]
      .filter(([key, { item, changedInLook }]) => !seen.has(key) && !isDone(item) && changedInLook < look)
      .map(([, { item }]) => item);
  }

  #stillThere(found: FlattenTicket, look: number, nowMs: number): readonly FlattenTicket[] {
    const tracked = this.#tracked.get(keyOf(found));
    if (tracked === undefined) return [found];
    if (tracked.changedInLook >= look) return [];
    const item = { ...tracked.item, volumeLots: found.volumeLots };
    if (item.state.kind !== 'CLOSED') return [item];
    return [retry(item, 'STILL_THERE', 'it was reported closed and is still in the book', nowMs)];
  }
}

function ended(item: FlattenTicket): FlattenTicket {
  // A close whose answer was lost, and a position that is gone: it was that close.
  const how = item.state.kind === 'UNKNOWN' ? 'CLOSED' : 'GONE';
  return withState(item, { kind: 'CLOSED', how });
}

function wasEnded(state: FlattenTicket['state'], how: 'CLOSED' | 'CANCELLED'): boolean {
  return state.kind === 'CLOSED' && state.how === how;
}

function keyOf({ what, ticket }: FlattenTicket): string {
  return `${what}:${ticket}`;
}

function labelOf(state: TicketState): string {
  return 'code' in state ? `${state.kind} ${state.code}` : state.kind;
}
