import { toTicket, type Ticket } from '../../../main/protocol/ticket.ts';
import {
  dealTransaction,
  orderTransaction,
  positionTransaction,
  type BookEvent,
  type TradeTransaction,
} from './book-events.ts';
import type { BrokerDeal, BrokerOrder, BrokerPosition, OrderState, OrderType } from './broker-types.ts';

/**
 * Positions, orders and history of the account. Every change is told to `tell` in MetaTrader's sequence: the rows, then the
 * transaction that is about them. Orders, deals and positions share one count, so that a ticket taken for another is noticed.
 */
export class AccountBook {
  readonly positions = new Map<bigint, BrokerPosition>();
  /** Pending orders, and market orders that are still being carried out. */
  readonly orders = new Map<bigint, BrokerOrder>();
  readonly historyOrders: BrokerOrder[] = [];
  readonly deals: BrokerDeal[] = [];
  readonly #tell: (event: BookEvent) => void;
  #nextTicket: bigint;

  constructor(firstTicket: bigint, tell: (event: BookEvent) => void) {
    this.#nextTicket = firstTicket;
    this.#tell = tell;
  }

  takeTicket(): Ticket {
    return toTicket(this.#nextTicket++);
  }

  addOrder(order: BrokerOrder): void {
    this.#putOrder(order, 'ORDER_ADD');
  }

  changeOrder(order: BrokerOrder): void {
    this.#putOrder(order, 'ORDER_UPDATE');
  }

  /** Takes the order into the history. */
  endOrder(order: BrokerOrder, state: OrderState, timeDoneMsc: number): void {
    const ended = { ...order, state, timeDoneMsc };
    this.orders.delete(order.ticket);
    this.#tell({ kind: 'order-gone', ticket: order.ticket });
    this.#transact(orderTransaction('ORDER_DELETE', ended));
    this.historyOrders.push(ended);
    this.#tell({ kind: 'history-order', order: ended });
    this.#transact(orderTransaction('HISTORY_ADD', ended));
  }

  /** Records a deal and what it made of its position: the position as it is now, or null when it is closed. */
  addDeal(deal: BrokerDeal, order: BrokerOrder, before: BrokerPosition | null, after: BrokerPosition | null): void {
    this.deals.push(deal);
    this.#tell({ kind: 'history-deal', deal });
    if (before !== null && before.ticket !== after?.ticket) this.#dropPosition(before);
    if (after !== null) this.#putPosition(after);
    this.#transact(dealTransaction(deal, order));
  }

  /** Changes a position by something else than a deal. */
  changePosition(position: BrokerPosition): void {
    this.#putPosition(position);
    this.#transact(positionTransaction(position));
  }

  /** The position of a symbol; a netting account has at most one. */
  positionOf(symbol: string): BrokerPosition | null {
    for (const position of this.positions.values()) if (position.symbol === symbol) return position;
    return null;
  }

  /** A position by the identifier that outlives a turn-over; null when it is closed. */
  positionById(identifier: bigint): BrokerPosition | null {
    for (const position of this.positions.values()) if (position.identifier === identifier) return position;
    return null;
  }

  /** Positions or orders of the symbol are there. */
  hasInterestIn(symbol: string): boolean {
    if (this.positions.size === 0 && this.orders.size === 0) return false;
    return this.positionOf(symbol) !== null || [...this.orders.values()].some((order) => order.symbol === symbol);
  }

  /** Orders that wait for a price. */
  pending(): readonly BrokerOrder[] {
    return [...this.orders.values()].filter((order) => !isMarketType(order.type));
  }

  #putOrder(order: BrokerOrder, type: 'ORDER_ADD' | 'ORDER_UPDATE'): void {
    this.orders.set(order.ticket, order);
    this.#tell({ kind: 'order', order });
    this.#transact(orderTransaction(type, order));
  }

  #putPosition(position: BrokerPosition): void {
    this.positions.set(position.ticket, position);
    this.#tell({ kind: 'position', position });
  }

  #dropPosition({ ticket }: BrokerPosition): void {
    this.positions.delete(ticket);
    this.#tell({ kind: 'position-gone', ticket });
  }

  #transact(transaction: TradeTransaction): void {
    this.#tell({ kind: 'transaction', transaction });
  }
}

/** BUY and SELL: orders that are carried out at once, at what the market gives. */
export function isMarketType(type: OrderType): type is 'BUY' | 'SELL' {
  return type === 'BUY' || type === 'SELL';
}
