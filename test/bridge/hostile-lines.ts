import { seededRandom } from '../unit/mt5/terminal/random-bytes.ts';

/** The largest that the program takes: no line makes a call of it older than a halt. */
export const LAST_EPOCH = '9007199254740991';

/** Requests of every kind, well formed. */
const GOOD = [
  'ping',
  'account',
  'symbols',
  'symbol|EURUSD',
  'tick|EURUSD',
  'positions|EURUSD|1001|5',
  'orders||| ',
  'history|1700000000000|4102444800000',
  'candles|EURUSD|M5|10',
  'find|abcdefghijkl',
  'check|EURUSD|BUY|LIMIT|0.10000000|1.05|1.04|1.06|20|5|words~abcdefghijkl|0',
  'send|COMMAND|EPOCH|18446744073709551615|EURUSD|BUY|MARKET|0.01000000|0|0|0|20|5|words~abcdefghijkl|0',
  'send|COMMAND|EPOCH|18446744073709551615|GBPUSD|SELL|STOP|0.01000000|1.2|0|0|20|5|words|4102444800000',
  'close|COMMAND|EPOCH|18446744073709551615|1001|EURUSD|0.00000000|20|5|words',
  'modify|COMMAND|EPOCH|18446744073709551615|1001|1.04|1.2',
  'change|COMMAND|EPOCH|18446744073709551615|1002|1.05|1.04|1.06|0',
  'remove|COMMAND|EPOCH|18446744073709551615|1002',
];
const WITHOUT_NUMBER = ['halt|3', 'resume|EPOCH', 'subscribe|EURUSD|USDJPY|NOSUCH', 'alive', 'welcome|1|9.9.9|other|1'];

/** Far from those of a good request between them, also when it is cut. */
const FIRST_ID = 90_000_000;

/** What no field is meant to hold. */
const ODD = [
  ...['', ' ', '-', '.', '-1', '-0', '00000000000000000000000000000007', '+1', '1.', '.5', '1,5', '0x10'],
  ...['2147483648', '4294967296', '9007199254740993', '9223372036854775807', '9223372036854775808'],
  ...['18446744073709551615', '18446744073709551616', '99999999999999999999999999', '-9223372036854775808'],
  ...['1e308', '-1e308', 'NaN', 'inf', '0.000000000001', '9999999999.99999999', '-9999999999.99999999'],
  ...['\\', '\\\\', '\\t\\n', '\0', '\u{1F600}', '\uFFFF', '%s%n%d', 'BUY', 'SELL_LIMIT', 'MN1', 'NOSUCH'],
  ...['x'.repeat(300), '7'.repeat(5_000), 'ä'.repeat(2_000)],
];

/**
 * Lines of a gateway that is broken or means harm, each with its end, the same for the same seed: good lines with odd
 * fields, too few and too many of them, cut and damaged lines, requests that there are not, and random bytes.
 */
export function hostileLines(seed: number, count: number): readonly Buffer[] {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const goodLine = (at: number): string[] => {
    if (random.below(6) === 0) return pick(WITHOUT_NUMBER).replace('EPOCH', LAST_EPOCH).split('|');
    const request = pick(GOOD).replace('COMMAND', `hostile-${at}`).replace('EPOCH', LAST_EPOCH);
    return `${FIRST_ID + at}|${request}`.split('|');
  };
  const forms: readonly ((fields: string[]) => Buffer)[] = [
    (fields) => line(fields.with(random.below(fields.length), pick(ODD))),
    (fields) => line(fields.map((field, at) => (at > 1 && random.below(3) === 0 ? pick(ODD) : field))),
    (fields) => line(fields.slice(0, random.below(fields.length))),
    (fields) => line([...fields, ...Array.from({ length: random.below(6_000) }, () => '')]),
    ([id = '']) => line([id, pick(ODD), pick(ODD)]),
    (fields) => random.mangled(Buffer.from(fields.join('\t'))),
    () => Buffer.concat([random.bytes(random.below(3_000)), LINE_END]),
  ];
  return Array.from({ length: count }, (_, at) => pick(forms)(goodLine(at)));
}

const LINE_END = Buffer.from('\n');

function line(fields: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(fields.join('\t')), LINE_END]);
}
