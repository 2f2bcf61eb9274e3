import type { CloseOrder, TradeOutcome } from '../../main/mt5/handler.ts';
import type { Deal, MarginMode, NewOrder, Order, Position } from '../../main/mt5/market.ts';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import { addLots } from '../../main/mt5/volume.ts';
import type { Side } from '../../main/protocol/payloads.ts';
import { toTicket, type Ticket } from '../../main/protocol/ticket.ts';
import { answered } from '../fakes/fake-terminal.ts';

const NONE = toTicket(0);
export const PRICE = 1.1;

type Marks = Pick<Position, 'magic' | 'comment'>;

/** The account at the broker: positions and orders of one price that never moves, on a netting or a hedging account. */
export class Broker {
  readonly positions = new Map<Ticket, Position>();
  /** Pending orders, and market orders that are placed and not dealt yet. */
  readonly orders = new Map<Ticket, Order>();
  readonly deals: Deal[] = [];
  readonly endedOrders: Order[] = [];
  readonly marginMode: MarginMode;
  readonly #nowMs: () => number;
  /** Something was dealt or placed that carries these marks; `isEntry` where it may have opened something. */
  onDone: (marks: Marks, isEntry: boolean) => void = () => {};
  onChange: (position: Position) => void = () => {};
  #lastTicket = 1_000;

  constructor(marginMode: MarginMode, nowMs: () => number) {
    this.marginMode = marginMode;
    this.#nowMs = nowMs;
  }

  /** A pending order is placed, a market order dealt, up to `lots` of it. */
  enter(order: NewOrder, lots = order.volumeLots): TradeOutcome {
    const ticket = this.#ticket();
    if (order.type !== 'MARKET') {
      this.orders.set(ticket, this.#order(ticket, order));
      this.onDone(order, true);
      return answered(RETCODE.DONE, { order: ticket, volumeLots: order.volumeLots, price: PRICE });
    }
    const position = this.#deal(ticket, order.symbol, order.side, lots, order);
    this.endedOrders.push({ ...this.#order(ticket, order), state: 'FILLED', position });
    const retcode = lots < order.volumeLots ? RETCODE.DONE_PARTIAL : RETCODE.DONE;
    return answered(retcode, { order: ticket, deal: ticket, position, volumeLots: lots, price: PRICE });
  }

  /** A market order that is accepted now, to be dealt by `dealPlaced`; until then it is among the orders. */
  place(order: NewOrder): { readonly ticket: Ticket; readonly outcome: TradeOutcome } {
    const ticket = this.#ticket();
    this.orders.set(ticket, { ...this.#order(ticket, order), type: order.side });
    return { ticket, outcome: answered(RETCODE.PLACED, { order: ticket }) };
  }

  /** Deals an order that is in the book, pending or placed; one that is gone is left alone. */
  dealPlaced(ticket: Ticket): void {
    const order = this.orders.get(ticket);
    if (order === undefined) return;
    this.orders.delete(ticket);
    const side = order.type.startsWith('BUY') ? 'BUY' : 'SELL';
    const position = this.#deal(ticket, order.symbol, side, order.volumeCurrentLots, order, order.type === side);
    this.endedOrders.push({ ...order, state: 'FILLED', position });
  }

  /** Closes up to `mostLots` of a position. Never opens the other side. */
  exit(close: CloseOrder, mostLots = Infinity): TradeOutcome {
    const live = this.positions.get(close.ticket);
    if (live === undefined) return answered(RETCODE.POSITION_CLOSED);
    const asked = close.volumeLots ?? live.volumeLots;
    if (asked > live.volumeLots) return answered(RETCODE.INVALID_VOLUME);
    const lots = Math.min(asked, mostLots);
    const deal = this.#reduce(live, lots, close, this.#ticket());
    const retcode = lots < asked ? RETCODE.DONE_PARTIAL : RETCODE.DONE;
    return answered(retcode, { order: deal, deal, position: live.ticket, volumeLots: lots, price: PRICE });
  }

  /** Removes a pending order; one that is being dealt stays. */
  cancel(ticket: Ticket): TradeOutcome {
    const order = this.orders.get(ticket);
    if (order === undefined) return answered(RETCODE.INVALID);
    if (order.type === 'BUY' || order.type === 'SELL') return answered(RETCODE.ORDER_CHANGED);
    this.orders.delete(ticket);
    this.endedOrders.push({ ...order, state: 'CANCELED' });
    return answered(RETCODE.DONE, { order: ticket });
  }

  #deal(ticket: Ticket, symbol: string, side: Side, lots: number, marks: Marks, isNew = true): Ticket {
    if (isNew) this.onDone(marks, true);
    const standing = this.marginMode === 'NETTING' ? this.#ofSymbol(symbol) : undefined;
    if (standing === undefined) {
      this.#record({ ticket, position: ticket, symbol, side, entry: 'IN', volumeLots: lots }, marks);
      this.#put(this.#position(ticket, symbol, side, lots, marks));
      return ticket;
    }
    if (standing.side === side) {
      this.#record({ ticket, position: standing.ticket, symbol, side, entry: 'IN', volumeLots: lots }, marks);
      this.#put({ ...standing, volumeLots: addLots(standing.volumeLots, lots) });
      return standing.ticket;
    }
    if (lots <= standing.volumeLots) {
      this.#reduce(standing, lots, marks, ticket, false);
      return standing.ticket;
    }
    this.positions.delete(standing.ticket);
    this.#record({ ticket, position: standing.ticket, symbol, side, entry: 'INOUT', volumeLots: lots }, marks);
    this.#put(this.#position(ticket, symbol, side, addLots(lots, -standing.volumeLots), marks));
    return ticket;
  }

  #reduce(live: Position, lots: number, marks: Marks, deal: Ticket, isNew = true): Ticket {
    if (isNew) this.onDone(marks, false);
    const side = live.side === 'BUY' ? 'SELL' : 'BUY';
    const { symbol, ticket: position } = live;
    this.#record({ ticket: deal, position, symbol, side, entry: 'OUT', volumeLots: lots }, marks);
    const rest = { ...live, volumeLots: addLots(live.volumeLots, -lots) };
    if (rest.volumeLots > 0) this.positions.set(live.ticket, rest);
    else this.positions.delete(live.ticket);
    this.onChange(rest);
    return deal;
  }

  #put(position: Position): void {
    this.positions.set(position.ticket, position);
    this.onChange(position);
  }

  #ofSymbol(symbol: string): Position | undefined {
    return [...this.positions.values()].find((position) => position.symbol === symbol);
  }

  #ticket(): Ticket {
    return toTicket((this.#lastTicket += 1));
  }

  #position(ticket: Ticket, symbol: string, side: Side, volumeLots: number, { magic, comment }: Marks): Position {
    const atMs = this.#nowMs();
    const prices = { openPrice: PRICE, currentPrice: PRICE, sl: 0, tp: 0, profit: 0, swap: 0 };
    const head = { ticket, identifier: ticket, symbol, side, volumeLots, magic, comment };
    return { ...head, ...prices, openedAtMs: atMs, updatedAtMs: atMs };
  }

  #order(ticket: Ticket, { symbol, side, type, volumeLots, magic, comment }: NewOrder): Order {
    return {
      ...{ ticket, symbol, magic, comment, position: NONE, state: 'PLACED', filling: 'RETURN' },
      type: type === 'MARKET' ? side : `${side}_${type}`,
      ...{ volumeInitialLots: volumeLots, volumeCurrentLots: volumeLots },
      ...{ openPrice: PRICE, currentPrice: PRICE, sl: 0, tp: 0 },
      ...{ setupAtMs: this.#nowMs(), doneAtMs: 0, expirationMs: 0 },
    };
  }

  #record(deal: Pick<Deal, 'ticket' | 'position' | 'symbol' | 'side' | 'entry' | 'volumeLots'>, marks: Marks): void {
    const { magic, comment } = marks;
    const money = { price: PRICE, profit: 0, commission: 0, swap: 0 };
    this.deals.push({
      ...deal,
      ...money,
      ...{ magic, comment, order: deal.ticket, reason: magic === 0n && comment === '' ? 'CLIENT' : 'EXPERT' },
      atMs: this.#nowMs(),
    });
  }
}
