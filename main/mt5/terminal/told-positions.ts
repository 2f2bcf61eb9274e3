import type { Transaction } from '../handler.ts';
import type { Position } from '../market.ts';
import type { Ticket } from '../../protocol/ticket.ts';

/**
 * The open positions that the program has told of by itself, over the link that stands. What it told before is not
 * trusted after a line was lost: then it has to be asked.
 */
export class ToldPositions {
  readonly #positions = new Map<Ticket, Position>();

  take(transaction: Transaction): void {
    switch (transaction.kind) {
      case 'POSITION_OPENED':
      case 'POSITION_CHANGED':
        this.#positions.set(transaction.position.ticket, transaction.position);
        return;
      case 'POSITION_CLOSED':
        this.#positions.delete(transaction.position.ticket);
        return;
      case 'ORDER_ADDED':
      case 'ORDER_CHANGED':
      case 'ORDER_REMOVED':
      case 'DEAL':
        return;
    }
  }

  forget(): void {
    this.#positions.clear();
  }

  get(ticket: Ticket): Position | null {
    return this.#positions.get(ticket) ?? null;
  }
}
