import type { Chance } from './chance.ts';
import type { JournalEvidence } from './journal-evidence.ts';

/** Positions and pending orders that a command may be aimed at; each is given away once, so that no two aim at the same. */
export class AccountTargets {
  readonly #positions: number[] = [];
  readonly #orders: number[] = [];

  /** Begins anew with what the account holds. */
  reset(journal: JournalEvidence): void {
    this.#positions.splice(0, Infinity, ...journal.positions);
    this.#orders.splice(0, Infinity, ...journal.pendingTickets());
  }

  get positions(): number {
    return this.#positions.length;
  }
  get orders(): number {
    return this.#orders.length;
  }

  addPosition(ticket: number): void {
    this.#positions.push(ticket);
  }

  addOrder(ticket: number): void {
    this.#orders.push(ticket);
  }

  takePosition(chance: Chance): number {
    return take(this.#positions, chance);
  }

  takeOrder(chance: Chance): number {
    return take(this.#orders, chance);
  }
}

function take(tickets: number[], chance: Chance): number {
  const [ticket] = tickets.splice(chance.whole(0, tickets.length - 1), 1);
  if (ticket === undefined) throw new RangeError('there is nothing to aim at');
  return ticket;
}
