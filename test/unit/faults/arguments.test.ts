import { describe, expect, it } from 'vitest';
import { parseFaultArguments } from '../../faults/arguments.ts';

describe('arguments of the fault runs', () => {
  it('are all parts with 100 cycles when there are none', () => {
    expect(parseFaultArguments([])).toEqual({ cycles: 100, seed: 1, only: null, json: false });
  });

  it('choose cycles, seed, one part and JSON', () => {
    const words = ['--cycles', '500', '--seed', '7', '--only', 'power', '--json'];
    expect(parseFaultArguments(words)).toEqual({ cycles: 500, seed: 7, only: 'power', json: true });
  });

  it.each([
    [['--cycles', '0'], '--cycles is a whole number'],
    [['--cycles', '1e3'], '--cycles is a whole number'],
    [['--seed', '-1'], ''],
    [['--only', 'fire'], 'kill, fsync, full, power'],
    [['--what'], '--what'],
  ])('refuse %j in words', (words, message) => {
    expect(() => parseFaultArguments(words)).toThrow(message);
  });
});
