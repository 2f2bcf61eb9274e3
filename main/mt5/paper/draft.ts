import { toTicket, type Ticket } from '../../protocol/ticket.ts';
import type { BookChange, BookEntry } from './book.ts';

/** Changes that are being put together; the book is untouched until they are recorded. */
export class Draft {
  readonly #changes: BookChange[] = [];
  #nextTicket: bigint;

  constructor(nextTicket: bigint) {
    this.#nextTicket = nextTicket;
  }

  /** The next free number. */
  takeTicket(): Ticket {
    const ticket = toTicket(this.#nextTicket);
    this.#nextTicket += 1n;
    return ticket;
  }

  add(change: BookChange): void {
    this.#changes.push(change);
  }

  entry(): BookEntry {
    return { nextTicket: this.#nextTicket, changes: this.#changes };
  }
}
