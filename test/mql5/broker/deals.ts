import type { Ticket } from '../../../main/protocol/ticket.ts';
import type { BrokerDeal, BrokerOrder, BrokerPosition, Side } from './broker-types.ts';
import { opposite } from './market.ts';
import { profitOf, rounded } from './money.ts';
import { sideOf } from './price-rules.ts';
import type { Venue } from './venue.ts';
import { addLots, subtractLots } from './volume.ts';

const NO_TICKET = 0n as Ticket;

/** What is dealt of an order, and at which price. */
export interface Fill {
  readonly volumeLots: number;
  readonly price: number;
}

/**
 * Makes a deal of an order and of its position what the account's kind makes of it: hedging opens a position for every
 * order that names none, netting adds to the one of the symbol, lessens it or turns it over.
 */
export function deal(venue: Venue, order: BrokerOrder, fill: Fill): BrokerDeal {
  const held = heldPosition(venue, order);
  if (held === null) return open(venue, order, fill);
  if (held.side === sideOf(order.type)) return increase(venue, order, held, fill);
  return fill.volumeLots > held.volumeLots ? turnOver(venue, order, held, fill) : lessen(venue, order, held, fill);
}

/** Closes two opposite positions against each other; what the larger has more stays open. Returns the first of two deals. */
export function dealBy(venue: Venue, order: BrokerOrder, position: BrokerPosition, by: BrokerPosition): BrokerDeal {
  const volumeLots = Math.min(position.volumeLots, by.volumeLots);
  const profit = profitOf(venue, position, volumeLots, by.priceOpen);
  const first = closeBy(venue, order, position, { volumeLots, price: by.priceOpen }, profit);
  closeBy(venue, order, by, { volumeLots, price: position.priceOpen }, 0);
  return first;
}

/** The position that an order changes; null when it opens one. */
export function heldPosition({ account, book }: Venue, order: BrokerOrder): BrokerPosition | null {
  if (order.positionId !== NO_TICKET) return book.positionById(order.positionId);
  return account.marginMode === 'NETTING' ? book.positionOf(order.symbol) : null;
}

function open(venue: Venue, order: BrokerOrder, fill: Fill): BrokerDeal {
  const position = newPosition(venue, order, fill, order.ticket);
  return record(venue, order, fill, { entry: 'IN', profit: 0, before: null, after: position });
}

// The stops of the newest order replace those of the position, also with none.
function increase(venue: Venue, order: BrokerOrder, held: BrokerPosition, fill: Fill): BrokerDeal {
  const volumeLots = addLots(held.volumeLots, fill.volumeLots);
  const value = held.priceOpen * held.volumeLots + fill.price * fill.volumeLots;
  const priceOpen = Number((value / volumeLots).toFixed(10));
  const after = { ...held, volumeLots, priceOpen, sl: order.sl, tp: order.tp, timeUpdateMsc: venue.nowMsc() };
  return record(venue, order, fill, { entry: 'IN', profit: 0, before: held, after });
}

function lessen(venue: Venue, order: BrokerOrder, held: BrokerPosition, fill: Fill): BrokerDeal {
  const profit = profitOf(venue, held, fill.volumeLots, fill.price);
  return record(venue, order, fill, { entry: 'OUT', profit, before: held, after: rest(venue, held, fill.volumeLots) });
}

// The position keeps its identifier and takes the ticket of the order that turned it over.
function turnOver(venue: Venue, order: BrokerOrder, held: BrokerPosition, fill: Fill): BrokerDeal {
  const profit = profitOf(venue, held, held.volumeLots, fill.price);
  const volumeLots = subtractLots(fill.volumeLots, held.volumeLots);
  const after = newPosition(venue, order, { ...fill, volumeLots }, held.identifier);
  return record(venue, order, fill, { entry: 'INOUT', profit, before: held, after });
}

function closeBy(venue: Venue, order: BrokerOrder, held: BrokerPosition, fill: Fill, profit: number): BrokerDeal {
  const change = { entry: 'OUT_BY', profit, before: held, after: rest(venue, held, fill.volumeLots) } as const;
  return record(venue, order, fill, change, opposite(held.side));
}

function rest(venue: Venue, held: BrokerPosition, closedLots: number): BrokerPosition | null {
  const volumeLots = subtractLots(held.volumeLots, closedLots);
  return volumeLots === 0 ? null : { ...held, volumeLots, timeUpdateMsc: venue.nowMsc() };
}

function newPosition(venue: Venue, order: BrokerOrder, fill: Fill, identifier: Ticket): BrokerPosition {
  const nowMsc = venue.nowMsc();
  return {
    ticket: order.ticket,
    identifier,
    symbol: order.symbol,
    side: sideOf(order.type),
    volumeLots: fill.volumeLots,
    priceOpen: fill.price,
    sl: order.sl,
    tp: order.tp,
    swap: 0,
    magic: order.magic,
    comment: order.comment,
    timeMsc: nowMsc,
    timeUpdateMsc: nowMsc,
  };
}

interface Change {
  readonly entry: BrokerDeal['entry'];
  readonly profit: number;
  readonly before: BrokerPosition | null;
  readonly after: BrokerPosition | null;
}

function record(
  venue: Venue,
  order: BrokerOrder,
  { volumeLots, price }: Fill,
  { entry, profit, before, after }: Change,
  side: Side = sideOf(order.type),
): BrokerDeal {
  const positionId = before?.identifier ?? after?.identifier ?? NO_TICKET;
  const made: BrokerDeal = {
    ticket: venue.book.takeTicket(),
    order: order.ticket,
    positionId,
    symbol: order.symbol,
    side,
    entry,
    reason: order.reason,
    volumeLots,
    price,
    profit,
    commission: 0,
    swap: 0,
    magic: order.magic,
    comment: order.comment,
    timeMsc: venue.nowMsc(),
  };
  venue.account = { ...venue.account, balance: rounded(venue, venue.account.balance + profit) };
  venue.book.addDeal(made, order, before, after);
  return made;
}
