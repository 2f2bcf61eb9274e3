import { describe, expect, it } from 'vitest';
import {
  buildLine,
  escapeField,
  formatDecimal,
  formatVolume,
  splitLine,
  unescapeField,
} from '../../../../main/mt5/terminal/line-codec.ts';
import { LineFault } from '../../../../main/mt5/terminal/line-fault.ts';

describe('a line', () => {
  it('brings back every field as it was', () => {
    const fields = ['', 'plain', 'tab\tfeed\nreturn\rback\\slash', '\\t', '\\\\', 'Ünïcödé 漢字 🙂', '\u0000', ''];
    const line = buildLine(fields);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(splitLine(line.slice(0, -1))).toEqual(fields);
  });

  it.each(['\\', 'a\\', '\\q', '\\u0041', '\\\\\\'])('is refused for an escape that does not exist: %j', (text) => {
    expect(() => unescapeField(text)).toThrow(LineFault);
  });

  it('has at most 64 fields', () => {
    expect(splitLine(Array(64).fill('x').join('\t'))).toHaveLength(64);
    expect(() => splitLine(Array(65).fill('x').join('\t'))).toThrow('more than 64 fields');
  });

  it('is not escaped where nothing needs it', () => {
    expect(escapeField('EURUSD')).toBe('EURUSD');
  });
});

describe('a number for the terminal', () => {
  it.each([
    [0, '0'],
    [1.17, '1.17'],
    [-12.5, '-12.5'],
    [1e-7, '0.0000001'],
    [1.25e-8, '0.0000000125'],
    [-1.5e-10, '-0.00000000015'],
    [1e21, '1000000000000000000000'],
    [123456789.12345, '123456789.12345'],
  ])('is written without an exponent: %d', (value, text) => {
    expect(formatDecimal(value)).toBe(text);
    expect(Number(text)).toBe(value);
  });

  it.each([NaN, Infinity, -Infinity])('is never %d', (value) => {
    expect(() => formatDecimal(value)).toThrow(RangeError);
  });

  it('has 8 decimals as a volume, without the dust of binary sums', () => {
    expect(formatVolume(0.29)).toBe('0.29000000');
    expect(formatVolume(0.1 + 0.2)).toBe('0.30000000');
    expect(formatVolume(0)).toBe('0.00000000');
    // For the terminal to refuse: rounding it would trade another volume than was asked for.
    expect(formatVolume(0.100000001)).toBe('0.100000001');
  });
});
