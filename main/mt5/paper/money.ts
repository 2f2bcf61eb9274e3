import type { Side } from '../../protocol/payloads.ts';
import type { SymbolSpec, Tick } from '../market.ts';
import type { PaperSymbol } from './paper-symbols.ts';

/** The other side. */
export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** The price at which an order of `side` is filled: a buyer pays the ask. */
export function dealPrice(side: Side, tick: Tick): number {
  return side === 'BUY' ? tick.ask : tick.bid;
}

/** Money to whole cents; never -0. */
export function toCents(money: number): number {
  return Math.round(money * 100) / 100 + 0;
}

/** Profit in US dollars of `lots` opened at one price and closed at another, to the cent. Yen are changed at the closing price. */
export function profitOf(spec: SymbolSpec, side: Side, lots: number, openPrice: number, closePrice: number): number {
  const move = side === 'BUY' ? closePrice - openPrice : openPrice - closePrice;
  const inProfitCurrency = move * spec.contractSize * lots;
  return toCents(spec.currencyProfit === 'USD' ? inProfitCurrency : inProfitCurrency / closePrice);
}

/** Margin in US dollars that one side of a symbol takes, before anything is hedged. */
export function marginOf(symbol: PaperSymbol, lots: number, price: number, leverage: number): number {
  const units = lots * symbol.spec.contractSize;
  const inDollars = symbol.spec.currencyMargin === 'USD' ? units : units * price;
  return inDollars / leverage;
}
