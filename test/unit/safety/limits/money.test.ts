import { describe, expect, it } from 'vitest';
import { moneyText, tidyMoney } from '../../../../main/safety/limits/money.ts';

describe('money', () => {
  it('loses the dust of binary sums and nothing else', () => {
    expect(tidyMoney(0.1 + 0.2)).toBe(0.3);
    expect(tidyMoney(10_000 - 9_500.1)).toBe(499.9);
    expect(tidyMoney(0.00000001)).toBe(0.00000001);
    expect(Object.is(tidyMoney(-0.000000001), 0)).toBe(true);
  });

  it.each([
    [512.3, '512.30 EUR'],
    [-7, '-7.00 EUR'],
    [0.00012, '0.00012 EUR'],
  ])('writes %d with its currency', (amount, text) => {
    expect(moneyText(amount, 'EUR')).toBe(text);
  });
});
