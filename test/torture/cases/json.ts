import type { Case } from '../case.ts';
import { textFor, type Target } from '../target.ts';

type Write = (target: Target) => string | Buffer;
type Expect = Case['expect'];

const MALFORMED = 'refused MALFORMED';
const INVALID = 'refused INVALID_REQUEST';
const PAYLOAD = 'refused INVALID_PAYLOAD';
const UNKNOWN = 'refused UNKNOWN_ACTION';
const STALE = 'refused STALE';
const ORDER = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
const MARKET = 1.1;
const DAY_S = 86_400;

/** Texts that are no JSON, or not what JSON should be used for. */
const TEXTS: readonly (readonly [name: string, expect: Expect, write: Write])[] = [
  ['no JSON', MALFORMED, () => 'hello'],
  ['invalid UTF-8', MALFORMED, (t) => Buffer.concat([Buffer.from(textFor(t, 'HEARTBEAT').slice(0, -1)), invalid()])],
  ['a byte order mark', MALFORMED, (t) => `\ufeff${textFor(t, 'HEARTBEAT')}`],
  ['UTF-16', MALFORMED, (t) => Buffer.from(textFor(t, 'HEARTBEAT'), 'utf16le')],
  ['half a surrogate pair', MALFORMED, (t) => spelled(t, '"EURUSD"', '"\\ud800"')],
  ['a duplicate key', MALFORMED, (t) => spelled(t, '"volume":0.01', '"volume":0.01,"volume":100')],
  ['a duplicate action', MALFORMED, (t) => `{"action":"HEARTBEAT",${textFor(t, 'OPEN_ORDER', ORDER).slice(1)}`],
  ['a duplicate key in escapes', MALFORMED, (t) => spelled(t, '"volume":0.01', '"volume":0.01,"v\\u006flume":100')],
  ['lists 30,000 deep', MALFORMED, (t) => textFor(t, 'HEARTBEAT').replace('{}', `{"a":${nested(30_000)}}`)],
  ['lists 100,000 deep', 'no reply', (t) => textFor(t, 'HEARTBEAT').replace('{}', `{"a":${nested(100_000)}}`)],
  ['objects 10,000 deep', MALFORMED, () => '{"a":'.repeat(10_000)],
  ['__proto__ in the payload', PAYLOAD, (t) => spelled(t, '"volume":0.01', '"__proto__":{"volume":0.01}')],
  ['__proto__ in the envelope', INVALID, () => `{"__proto__":${JSON.stringify({ action: 'KILL_SWITCH' })}}`],
  ['constructor as action', UNKNOWN, (t) => textFor(t, 'constructor')],
  ['a list on top', MALFORMED, (t) => `[${textFor(t, 'HEARTBEAT')}]`],
  ['null on top', MALFORMED, () => 'null'],
  ['a string on top', MALFORMED, (t) => JSON.stringify(textFor(t, 'HEARTBEAT'))],
  ['bytes behind the end', MALFORMED, (t) => `${textFor(t, 'HEARTBEAT')}x`],
  ['a second request behind the first', MALFORMED, (t) => textFor(t, 'HEARTBEAT') + textFor(t, 'OPEN_ORDER', ORDER)],
  ['a NUL behind the end', MALFORMED, (t) => `${textFor(t, 'HEARTBEAT')}\0`],
  ['a comment', MALFORMED, (t) => `/* */${textFor(t, 'HEARTBEAT')}`],
  ['a trailing comma', MALFORMED, (t) => `${textFor(t, 'HEARTBEAT').slice(0, -1)},}`],
  ['NaN', MALFORMED, (t) => spelled(t, '0.01', 'NaN')],
  ['Infinity', MALFORMED, (t) => spelled(t, '0.01', 'Infinity')],
  ['1e999', MALFORMED, (t) => spelled(t, '0.01', '1e999')],
  ['a hexadecimal number', MALFORMED, (t) => spelled(t, '0.01', '0x10')],
  ['a number with a zero in front', MALFORMED, (t) => spelled(t, '0.01', '00.01')],
  ['a number of 5,000 digits', MALFORMED, (t) => spelled(t, '0.01', '9'.repeat(5_000))],
];

/** Envelopes with a field that is not what it should be. */
const ENVELOPES: readonly (readonly [name: string, expect: Expect, action: string, more: () => object])[] = [
  ['an empty object', INVALID, '', () => NOTHING],
  ['an unknown action', UNKNOWN, 'DROP_TABLE', () => ({})],
  ['a padded action', UNKNOWN, ' OPEN_ORDER ', () => ({})],
  ['a lower-case action', UNKNOWN, 'open_order', () => ({})],
  ['an action that is a number', INVALID, 'HEARTBEAT', () => ({ action: 1 })],
  ['an action of 50,000 letters', UNKNOWN, 'A'.repeat(50_000), () => ({})],
  ['an empty req_id', INVALID, 'HEARTBEAT', () => ({ req_id: '' })],
  ['a req_id of 200 letters', INVALID, 'HEARTBEAT', () => ({ req_id: 'r'.repeat(200) })],
  ['a req_id that is a list', INVALID, 'HEARTBEAT', () => ({ req_id: ['r'] })],
  ['a payload that is a list', INVALID, 'HEARTBEAT', () => ({ payload: [] })],
  ['a payload that is null', INVALID, 'HEARTBEAT', () => ({ payload: null })],
  ['a timestamp that is a string', INVALID, 'OPEN_ORDER', () => ({ timestamp: '1766800000' })],
  ['a timestamp that is negative', INVALID, 'OPEN_ORDER', () => ({ timestamp: -1 })],
  ['a timestamp in ms', STALE, 'OPEN_ORDER', () => ({ timestamp: Date.now() })],
  ['a timestamp in µs', INVALID, 'OPEN_ORDER', () => ({ timestamp: Date.now() * 1e3 })],
  ['a timestamp in ns', INVALID, 'OPEN_ORDER', () => ({ timestamp: Date.now() * 1e6 })],
  ['a timestamp of the year 9999', STALE, 'OPEN_ORDER', () => ({ timestamp: 253_402_300_799 })],
  ['a timestamp of yesterday', STALE, 'OPEN_ORDER', () => ({ timestamp: Date.now() / 1e3 - DAY_S })],
  ['a timestamp of tomorrow', STALE, 'OPEN_ORDER', () => ({ timestamp: Date.now() / 1e3 + DAY_S })],
  ['a ttl_ms of 0', INVALID, 'OPEN_ORDER', () => ({ ttl_ms: 0 })],
  ['a ttl_ms of a year', INVALID, 'OPEN_ORDER', () => ({ ttl_ms: 365 * DAY_S * 1_000 })],
];

/** What OPEN_ORDER is not to be asked for. */
const ORDERS: readonly (readonly [name: string, expect: Expect, payload: object])[] = [
  ['a volume of 0', PAYLOAD, { volume: 0 }],
  ['a volume of -0', PAYLOAD, { volume: -0 }],
  ['a negative volume', PAYLOAD, { volume: -0.01 }],
  ['a volume of 1e-9', 'refused REJECTED', { volume: 1e-9 }],
  ['a volume of 1e300', 'refused REJECTED', { volume: 1e300 }],
  ['a volume that is a string', PAYLOAD, { volume: '0.01' }],
  ['a volume off the step', 'refused REJECTED', { volume: 0.015 }],
  ['a price of 0', PAYLOAD, { type: 'LIMIT', price: 0 }],
  ['a negative price', PAYLOAD, { type: 'LIMIT', price: -1 }],
  ['a stop at 100 × market', 'refused REJECTED', { type: 'LIMIT', price: 100 * MARKET }],
  ['a stop loss on the wrong side', 'refused REJECTED', { sl: 100 * MARKET }],
  ['a take profit on the wrong side', 'refused REJECTED', { tp: MARKET / 100 }],
  ['a symbol with a NUL', PAYLOAD, { symbol: 'EURUSD\0' }],
  ['a symbol that is a path', 'refused NOT_FOUND', { symbol: '../../etc/passwd' }],
  ['a symbol that is a CSV formula', 'refused NOT_FOUND', { symbol: '=cmd|calc!A1' }],
  ['a symbol with a direction mark', PAYLOAD, { symbol: 'EUR\u202eUSD' }],
  ['a symbol in lower case', 'refused NOT_FOUND', { symbol: 'eurusd' }],
  ['an empty symbol', PAYLOAD, { symbol: '' }],
  ['a symbol of 60,000 letters', PAYLOAD, { symbol: 'E'.repeat(60_000) }],
  ['a comment with a line break', PAYLOAD, { comment: 'one\ntwo' }],
  ['a comment with an escape', PAYLOAD, { comment: '\u001b[2J' }],
  ['a comment of 300 letters', PAYLOAD, { comment: 'c'.repeat(300) }],
  ['a side that contradicts the type', PAYLOAD, { type: 'SELL' }],
  ['a magic of 2^64', PAYLOAD, { magic: 2 ** 64 }],
  ['an expiration in ms', PAYLOAD, { type: 'LIMIT', price: MARKET / 2, expiration: Date.now() }],
];

/** Tickets, as they stand in the text. */
const TICKETS: readonly (readonly [name: string, expect: Expect, literal: string])[] = [
  ['a ticket of 2^53 + 1', 'refused NOT_FOUND', '9007199254740993'],
  ['a negative ticket', PAYLOAD, '-1'],
  ['a ticket with a fraction', PAYLOAD, '1.5'],
  ['a ticket in hexadecimal', MALFORMED, '0x1F'],
  ['a ticket past 64 bits', PAYLOAD, '99999999999999999999'],
];

const NOTHING = {
  action: undefined,
  req_id: undefined,
  timestamp: undefined,
  payload: undefined,
  client_id: undefined,
};

/** JSON that is none, and JSON that says what must not be done. */
export const JSON_CASES: readonly Case[] = [
  ...TEXTS.map(([name, expect, write]) => asked(name, expect, write)),
  ...ENVELOPES.map(([name, expect, action, more]) => asked(name, expect, (t) => textFor(t, action, ORDER, more()))),
  ...ORDERS.map(([name, expect, payload]) =>
    asked(name, expect, (t) =>
      textFor(t, 'OPEN_ORDER', { ...ORDER, ...payload }).replace('"volume":0,', zeroOf(payload)),
    ),
  ),
  ...TICKETS.map(([name, expect, literal]) =>
    asked(name, expect, (t) => textFor(t, 'CLOSE_POSITION', { ticket: 'T' }).replace('"T"', literal)),
  ),
  {
    family: 'json',
    name: 'a req_id that is used again',
    expect: 'refused REQ_ID_REUSED',
    throwAt: async (target) => {
      const again = { req_id: 'used-again' };
      await target.asker.ask(textFor(target, 'OPEN_ORDER', { ...ORDER, volume: 1e300 }, again));
      return target.asker.ask(textFor(target, 'OPEN_ORDER', ORDER, again));
    },
  },
  {
    family: 'json',
    name: 'a volume of 0.29 at a step of 0.01',
    expect: 'answered',
    allows: { because: 'this one is right, although 0.29 / 0.01 is 28.999…', carriedOut: 4 },
    throwAt: async (target) => {
      const far = { ...ORDER, volume: 0.29, type: 'LIMIT', price: MARKET / 2 };
      const answer = await target.asker.ask(textFor(target, 'OPEN_ORDER', far));
      await target.asker.ask(textFor(target, 'CLOSE_ALL'));
      return answer;
    },
  },
];

function asked(name: string, expect: Expect, write: Write): Case {
  const limitMs = expect === 'no reply' ? 500 : undefined;
  return { family: 'json', name, expect, throwAt: (target) => target.asker.ask(write(target), limitMs) };
}

/** A valid order with one part spelled otherwise. */
function spelled(target: Target, part: string, otherwise: string): string {
  return textFor(target, 'OPEN_ORDER', ORDER).replace(part, () => otherwise);
}

// JSON.stringify knows no −0.
function zeroOf({ volume }: { volume?: unknown }): string {
  return Object.is(volume, -0) ? '"volume":-0,' : '"volume":0,';
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function invalid(): Buffer {
  return Buffer.from([0x2c, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
}
