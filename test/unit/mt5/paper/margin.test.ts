import { describe, expect, it } from 'vitest';
import { marginOfLegs, type Leg } from '../../../../main/mt5/paper/margin.ts';
import { paperSymbols } from '../../../../main/mt5/paper/paper-symbols.ts';

const symbols = paperSymbols('');

function leg(symbol: string, side: Leg['side'], volumeLots: number, openPrice: number): Leg {
  return { symbol, side, volumeLots, openPrice };
}

describe('margin', () => {
  it.each([
    ['of a euro pair is its euros in dollars', leg('EURUSD', 'BUY', 1, 1.17), 1_170],
    ['of a pair that is counted in dollars does not depend on its price', leg('USDJPY', 'SELL', 0.5, 156), 500],
    ['of gold is its contract of 100 ounces at its price', leg('XAUUSD', 'BUY', 0.1, 4_300), 430],
    ['of bitcoin is its price', leg('BTCUSD', 'SELL', 2, 90_000), 1_800],
  ])('%s, divided by the leverage', (_, only, margin) => {
    expect(marginOfLegs([only], symbols, 100, 'HEDGING')).toBe(margin);
    expect(marginOfLegs([only], symbols, 50, 'HEDGING')).toBe(2 * margin);
  });

  it('counts hedged volume once, at the average price of both sides, and the rest at its own side’s', () => {
    const legs = [leg('EURUSD', 'BUY', 3, 1.1), leg('EURUSD', 'SELL', 1, 1.3)];
    expect(marginOfLegs(legs, symbols, 100, 'HEDGING')).toBe(2 * 1_100 + (3 * 1_100 + 1_300) / 4);
  });

  it('counts only what is left over in a netting account', () => {
    const legs = [leg('EURUSD', 'BUY', 3, 1.1), leg('EURUSD', 'SELL', 1, 1.3)];
    expect(marginOfLegs(legs, symbols, 100, 'NETTING')).toBe(2 * 1_100);
  });

  it('does not let one symbol hedge another', () => {
    const legs = [leg('EURUSD', 'BUY', 1, 1.1), leg('GBPUSD', 'SELL', 1, 1.3)];
    expect(marginOfLegs(legs, symbols, 100, 'NETTING')).toBe(2_400);
  });

  it('is nothing for nothing, and for sides that cancel out to the last hundredth', () => {
    expect(marginOfLegs([], symbols, 100, 'HEDGING')).toBe(0);
    const legs = [leg('EURUSD', 'BUY', 0.1, 1.1), leg('EURUSD', 'BUY', 0.2, 1.1), leg('EURUSD', 'SELL', 0.3, 1.1)];
    expect(marginOfLegs(legs, symbols, 100, 'NETTING')).toBe(0);
  });
});
