import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTickLine, TickParser } from '../../../../main/mt5/terminal/tick-parser.ts';

const parser = new TickParser();

function parse(line: string) {
  const bytes = Buffer.from(`before\n${line}\nafter`);
  return parser.parse(bytes, 7, bytes.length - 6);
}

const bid = (text: string) => parse(`tick\tEURUSD\t${text}\t1\t0\t0\t1\t6`).bid;

describe('a tick parser', () => {
  it('reads a tick, and ignores what a newer program adds', () => {
    const tick = { symbol: 'EURUSD', bid: 1.17, ask: 1.17001, last: 0, volume: 0.5, timeMsc: 1767614400123, flags: 6 };
    expect(parse('tick\tEURUSD\t1.17000\t1.17001\t0\t0.50\t1767614400123\t6')).toEqual(tick);
    expect(parse('tick\tEURUSD\t1.17000\t1.17001\t0\t0.50\t1767614400123\t6\tnew\tfields')).toEqual(tick);
  });

  it('gives one and the same name for the same bytes, and tells others apart', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `S${at}.x`);
    for (let round = 0; round < 2; round += 1) {
      for (const name of names) expect(parse(`tick\t${name}\t1\t1\t0\t0\t1\t6`).symbol).toBe(name);
    }
    expect(parse('tick\ta\\tb\\\\ü\t1\t1\t0\t0\t1\t6').symbol).toBe('a\tb\\ü');
  });

  it.each([
    ...[
      '0',
      '-0',
      '0.1',
      '1.17',
      '-37.63',
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '0.30000000000000004',
    ],
    ...['123456789012345678901234567890', '1.17000000000000000000000000000000', '0.000000000000000000000000000001'],
    ...['179769313486231570000000000000000000000', '90071992547409.93', '4.35', '0.29', '1234567.89', '00012.50'],
  ])('reads the very double of Number(%j)', (text) => {
    expect(bid(text)).toBe(Number(text));
  });

  it('reads any decimal as Number does', () => {
    const digits = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 1, maxLength });
    const decimal = fc.tuple(fc.constantFrom('', '-'), digits(19), fc.option(digits(25)));
    fc.assert(
      fc.property(decimal, ([sign, whole, decimals]) => {
        const text = `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`;
        expect(bid(text)).toBe(Number(text));
      }),
      { numRuns: 20_000, seed: 5 },
    );
  });

  it.each([
    ...[
      '',
      ' ',
      '.',
      '-',
      '1.',
      '.5',
      '1..2',
      '1.2.3',
      '+1',
      '1e5',
      '0x10',
      'nan',
      'inf',
      'Infinity',
      '1,5',
      ' 1',
      '1 ',
    ],
    ...['--1', '1-', '9'.repeat(400), '\u0661'],
  ])('refuses the price %j', (text) => {
    expect(() => bid(text)).toThrow(/bid is/);
  });

  it.each([
    ['tick\t\t1\t1\t0\t0\t1\t6', /without symbol/],
    ['tick\tEURUSD', /without bid/],
    ['tick\tEURUSD\t1\t1\t0\t0\t1', /without flags/],
    ['tick\tEURUSD\t1\t1\t0\t0\t1.5\t6', /time is/],
    ['tick\tEURUSD\t1\t1\t0\t0\t-1\t6', /time is/],
    ['tick\tEURUSD\t1\t1\t0\t0\t9007199254740992\t6', /time is/],
    ['tick\tEUR\\USD\t1\t1\t0\t0\t1\t6', /no such escape/],
    ['tick\tEURUSD\t1\t1\t0\t0\t1\tx', /flags is "x"/],
  ])('refuses %j', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it('knows its lines', () => {
    const isTick = (text: string) => isTickLine(Buffer.from(text), 0, text.length);
    expect(['tick\t', 'tick\tA', 'tick', 'ticks\tA', '1\ttick\tA', ''].map(isTick)).toEqual([
      ...[true, true, false, false, false, false],
    ]);
  });
});
