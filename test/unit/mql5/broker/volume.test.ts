import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLots, isOnStep, normaliseLots, shareOf, subtractLots } from '../../../mql5/broker/volume.ts';

describe('volumes', () => {
  it('are added and subtracted exactly in decimal', () => {
    expect(addLots(0.1, 0.2)).toBe(0.3);
    expect(subtractLots(0.3, 0.1)).toBe(0.2);
    expect(subtractLots(0.29, 0.29)).toBe(0);
    expect(normaliseLots(0.1 + 0.2)).toBe(0.3);
    expect(normaliseLots(Number.NaN)).toBeNaN();
  });

  it('are on the step when they are so in decimal', () => {
    expect(isOnStep(0.29, 0.01)).toBe(true);
    expect(isOnStep(0.7, 0.1)).toBe(true);
    expect(isOnStep(0.015, 0.01)).toBe(false);
  });

  it('have shares that are rounded down to the step', () => {
    expect(shareOf(0.29, 0.55, 0.01)).toBe(0.15);
    expect(shareOf(0.3, 1 / 3, 0.1)).toBe(0.1);
    expect(shareOf(0.01, 0.5, 0.01)).toBe(0);
  });

  it('come apart and together again for every number of steps', () => {
    const hundredths = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        expect(subtractLots(addLots(a / 100, b / 100), b / 100)).toBe(a / 100);
        expect(isOnStep(addLots(a / 100, b / 100), 0.01)).toBe(true);
      }),
    );
  });
});
