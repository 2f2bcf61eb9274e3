import type { BrokerSymbol, Quote, Side } from './broker-types.ts';
import type { Listing } from './default-symbols.ts';
import { TICK_FLAG } from './mql5-enums.ts';

/** The symbols of the broker, what they are quoted at and whether they are traded now. */
export class Market {
  readonly #symbols = new Map<string, BrokerSymbol>();
  readonly #quotes = new Map<string, Quote>();
  readonly #closed = new Set<string>();

  constructor(listings: readonly Listing[], timeMsc: number) {
    for (const { symbol, bid, ask } of listings) {
      this.#symbols.set(symbol.name, symbol);
      const flags = TICK_FLAG.BID | TICK_FLAG.ASK;
      this.#quotes.set(symbol.name, { bid, ask, last: 0, volume: 0, timeMsc, flags });
    }
  }

  get symbols(): Iterable<BrokerSymbol> {
    return this.#symbols.values();
  }

  find(name: string): BrokerSymbol | undefined {
    return this.#symbols.get(name);
  }

  /** The symbol. Throws for one that the broker does not have. */
  symbol(name: string): BrokerSymbol {
    const symbol = this.#symbols.get(name);
    if (symbol === undefined) throw new Error(`the broker has no symbol ${name}`);
    return symbol;
  }

  setSymbol(symbol: BrokerSymbol): void {
    this.#symbols.set(symbol.name, symbol);
  }

  /** The last tick. Throws for a symbol that the broker does not have. */
  quote(name: string): Quote {
    const quote = this.#quotes.get(name);
    if (quote === undefined) throw new Error(`the broker has no symbol ${name}`);
    return quote;
  }

  setQuote(name: string, quote: Quote): void {
    this.#quotes.set(name, quote);
  }

  isOpen(name: string): boolean {
    return !this.#closed.has(name);
  }

  setOpen(name: string, isOpen: boolean): void {
    if (isOpen) this.#closed.delete(name);
    else this.#closed.add(name);
  }

  /** What a deal of `side` is made at: a purchase at the ask, a sale at the bid. */
  dealPrice(name: string, side: Side): number {
    const { bid, ask } = this.quote(name);
    return side === 'BUY' ? ask : bid;
  }

  /** What one unit of `currency` is worth in `target`; 1 where no symbol tells. */
  rate(currency: string, target: string): number {
    if (currency === target) return 1;
    const direct = this.#quotes.get(currency + target);
    if (direct !== undefined) return direct.bid;
    const inverse = this.#quotes.get(target + currency);
    return inverse === undefined ? 1 : 1 / inverse.ask;
  }
}

/** The smallest change that the symbol's digits show. */
export function pointOf({ digits }: BrokerSymbol): number {
  return Number(`1e-${digits}`);
}

/** Whole points from one price up to another. */
export function pointsBetween(from: number, to: number, symbol: BrokerSymbol): number {
  return Math.round((to - from) / pointOf(symbol));
}

/** The other side. */
export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}
