import type { Clock } from '../../clock.ts';
import type { Mt5Handler, Query } from '../../mt5/handler.ts';
import type { MarginMode, Order, Position } from '../../mt5/market.ts';
import { refusal, type Refusal } from '../../protocol/codes.ts';
import { ask } from '../flatten-book.ts';
import type { Admission } from '../safety-port.ts';
import type { LimitWarnings } from './limit-warnings.ts';

export interface OpenPositionsPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'state' | 'positions' | 'orders'>;
  readonly warnings: LimitWarnings;
}

/** An entry that has been admitted, or is being judged, and whose outcome is not known. */
interface Entry {
  readonly symbol: string;
}

interface Book {
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
}

/**
 * How many positions the account may have, its other users' included. Pending orders and entries that are on their way
 * count as positions to come, so that no number of orders at once gets past the limit. An entry that is filled already and
 * whose outcome is not told yet counts twice for that moment: near the limit an order may be refused too early, but none is
 * admitted too late.
 */
export class OpenPositions {
  readonly #ports: OpenPositionsPorts;
  readonly #most: number;
  /** In the order in which they came: each is judged with all before it. */
  readonly #onTheWay = new Set<Entry>();

  constructor(ports: OpenPositionsPorts, most: number) {
    this.#ports = ports;
    this.#most = most;
  }

  /** Whether one more order of a symbol may go out. */
  async admit(symbol: string): Promise<Admission> {
    // Taken before the book is read: one that ends meanwhile may not be in what is read.
    const ahead = [...this.#onTheWay];
    const entry: Entry = { symbol };
    this.#onTheWay.add(entry);
    const ended = () => void this.#onTheWay.delete(entry);
    const refused = this.#judge(symbol, ahead, await this.#read());
    if (refused === null) return { admitted: true, ended };
    ended();
    return { admitted: false, refusal: refused };
  }

  /** Orders first: one that triggers in between is then seen as one or the other, never missed. */
  async #read(): Promise<Query<Book>> {
    const { clock, terminal } = this.#ports;
    const [orders, positions] = await Promise.all([
      ask(clock, () => terminal.orders()),
      ask(clock, () => terminal.positions()),
    ]);
    if (!orders.ok) return orders;
    if (!positions.ok) return positions;
    return { ok: true, value: { orders: orders.value, positions: positions.value } };
  }

  #judge(symbol: string, ahead: readonly Entry[], book: Query<Book>): Refusal | null {
    if (!book.ok) return refusal(book.code, `the open positions cannot be counted: ${book.message}; nothing was sent`);
    const { terminal, warnings } = this.#ports;
    const before = countBefore(terminal.state().marginMode, symbol, ahead, book.value);
    if (before === null) return null;
    const value = before + 1;
    const limitValue = this.#most;
    if (value <= limitValue) {
      warnings.follow({ limit: 'OPEN_POSITIONS', value, limitValue, percent: (value / limitValue) * 100 });
      return null;
    }
    const have = `${before} ${before === 1 ? 'position is' : 'positions are'} open or on the way`;
    return refusal('RISK_LIMIT', `${have}, the limit is ${limitValue} open positions; nothing was sent`);
  }
}

/** Positions that there are or may come to be, before this order; null where it cannot open one more. */
function countBefore(
  marginMode: MarginMode,
  symbol: string,
  ahead: readonly Entry[],
  { positions, orders }: Book,
): number | null {
  if (marginMode === 'HEDGING') {
    // What is left of an order that has been filled in part adds to its own position.
    const toCome = orders.filter((order) => order.position === 0n);
    return positions.length + toCome.length + ahead.length;
  }
  // A netting account has one position a symbol: adding to it, reducing it and turning it round open no other.
  const symbols = new Set([...positions, ...orders, ...ahead].map((item) => item.symbol));
  return symbols.has(symbol) ? null : symbols.size;
}
