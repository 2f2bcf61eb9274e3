import { describe, expect, it } from 'vitest';
import { parseBenchArguments } from '../../bench/arguments.ts';

const KNOWN = ['round-trip', 'ticks-1'];

describe('the arguments of the benchmarks', () => {
  it('are a full run of everything when there are none', () => {
    expect(parseBenchArguments([], KNOWN)).toEqual({ quick: false, rows: [], jsonFile: 'dist/bench.json' });
  });

  it('choose rows, effort and file', () => {
    const words = ['--quick', '--rows', 'ticks-1,round-trip', '--json', 'x.json'];
    expect(parseBenchArguments(words, KNOWN)).toEqual({
      quick: true,
      rows: ['ticks-1', 'round-trip'],
      jsonFile: 'x.json',
    });
  });

  it('name a row that does not exist, and those that do', () => {
    expect(() => parseBenchArguments(['--rows', 'tick'], KNOWN)).toThrow('no row tick; there are round-trip, ticks-1');
  });

  it('refuse an option that does not exist', () => {
    expect(() => parseBenchArguments(['--fast'], KNOWN)).toThrow('--fast');
  });
});
