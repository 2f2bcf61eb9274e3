import type { Ticket } from '../../protocol/ticket.ts';
import type { BookFilter, History, Traces } from '../handler.ts';
import type { Order, Position } from '../market.ts';
import { orderNow, positionNow } from './account-view.ts';
import type { Desk } from './desk.ts';

/** Open positions that the filter lets through. */
export function positionsOf(desk: Desk, filter: BookFilter): readonly Position[] {
  return [...desk.book.positions.values()].filter(matches(filter)).map((position) => positionNow(desk, position));
}

/** Pending orders that the filter lets through. */
export function ordersOf(desk: Desk, filter: BookFilter): readonly Order[] {
  return [...desk.book.pending.values()].filter(matches(filter)).map((order) => orderNow(desk, order));
}

/** What ended or happened in a span of time, both ends included. */
export function historyOf({ book }: Desk, fromMs: number, toMs: number): History {
  const within = (atMs: number) => atMs >= fromMs && atMs <= toMs;
  return {
    orders: book.doneOrders.filter(({ doneAtMs }) => within(doneAtMs)),
    deals: book.deals.filter(({ atMs }) => within(atMs)),
  };
}

/** Everything whose comment ends in the tag. The book is whole, so that finding nothing proves that there is nothing. */
export function tracesOf(desk: Desk, tag: string): Traces {
  const carries = ({ comment }: { readonly comment: string }) => comment.endsWith(`~${tag}`);
  return {
    complete: true,
    positions: positionsOf(desk, {}).filter(carries),
    pending: ordersOf(desk, {}).filter(carries),
    orders: desk.book.doneOrders.filter(carries),
    deals: desk.book.deals.filter(carries),
    recorded: [],
  };
}

interface Filterable {
  readonly symbol: string;
  readonly ticket: Ticket;
  readonly magic: bigint;
}

function matches({ symbol, ticket, magic }: BookFilter): (item: Filterable) => boolean {
  return (item) =>
    (symbol === undefined || item.symbol === symbol) &&
    (ticket === undefined || item.ticket === ticket) &&
    (magic === undefined || item.magic === magic);
}
