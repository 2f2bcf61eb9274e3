import type { Side } from '../../protocol/payloads.ts';
import type { MarginMode } from '../market.ts';
import { addLots, normaliseLots } from '../volume.ts';
import { marginOf, toCents } from './money.ts';
import type { PaperSymbol } from './paper-symbols.ts';

/** What margin is reckoned from: an open position, or an order that would become one. */
export interface Leg {
  readonly symbol: string;
  readonly side: Side;
  readonly volumeLots: number;
  readonly openPrice: number;
}

interface SideSum {
  lots: number;
  /** Margin as if nothing stood against it. */
  margin: number;
}

/**
 * Margin of all legs, in US dollars to the cent. Per symbol the volume that nothing stands against counts at its own
 * side's average price; hedged volume counts once for both sides, at the average of all, and in a netting account not
 * at all, because there the sides cancel each other out.
 */
export function marginOfLegs(
  legs: Iterable<Leg>,
  symbols: ReadonlyMap<string, PaperSymbol>,
  leverage: number,
  mode: MarginMode,
): number {
  const sums = new Map<string, Record<Side, SideSum>>();
  for (const leg of legs) addLeg(sums, leg, symbols, leverage);
  let total = 0;
  for (const sides of sums.values()) total += symbolMargin(sides, mode);
  return toCents(total);
}

function addLeg(
  sums: Map<string, Record<Side, SideSum>>,
  leg: Leg,
  symbols: ReadonlyMap<string, PaperSymbol>,
  leverage: number,
): void {
  const symbol = symbols.get(leg.symbol);
  if (symbol === undefined) return;
  let sides = sums.get(leg.symbol);
  if (sides === undefined) {
    sides = { BUY: { lots: 0, margin: 0 }, SELL: { lots: 0, margin: 0 } };
    sums.set(leg.symbol, sides);
  }
  const sum = sides[leg.side];
  sum.lots += leg.volumeLots;
  sum.margin += marginOf(symbol, leg.volumeLots, leg.openPrice, leverage);
}

function symbolMargin({ BUY: buy, SELL: sell }: Record<Side, SideSum>, mode: MarginMode): number {
  // Sums of lots carry binary dust, which must not pass for uncovered volume.
  const [buyLots, sellLots] = [normaliseLots(buy.lots), normaliseLots(sell.lots)];
  const hedgedLots = Math.min(buyLots, sellLots);
  const [largerLots, largerMargin] = buyLots >= sellLots ? [buyLots, buy.margin] : [sellLots, sell.margin];
  if (largerLots === 0) return 0;
  const uncovered = (largerMargin / largerLots) * addLots(largerLots, -hedgedLots);
  const hedged = ((buy.margin + sell.margin) / (buyLots + sellLots)) * hedgedLots;
  return mode === 'HEDGING' ? uncovered + hedged : uncovered;
}
