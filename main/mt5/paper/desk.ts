import type { MarginMode, SymbolTradeMode, Tick } from '../market.ts';
import type { Book } from './book.ts';
import type { PaperSymbol } from './paper-symbols.ts';

/** What the broker's rules look at: the account and the market of the moment. They change nothing in it. */
export interface Desk {
  readonly book: Book;
  readonly symbols: ReadonlyMap<string, PaperSymbol>;
  readonly marginMode: MarginMode;
  readonly leverage: number;
  /** The last prices of a symbol of this desk. */
  tick(symbol: string): Tick;
  isOpen(symbol: string): boolean;
  tradeMode(symbol: string): SymbolTradeMode;
  /** The broker's time: whole Unix milliseconds. */
  nowMs(): number;
}

/** A symbol that the book names. The journal is checked for unknown ones at start, so that missing here is a bug. */
export function symbolOf(desk: Desk, name: string): PaperSymbol {
  const symbol = desk.symbols.get(name);
  if (symbol === undefined) throw new Error(`the paper broker has no symbol ${name}`);
  return symbol;
}
