import type { BrokerPosition, BrokerSymbol, Side } from './broker-types.ts';
import { opposite } from './market.ts';
import type { Venue } from './venue.ts';
import { addLots, subtractLots } from './volume.ts';

/** What follows from the account's balance and positions. */
export interface AccountFigures {
  readonly profit: number;
  readonly equity: number;
  readonly margin: number;
  readonly marginFree: number;
  /** Percent; 0 without margin in use. */
  readonly marginLevel: number;
}

/** A holding as far as margin is concerned. */
export type Exposure = Pick<BrokerPosition, 'symbol' | 'side' | 'volumeLots' | 'priceOpen'>;

/** Money rounded to the account's digits. */
export function rounded(venue: Venue, money: number): number {
  const value = Number(money.toFixed(venue.account.currencyDigits));
  return value === 0 ? 0 : value;
}

/** Profit of `lots` between two prices, in the account's currency. */
export function profitOf(
  venue: Venue,
  { symbol: name, side, priceOpen }: Exposure,
  lots: number,
  priceClose: number,
): number {
  const symbol = venue.market.symbol(name);
  const move = side === 'BUY' ? priceClose - priceOpen : priceOpen - priceClose;
  const rate = venue.market.rate(symbol.currencyProfit, venue.account.currency);
  return rounded(venue, move * symbol.contractSize * lots * rate);
}

/** What the position could be closed at now. */
export function closePrice(venue: Venue, { symbol, side }: Pick<BrokerPosition, 'symbol' | 'side'>): number {
  return venue.market.dealPrice(symbol, opposite(side));
}

/** Profit of the position if it were closed now. */
export function floatingProfit(venue: Venue, position: BrokerPosition): number {
  return profitOf(venue, position, position.volumeLots, closePrice(venue, position));
}

/** Profit of one tick on one lot, in the account's currency. */
export function tickValue({ market, account }: Venue, symbol: BrokerSymbol): number {
  return symbol.tickSize * symbol.contractSize * market.rate(symbol.currencyProfit, account.currency);
}

export function accountFigures(venue: Venue): AccountFigures {
  const positions = [...venue.book.positions.values()];
  const profit = rounded(venue, sum(positions.map((position) => floatingProfit(venue, position))));
  const equity = rounded(venue, venue.account.balance + venue.account.credit + profit);
  return { profit, ...marginFigures(venue, equity, marginOf(venue, positions)) };
}

/** The account's figures if it also held what a deal of `lots` would bring. */
export function figuresWith(venue: Venue, symbol: string, side: Side, lots: number): AccountFigures {
  const { profit, equity } = accountFigures(venue);
  const deal = { symbol, side, volumeLots: lots, priceOpen: venue.market.dealPrice(symbol, side) };
  return { profit, ...marginFigures(venue, equity, marginOf(venue, exposuresWith(venue, deal))) };
}

function marginFigures(venue: Venue, equity: number, margin: number): Omit<AccountFigures, 'profit'> {
  const marginLevel = margin === 0 ? 0 : rounded(venue, (equity / margin) * 100);
  return { equity, margin, marginFree: rounded(venue, equity - margin), marginLevel };
}

function exposuresWith(venue: Venue, deal: Exposure): readonly Exposure[] {
  const positions = [...venue.book.positions.values()];
  if (venue.account.marginMode === 'HEDGING') return [...positions, deal];
  const held = venue.book.positionOf(deal.symbol);
  if (held === null) return [...positions, deal];
  return [...positions.filter((position) => position !== held), net(held, deal)];
}

function net(held: Exposure, deal: Exposure): Exposure {
  if (held.side === deal.side) return { ...held, volumeLots: addLots(held.volumeLots, deal.volumeLots) };
  const rest = subtractLots(held.volumeLots, deal.volumeLots);
  return rest >= 0 ? { ...held, volumeLots: rest } : { ...deal, volumeLots: -rest };
}

// Of opposite positions of one symbol only the larger side needs margin.
function marginOf(venue: Venue, exposures: readonly Exposure[]): number {
  const bySymbol = new Map<string, { BUY: number; SELL: number }>();
  for (const exposure of exposures) {
    const sides = bySymbol.get(exposure.symbol) ?? { BUY: 0, SELL: 0 };
    sides[exposure.side] += marginOfOne(venue, exposure);
    bySymbol.set(exposure.symbol, sides);
  }
  return rounded(venue, sum([...bySymbol.values()].map(({ BUY, SELL }) => Math.max(BUY, SELL))));
}

function marginOfOne(venue: Venue, { symbol: name, volumeLots, priceOpen }: Exposure): number {
  const { market, account } = venue;
  const symbol = market.symbol(name);
  const units = (volumeLots * symbol.contractSize) / account.leverage;
  if (symbol.marginFormula === 'FOREX' && symbol.currencyMargin === account.currency) return units;
  return units * priceOpen * market.rate(symbol.currencyProfit, account.currency);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
