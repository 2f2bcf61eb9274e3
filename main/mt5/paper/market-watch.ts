import type { Ticket } from '../../protocol/ticket.ts';
import type { Order, Tick } from '../market.ts';
import { formatPrice } from '../price.ts';
import { marginLevel, profitNow, STOP_OUT_LEVEL, worthNow } from './account-view.ts';
import type { BookPosition } from './book.ts';
import { endOrder, pendingType } from './changes.ts';
import { symbolOf } from './desk.ts';
import { sideOf } from './execution.ts';
import type { Ledger } from './ledger.ts';
import { dealPrice } from './money.ts';
import { fillPending } from './order-entry.ts';
import { checkMoney } from './order-rules.ts';
import { liquidate } from './position-exit.ts';
import { closingPrice } from './price-rules.ts';

/** What the broker does by itself when prices move: stops, pending orders, expirations, stop-out. */
export class MarketWatch {
  readonly #ledger: Ledger;
  /** Shares in which pending orders are filled first. A rehearsed fault, so no part of the book. */
  readonly #firstShares = new Map<Ticket, number>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The first fill of a pending order will give only this share of its volume. */
  fillPartFirst(ticket: Ticket, share: number): void {
    this.#firstShares.set(ticket, share);
  }

  /** Acts on price changes: expirations first, then pending orders and stops tick by tick, then the margin. */
  onTicks(ticks: readonly Tick[]): void {
    this.expireOrders();
    for (const tick of ticks) this.#onTick(tick);
    this.#watchMargin();
  }

  /** Ends pending orders whose time has come. */
  expireOrders(): void {
    const { desk } = this.#ledger;
    if (desk.book.pending.size === 0) return;
    const now = desk.nowMs();
    for (const order of desk.book.pending.values()) {
      if (order.expirationMs > 0 && order.expirationMs <= now) this.#end(order, 'EXPIRED');
    }
  }

  #onTick(tick: Tick): void {
    const { book } = this.#ledger.desk;
    for (const order of book.pending.values()) {
      if (order.symbol === tick.symbol) this.#watchOrder(order, tick);
    }
    for (const position of book.positions.values()) {
      if (position.symbol === tick.symbol) this.#watchPosition(position, tick);
    }
  }

  #watchOrder(order: Order, tick: Tick): void {
    const side = sideOf(order);
    const price = dealPrice(side, tick);
    const waitsForLess = (pendingType(order) === 'LIMIT') === (side === 'BUY');
    const reached = waitsForLess ? price <= order.openPrice : price >= order.openPrice;
    if (!reached) return;
    const { symbol, volumeCurrentLots: volumeLots } = order;
    // MetaTrader cancels a pending order that the account cannot pay for at the moment it triggers.
    if (checkMoney(this.#ledger.desk, { symbol, side, volumeLots, type: 'MARKET' }) !== null) {
      this.#end(order, 'CANCELED');
      return;
    }
    const share = this.#firstShares.get(order.ticket) ?? 1;
    this.#firstShares.delete(order.ticket);
    fillPending(this.#ledger, order, price, share);
  }

  #watchPosition(position: BookPosition, tick: Tick): void {
    const { side, sl, tp, symbol } = position;
    const price = closingPrice(side, tick);
    const falls = side === 'BUY';
    const lost = sl !== 0 && (falls ? price <= sl : price >= sl);
    const won = tp !== 0 && (falls ? price >= tp : price <= tp);
    if (!lost && !won) return;
    const { digits } = symbolOf(this.#ledger.desk, symbol).spec;
    const comment = lost ? `[sl ${formatPrice(sl, digits)}]` : `[tp ${formatPrice(tp, digits)}]`;
    liquidate(this.#ledger, position, { price, reason: lost ? 'SL' : 'TP', comment });
  }

  /** Closes the position with the largest loss, one after the other, until the margin level is above the stop-out level. */
  #watchMargin(): void {
    const { desk } = this.#ledger;
    while (desk.book.positions.size > 0) {
      const worth = worthNow(desk);
      if (worth.margin === 0 || (worth.equity / worth.margin) * 100 > STOP_OUT_LEVEL) return;
      const worst = this.#worstPosition();
      if (worst === null) return;
      const price = closingPrice(worst.side, desk.tick(worst.symbol));
      const comment = `[so ${marginLevel(worth).toFixed(2)}%]`;
      const closed = liquidate(this.#ledger, worst, { price, reason: 'SO', comment });
      if (closed.deal === 0n) return;
    }
  }

  #worstPosition(): BookPosition | null {
    const { desk } = this.#ledger;
    let worst: BookPosition | null = null;
    let loss = Infinity;
    for (const position of desk.book.positions.values()) {
      const profit = profitNow(desk, position);
      if (profit >= loss || !desk.isOpen(position.symbol)) continue;
      worst = position;
      loss = profit;
    }
    return worst;
  }

  #end(order: Order, state: 'CANCELED' | 'EXPIRED'): void {
    this.#firstShares.delete(order.ticket);
    endOrder(this.#ledger, order, state);
  }
}
