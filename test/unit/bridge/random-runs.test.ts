import { describe, expect, it } from 'vitest';
import { firstSeed, parseRuns, parseSeed, randomRuns } from '../../bridge/random-runs.ts';

describe('How many random runs, and from which seed on', () => {
  it('is 100 from seed 0 where nothing is said', () => {
    expect([randomRuns({}), firstSeed({})]).toEqual([100, 0]);
  });

  it('is what the environment says', () => {
    expect(randomRuns({ MT5_FABRIC_BRIDGE_RUNS: '1000' })).toBe(1_000);
    expect(firstSeed({ MT5_FABRIC_BRIDGE_SEED: '17' })).toBe(17);
  });

  it.each(['', '0', '-1', '1.5', 'many', '1000001'])('is refused as "%s" runs', (text) => {
    expect(() => parseRuns(text)).toThrow('--runs takes a whole number from 1 to 1000000');
  });

  it.each(['', '-1', '0x10', '4000000001'])('is refused as seed "%s"', (text) => {
    expect(() => parseSeed(text)).toThrow('--seed takes a whole number from 0');
  });
});
