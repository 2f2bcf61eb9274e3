import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, spread } from '../../bench/statistics.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('median', () => {
  it('is the middle value of an odd count, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two middle values of an even count', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('sorts by size, not as text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('is never when most rounds never ended', () => {
    expect(median([3, Infinity, Infinity])).toBe(Infinity);
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    expect(percentile(upTo(100), 50)).toBe(50);
    expect(percentile(upTo(100), 99)).toBe(99);
    expect(percentile(upTo(100), 100)).toBe(100);
  });

  it('does not slip a rank where the decimals of 99.9 cannot be exact', () => {
    expect(percentile(upTo(1_000), 99.9)).toBe(999);
    expect(percentile(upTo(10_000), 99.9)).toBe(9_990);
    expect(percentile(upTo(2_000), 99.9)).toBe(1_998);
  });

  it('is the largest value where there are too few for the percentile', () => {
    expect(percentile([3, 1, 2], 99.9)).toBe(3);
  });

  it('leaves the order of what it was given alone', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses what is not a percentile, and no values at all', () => {
    expect(() => percentile([1], 0)).toThrow(RangeError);
    expect(() => percentile([1], 101)).toThrow(RangeError);
    expect(() => percentile([], 50)).toThrow('no values');
    expect(() => percentile([1, Number.NaN], 50)).toThrow('not a number');
  });

  it('is one of the values, at least so many per cent do not exceed it, and no smaller value does that', () => {
    const values = fc.array(fc.integer(), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const found = percentile(all, percent);
        const share = (value: number) => (100 * all.filter((other) => other <= value).length) / all.length;
        expect(all).toContain(found);
        expect(share(found)).toBeGreaterThanOrEqual(percent);
        for (const smaller of all.filter((value) => value < found)) expect(share(smaller)).toBeLessThan(percent);
      }),
    );
  });
});

describe('spread', () => {
  it('sums rounds up', () => {
    expect(spread([4, 2, 9])).toEqual({ median: 4, min: 2, max: 9, rounds: 3 });
  });
});
