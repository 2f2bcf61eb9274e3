import { assertNever } from '../../assert-never.ts';
import type { Transaction } from '../handler.ts';
import type { BookChange, BookEntry } from './book.ts';
import { positionNow, orderNow } from './account-view.ts';
import type { Desk } from './desk.ts';

/** What an entry means to those who follow the account, told before it is taken into the book. Balance alone is no transaction. */
export function transactionsOf(desk: Desk, entry: BookEntry): Transaction[] {
  const begun = entry.changes.flatMap((change) => ordersBegun(desk, change));
  return [...begun, ...entry.changes.flatMap((change) => toTransactions(desk, change))];
}

// A market order comes and goes in one entry; followers see it come all the same.
function ordersBegun({ book }: Desk, change: BookChange): Transaction[] {
  if (change.kind !== 'ORDER_DONE' || book.pending.has(change.order.ticket)) return [];
  const { order } = change;
  const begun = { ...order, state: 'STARTED', volumeCurrentLots: order.volumeInitialLots, doneAtMs: 0 } as const;
  return [{ kind: 'ORDER_ADDED', order: begun }];
}

function toTransactions(desk: Desk, change: BookChange): Transaction[] {
  const { book } = desk;
  switch (change.kind) {
    case 'POSITION': {
      const known = book.positions.has(change.position.ticket);
      return [{ kind: known ? 'POSITION_CHANGED' : 'POSITION_OPENED', position: positionNow(desk, change.position) }];
    }
    case 'POSITION_CLOSED': {
      const position = book.positions.get(change.ticket);
      return position === undefined ? [] : [{ kind: 'POSITION_CLOSED', position: positionNow(desk, position) }];
    }
    case 'ORDER': {
      const known = book.pending.has(change.order.ticket);
      return [{ kind: known ? 'ORDER_CHANGED' : 'ORDER_ADDED', order: orderNow(desk, change.order) }];
    }
    case 'ORDER_DONE':
      return [{ kind: 'ORDER_REMOVED', order: change.order }];
    case 'DEAL':
      return [{ kind: 'DEAL', deal: change.deal }];
    case 'BALANCE':
      return [];
    default:
      return assertNever(change, 'change of the book');
  }
}
