import type { History } from '../mt5/handler.ts';
import type { Deal, Order } from '../mt5/market.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import { MAX_HISTORY_ROWS, type Payload } from '../protocol/payloads.ts';
import { dealView, orderView } from './wire-view.ts';

type Filter = Pick<Payload<'GET_HISTORY'>, 'symbol' | 'ticket' | 'magic'>;

/** What GET_HISTORY shows of a history: what the filter lets through, of that the newest, oldest first. */
export function historyView(history: History, filter: Filter): JsonObject {
  const deals = history.deals.filter((deal) => isWanted(deal, [deal.position, deal.order], filter));
  const orders = history.orders.filter((order) => isWanted(order, [order.position, order.ticket], filter));
  return {
    deals: deals.slice(-MAX_HISTORY_ROWS).map(dealView),
    orders: orders.slice(-MAX_HISTORY_ROWS).map(orderView),
    truncated: deals.length > MAX_HISTORY_ROWS || orders.length > MAX_HISTORY_ROWS,
  };
}

/** `tickets` are those by which it can be asked for: its position's and its order's. */
function isWanted(item: Deal | Order, tickets: readonly bigint[], { symbol, ticket, magic }: Filter): boolean {
  return (
    (symbol === undefined || item.symbol === symbol) &&
    (ticket === undefined || tickets.includes(ticket)) &&
    (magic === undefined || item.magic === magic)
  );
}
