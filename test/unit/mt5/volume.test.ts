import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLots, formatLots, isOnStep, normaliseLots, roundDownToStep } from '../../../main/mt5/volume.ts';

describe('a volume and its step', () => {
  it.each([
    [0.29, 0.01],
    [0.57, 0.01],
    [1.1, 0.1],
    [100, 0.01],
    [0.001, 0.001],
    [3, 1],
    [0.75, 0.25],
  ])('takes %d as a multiple of %d', (volume, step) => expect(isOnStep(volume, step)).toBe(true));

  it.each([
    [0.295, 0.01],
    [0.015, 0.01],
    [0.0100000001, 0.01],
    [1.05, 0.1],
    [0.5, 1],
    [NaN, 0.01],
    [Infinity, 0.01],
    [1e300, 0.01],
  ])('takes %d for no multiple of %d', (volume, step) => expect(isOnStep(volume, step)).toBe(false));

  it('forgives the dust of a sum in binary', () => {
    expect(isOnStep(0.1 + 0.2, 0.01)).toBe(true);
    expect(normaliseLots(0.1 + 0.2)).toBe(0.3);
  });

  it('takes every hundredth up to a hundred lots as on the step, and every half of one as off it', () => {
    for (let hundredths = 1; hundredths <= 10_000; hundredths += 1) {
      expect(isOnStep(hundredths / 100, 0.01)).toBe(true);
      expect(isOnStep((hundredths * 10 + 5) / 1000, 0.01)).toBe(false);
    }
  });

  it.each([
    [0.299, 0.01, 0.29],
    [0.29, 0.01, 0.29],
    [0.009, 0.01, 0],
    [1.99, 0.5, 1.5],
    [1 / 3, 0.01, 0.33],
  ])('rounds %d down to steps of %d as %d', (volume, step, down) => expect(roundDownToStep(volume, step)).toBe(down));
});

describe('sums of lots', () => {
  it('are the decimals that a person would write', () => {
    expect(addLots(0.1, 0.2)).toBe(0.3);
    expect(addLots(0.3, -0.1)).toBe(0.2);
    expect(addLots(0.29, -0.29)).toBe(0);
  });

  it('give back what was taken away, however often', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 })), (hundredths) => {
        const lots = hundredths.map((count) => count / 100);
        const sum = lots.reduce(addLots, 0);
        expect(lots.reduce((rest, part) => addLots(rest, -part), sum)).toBe(0);
      }),
    );
  });
});

describe('a volume in writing', () => {
  it('has the decimals of its step', () => {
    expect(formatLots(0.1, 0.01)).toBe('0.10');
    expect(formatLots(2, 1)).toBe('2');
    expect(formatLots(0.5, 0.001)).toBe('0.500');
  });
});
