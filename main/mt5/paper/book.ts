import type { Ticket } from '../../protocol/ticket.ts';
import { assertNever } from '../../assert-never.ts';
import type { Deal, Order, Position } from '../market.ts';

/** A position as it is kept: price and profit of the moment belong to the reader. */
export type BookPosition = Omit<Position, 'currentPrice' | 'profit'>;

/** One change of the book. POSITION and ORDER put in or replace; ORDER_DONE moves an order to the history. */
export type BookChange =
  | { readonly kind: 'POSITION'; readonly position: BookPosition }
  | { readonly kind: 'POSITION_CLOSED'; readonly ticket: Ticket }
  | { readonly kind: 'ORDER'; readonly order: Order }
  | { readonly kind: 'ORDER_DONE'; readonly order: Order }
  | { readonly kind: 'DEAL'; readonly deal: Deal }
  | { readonly kind: 'BALANCE'; readonly balance: number };

/** Changes that belong together: all of them happened, or none. */
export interface BookEntry {
  readonly nextTicket: bigint;
  readonly changes: readonly BookChange[];
}

/** How many ended orders, and how many deals, are kept; the oldest go first. */
const HISTORY_KEPT = 100_000;
const HISTORY_SLACK = 10_000;
const CHANGES_A_LINE = 200;

/** What the broker knows of the account. It changes by entries alone, so that reading the journal again gives the same book. */
export class Book {
  readonly positions = new Map<Ticket, BookPosition>();
  readonly pending = new Map<Ticket, Order>();
  readonly doneOrders: Order[] = [];
  readonly deals: Deal[] = [];
  balance = 0;
  /** Number of the next order or deal; the two share a sequence, so that one is never taken for the other. */
  nextTicket: bigint;

  constructor(firstTicket: bigint) {
    this.nextTicket = firstTicket;
  }

  /** Takes an entry in. */
  apply(entry: BookEntry): void {
    this.nextTicket = entry.nextTicket;
    for (const change of entry.changes) this.#applyChange(change);
  }

  /** Entries that build this book from nothing. */
  *entries(): Generator<BookEntry> {
    let changes: BookChange[] = [];
    for (const change of this.#changes()) {
      changes.push(change);
      if (changes.length < CHANGES_A_LINE) continue;
      yield { nextTicket: this.nextTicket, changes };
      changes = [];
    }
    if (changes.length > 0) yield { nextTicket: this.nextTicket, changes };
  }

  #applyChange(change: BookChange): void {
    switch (change.kind) {
      case 'POSITION':
        this.positions.set(change.position.ticket, change.position);
        return;
      case 'POSITION_CLOSED':
        this.positions.delete(change.ticket);
        return;
      case 'ORDER':
        this.pending.set(change.order.ticket, change.order);
        return;
      case 'ORDER_DONE':
        this.pending.delete(change.order.ticket);
        keep(this.doneOrders, change.order);
        return;
      case 'DEAL':
        keep(this.deals, change.deal);
        return;
      case 'BALANCE':
        this.balance = change.balance;
        return;
      default:
        assertNever(change, 'change of the book');
    }
  }

  *#changes(): Generator<BookChange> {
    yield { kind: 'BALANCE', balance: this.balance };
    for (const position of this.positions.values()) yield { kind: 'POSITION', position };
    for (const order of this.pending.values()) yield { kind: 'ORDER', order };
    for (const order of this.doneOrders) yield { kind: 'ORDER_DONE', order };
    for (const deal of this.deals) yield { kind: 'DEAL', deal };
  }
}

function keep<T>(history: T[], item: T): void {
  history.push(item);
  if (history.length > HISTORY_KEPT + HISTORY_SLACK) history.splice(0, HISTORY_SLACK);
}
