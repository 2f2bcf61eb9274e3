import { describe, expect, it } from 'vitest';
import { decimalsOf, localTime, lots, money, price, profit, span } from '../../../main/brain/cli/figures.ts';

describe('figures for people', () => {
  it.each([
    [0, '0.00', '0.00'],
    [12.3, '12.30', '+12.30'],
    [-12.3, '-12.30', '-12.30'],
    [1_234_567.891, '1,234,567.89', '+1,234,567.89'],
    [-999_999.999, '-1,000,000.00', '-1,000,000.00'],
    [0.001, '0.00', '0.00'],
    [-0.001, '0.00', '0.00'],
  ])('writes %d as money and as profit', (amount, asMoney, asProfit) => {
    expect(money(amount)).toBe(asMoney);
    expect(profit(amount)).toBe(asProfit);
  });

  it('writes lots with two decimals or as many as they need', () => {
    expect([0.1, 1, 0.001, 100].map(lots)).toEqual(['0.10', '1.00', '0.001', '100.00']);
  });

  it('writes prices with as many decimals as told, and none for 0', () => {
    expect(price(1.05)).toBe('1.05');
    expect(price(1.05, 5)).toBe('1.05000');
    expect(price(0, 5)).toBe('');
    expect(decimalsOf(1.05, 1.05123, 100)).toBe(5);
    expect(decimalsOf(0.1 + 0.2)).toBe(1);
  });

  it('writes times in local time', () => {
    const atMs = new Date(2026, 0, 5, 4, 3, 2, 7).getTime();
    expect(localTime(atMs)).toBe('2026-01-05 04:03:02');
    expect(localTime(atMs, 'milliseconds')).toBe('2026-01-05 04:03:02.007');
  });

  it('writes spans in the two largest units', () => {
    expect([59.9, 60, 3_600, 90_000].map(span)).toEqual(['59 s', '1 min', '1 h 0 min', '1 d 1 h']);
  });
});
