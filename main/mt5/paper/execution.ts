import type { Side } from '../../protocol/payloads.ts';
import type { Ticket } from '../../protocol/ticket.ts';
import type { Deal, Order } from '../market.ts';
import { addLots } from '../volume.ts';
import type { BookPosition } from './book.ts';
import { symbolOf, type Desk } from './desk.ts';
import type { Draft } from './draft.ts';
import { profitOf, toCents } from './money.ts';

/** A price found for an order, or for a part of it. */
export interface Fill {
  readonly order: Order;
  readonly lots: number;
  readonly price: number;
  readonly atMs: number;
  readonly reason: Deal['reason'];
}

/** The deal that was made, and the position that it opened, changed or closed. */
export interface Filled {
  readonly deal: Ticket;
  readonly position: Ticket;
}

/** The side that an order buys or sells on. */
export function sideOf(order: Order): Side {
  return order.type.startsWith('BUY') ? 'BUY' : 'SELL';
}

/** Fills an order that names no position: a hedging account opens one, a netting account adds to the one that is there. */
export function fillEntry(draft: Draft, desk: Desk, fill: Fill): Filled {
  const standing = standingPosition(desk, fill.order);
  if (standing === undefined) return open(draft, fill);
  if (standing.side === sideOf(fill.order)) return increase(draft, fill, standing);
  return fill.lots > standing.volumeLots ? reverse(draft, desk, fill, standing) : fillExit(draft, desk, fill, standing);
}

/** Closes a position, or a part of it. The volume must not be above the position's. */
export function fillExit(draft: Draft, desk: Desk, fill: Fill, position: BookPosition): Filled {
  const rest = addLots(position.volumeLots, -fill.lots);
  const profit = profitWith(desk, fill, position, fill.lots);
  const deal = addDeal(draft, fill, 'OUT', position.identifier, profit);
  addProfit(draft, desk, profit);
  endOrder(draft, fill, position.identifier);
  if (rest === 0) draft.add({ kind: 'POSITION_CLOSED', ticket: position.ticket });
  else draft.add({ kind: 'POSITION', position: { ...position, volumeLots: rest, updatedAtMs: fill.atMs } });
  return { deal, position: position.ticket };
}

function standingPosition({ book, marginMode }: Desk, order: Order): BookPosition | undefined {
  // In a hedging account only the rest of the same order adds to a position.
  if (marginMode === 'HEDGING') return book.positions.get(order.ticket);
  for (const position of book.positions.values()) if (position.symbol === order.symbol) return position;
  return undefined;
}

function open(draft: Draft, fill: Fill): Filled {
  const { order } = fill;
  const deal = addDeal(draft, fill, 'IN', order.ticket, 0);
  endOrder(draft, fill, order.ticket);
  draft.add({ kind: 'POSITION', position: newPosition(fill, order.ticket, fill.lots) });
  return { deal, position: order.ticket };
}

function increase(draft: Draft, fill: Fill, standing: BookPosition): Filled {
  const { order } = fill;
  const deal = addDeal(draft, fill, 'IN', standing.identifier, 0);
  endOrder(draft, fill, standing.identifier);
  const volumeLots = addLots(standing.volumeLots, fill.lots);
  const openPrice = (standing.openPrice * standing.volumeLots + fill.price * fill.lots) / volumeLots;
  // A newer order's stops replace the position's, none included: MetaTrader's rules of their inheritance (netting).
  const stops = order.ticket === standing.ticket ? standing : order;
  const position = { ...standing, volumeLots, openPrice, sl: stops.sl, tp: stops.tp, updatedAtMs: fill.atMs };
  draft.add({ kind: 'POSITION', position });
  return { deal, position: standing.ticket };
}

/** Netting: one deal closes the position and opens the other side. The ticket becomes the order's, the identifier stays. */
function reverse(draft: Draft, desk: Desk, fill: Fill, standing: BookPosition): Filled {
  const { order } = fill;
  const profit = profitWith(desk, fill, standing, standing.volumeLots);
  const deal = addDeal(draft, fill, 'INOUT', standing.identifier, profit);
  addProfit(draft, desk, profit);
  endOrder(draft, fill, standing.identifier);
  draft.add({ kind: 'POSITION_CLOSED', ticket: standing.ticket });
  const lots = addLots(fill.lots, -standing.volumeLots);
  draft.add({ kind: 'POSITION', position: newPosition(fill, standing.identifier, lots) });
  return { deal, position: order.ticket };
}

function newPosition({ order, price, atMs }: Fill, identifier: Ticket, volumeLots: number): BookPosition {
  return {
    ticket: order.ticket,
    identifier,
    symbol: order.symbol,
    side: sideOf(order),
    volumeLots,
    openPrice: price,
    sl: order.sl,
    tp: order.tp,
    swap: 0,
    magic: order.magic,
    comment: order.comment,
    openedAtMs: atMs,
    updatedAtMs: atMs,
  };
}

function addDeal(draft: Draft, fill: Fill, entry: Deal['entry'], position: Ticket, profit: number): Ticket {
  const { order, lots: volumeLots, price, reason, atMs } = fill;
  const { symbol, magic, comment } = order;
  const ticket = draft.takeTicket();
  const charges = { commission: 0, swap: 0 };
  const what = { symbol, side: sideOf(order), entry, reason, volumeLots, price, profit, ...charges };
  draft.add({ kind: 'DEAL', deal: { ticket, order: order.ticket, position, ...what, magic, comment, atMs } });
  return ticket;
}

/** What is left of the order afterwards: a pending one waits for the rest, of a market order it is cancelled. */
function endOrder(draft: Draft, { order, lots, price, atMs }: Fill, position: Ticket): void {
  const volumeCurrentLots = addLots(order.volumeCurrentLots, -lots);
  const after = { ...order, volumeCurrentLots, currentPrice: price, position };
  if (volumeCurrentLots > 0 && order.filling === 'RETURN') {
    draft.add({ kind: 'ORDER', order: { ...after, state: 'PARTIAL' } });
    return;
  }
  const state = volumeCurrentLots > 0 ? 'PARTIAL' : 'FILLED';
  draft.add({ kind: 'ORDER_DONE', order: { ...after, state, doneAtMs: atMs } });
}

function profitWith(desk: Desk, fill: Fill, position: BookPosition, lots: number): number {
  return profitOf(symbolOf(desk, position.symbol).spec, position.side, lots, position.openPrice, fill.price);
}

function addProfit(draft: Draft, desk: Desk, profit: number): void {
  draft.add({ kind: 'BALANCE', balance: toCents(desk.book.balance + profit) });
}
