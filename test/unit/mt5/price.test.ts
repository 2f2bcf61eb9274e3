import { describe, expect, it } from 'vitest';
import { formatPrice, normalisePrice, pointsBetween } from '../../../main/mt5/price.ts';

describe('prices', () => {
  it('are rounded to the double nearest to their decimal', () => {
    expect(normalisePrice(1.1000049, 5)).toBe(1.1);
    expect(normalisePrice(1.100006, 5)).toBe(1.10001);
    expect(normalisePrice(0.1 + 0.2, 5)).toBe(0.3);
    expect(normalisePrice(156.0004, 3)).toBe(156);
  });

  it('are written with all digits of their symbol', () => {
    expect(formatPrice(1.1, 5)).toBe('1.10000');
    expect(formatPrice(90_000, 2)).toBe('90000.00');
  });

  it('lie a whole number of points apart', () => {
    expect(pointsBetween(1.1, 1.1001, 0.00001)).toBe(10);
    expect(pointsBetween(1.1001, 1.1, 0.00001)).toBe(-10);
    expect(pointsBetween(0.3, 0.1 + 0.2, 0.00001)).toBe(0);
  });
});
