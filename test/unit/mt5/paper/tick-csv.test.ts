import { describe, expect, it } from 'vitest';
import { TickCsvParser, type CsvLine } from '../../../../main/mt5/paper/tick-csv.ts';

const HEAD = '<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>';

function parserOf(head: string): TickCsvParser {
  const parser = TickCsvParser.fromHead(head);
  if (!(parser instanceof TickCsvParser)) throw new Error(parser.why);
  return parser;
}

function read(head: string, ...lines: string[]): CsvLine {
  const parser = parserOf(head);
  return lines.map((line) => parser.parse(line)).at(-1)!;
}

describe('a line of MetaTrader’s tick export', () => {
  it('is read with its milliseconds', () => {
    expect(read(HEAD, '2025.01.02\t03:04:05.678\t1.03500\t1.03510\t\t\t6')).toEqual({
      kind: 'tick',
      tick: {
        ...{ symbol: null, timeMs: Date.UTC(2025, 0, 2, 3, 4, 5, 678) },
        ...{ bid: 1.035, ask: 1.0351, last: 0, volume: 0, flags: 6 },
      },
    });
  });

  it('repeats the price before in an empty field', () => {
    const first = '2025.01.02\t00:00:00.000\t1.03500\t1.03510\t1.035\t3\t6';
    expect(read(HEAD, first, '2025.01.02\t00:00:00.100\t1.03499\t\t\t\t2')).toMatchObject({
      tick: { bid: 1.03499, ask: 1.0351, last: 1.035, volume: 0 },
    });
    expect(read(HEAD, first, '2025.01.02\t00:00:00.200\t\t1.03512')).toMatchObject({
      tick: { bid: 1.035, ask: 1.03512 },
    });
  });

  it.each([
    ['commas', '<DATE>,<TIME>,<BID>,<ASK>', '2025.01.02,00:00:00.5,1.1,1.2'],
    ['semicolons', '<DATE>;<TIME>;<BID>;<ASK>', '2025.01.02;00:00:00.500;1.1;1.2'],
    ['columns in another order', '<ASK>\t<BID>\t<TIME>\t<DATE>', '1.2\t1.1\t00:00:00.50\t2025.01.02'],
    ['a byte order mark', '\uFEFF<DATE>\t<TIME>\t<BID>\t<ASK>', '2025.01.02\t00:00:00.5\t1.1\t1.2'],
  ])('is read with %s', (_, head, line) => {
    const timeMs = Date.UTC(2025, 0, 2, 0, 0, 0, 500);
    expect(read(head, line)).toMatchObject({ kind: 'tick', tick: { timeMs, bid: 1.1, ask: 1.2 } });
  });

  it('names its symbol where there is a column for it, and repeats prices of that symbol only', () => {
    const head = '<SYMBOL>\t<DATE>\t<TIME>\t<BID>\t<ASK>';
    const lines = ['EURUSD\t2025.01.02\t00:00:00\t1.1\t1.2', 'GBPUSD\t2025.01.02\t00:00:00\t1.3\t1.4'];
    expect(read(head, ...lines, 'EURUSD\t2025.01.02\t00:00:01\t\t1.25')).toMatchObject({
      tick: { symbol: 'EURUSD', bid: 1.1, ask: 1.25 },
    });
  });

  it('may be blank', () => expect(read(HEAD, '  ')).toEqual({ kind: 'blank' }));

  it.each([
    ['2025-01-02\t00:00:00.000\t1.1\t1.2', 'date'],
    ['2025.02.30\t00:00:00.000\t1.1\t1.2', 'date'],
    ['2025.01.02\t24:00:00.000\t1.1\t1.2', 'date'],
    ['2025.01.02\t00:61:00.000\t1.1\t1.2', 'date'],
    ['2025.01.02', 'date'],
    ['2025.01.02\t00:00:00.000\tabc\t1.2', 'price'],
    ['2025.01.02\t00:00:00.000\t-1.1\t1.2', 'price'],
    ['2025.01.02\t00:00:00.000\t1,1\t1.2', 'price'],
    ['2025.01.02\t00:00:00.000\t1e5\t1.2', 'price'],
    ['2025.01.02\t00:00:00.000\t\t1.2', 'the first tick has both'],
    ['2025.01.02\t00:00:00.000\t0\t1.2', 'above 0'],
    ['2025.01.02\t00:00:00.000\t1.2\t1.1', 'below the bid'],
    ['2025.01.02\t00:00:00.000\t1.1\t1.2\t\tmany', 'volume'],
  ])('is bad as %j, and says why', (line, why) => {
    expect(read(HEAD, line)).toEqual({ kind: 'bad', why: expect.stringContaining(why) as string });
  });

  it('that is bad does not change what the next one repeats', () => {
    const first = '2025.01.02\t00:00:00.000\t1.1\t1.2';
    const bad = '2025.01.02\t00:00:00.100\t5\t1.0';
    expect(read(HEAD, first, bad, '2025.01.02\t00:00:00.200\t\t1.3')).toMatchObject({ tick: { bid: 1.1, ask: 1.3 } });
  });
});

describe('a file that is no tick export', () => {
  it.each(['', 'time,price', '<DATE>\t<TIME>\t<OPEN>\t<HIGH>', '2025.01.02\t00:00:00\t1.1\t1.2'])(
    'is told by its head %j',
    (head) => {
      expect(TickCsvParser.fromHead(head)).toEqual({ why: expect.stringContaining('<BID>') as string });
    },
  );
});
