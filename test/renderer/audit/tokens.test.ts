import { describe, expect, it } from 'vitest';
import { suggestionsFor } from '../../../renderer/views/audit/filter/suggestions.ts';
import { timeOf } from '../../../renderer/views/audit/filter/time-value.ts';
import {
  filterOf,
  isFinished,
  parsePiece,
  parseQuery,
  piecesOf,
  queryText,
  type Token,
  tokenText,
  withToken,
} from '../../../renderer/views/audit/filter/tokens.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 14, 2, 31);
const UUID = '0190f7c2-5a0e-7c1d-9a44-3f1f5f6b7c8d';

describe('a piece of the filter', () => {
  it.each<[string, Token]>([
    ['action:OPEN_ORDER', { key: 'action', value: 'OPEN_ORDER' }],
    ['action:open_order', { key: 'action', value: 'OPEN_ORDER' }],
    ['ACTION:OPEN_ORDER', { key: 'action', value: 'OPEN_ORDER' }],
    ['client:alpha', { key: 'client', value: 'alpha' }],
    ['client:"my brain"', { key: 'client', value: 'my brain' }],
    ['client:"a \\"b\\" \\\\c"', { key: 'client', value: 'a "b" \\c' }],
    ['client:a:b', { key: 'client', value: 'a:b' }],
    ['symbol:EURUSD.m', { key: 'symbol', value: 'EURUSD.m' }],
    ['status:rejected', { key: 'status', value: 'REJECTED' }],
    ['status:taken_out', { key: 'status', value: 'TAKEN_OUT' }],
    ['code:RISK_LIMIT', { key: 'code', value: 'RISK_LIMIT' }],
    ['by:OPERATOR', { key: 'by', value: 'operator' }],
    [`req:${UUID}`, { key: 'req', value: UUID }],
    ['after:2026-11-27T10:00', { key: 'after', value: '2026-11-27T10:00' }],
    ['before:2h', { key: 'before', value: '2h' }],
    ['intent', { key: 'type', value: 'INTENT' }],
    ['KILL_SWITCH', { key: 'action', value: 'KILL_SWITCH' }],
    [UUID, { key: 'req', value: UUID }],
  ])('%s is a token', (piece, token) => {
    expect(parsePiece(piece)).toEqual({ ok: true, token });
  });

  it.each([
    ['colour:red', { kind: 'unknownKey', key: 'colour' }],
    [':x', { kind: 'unknownKey', key: '' }],
    ['client:', { kind: 'noValue', key: 'client' }],
    ['client:"  "', { kind: 'noValue', key: 'client' }],
    ['type:ORDER', { kind: 'badWord', key: 'type', value: 'ORDER' }],
    ['by:me', { kind: 'badWord', key: 'by', value: 'me' }],
    ['status:ERROR', { kind: 'replyStatus', value: 'ERROR' }],
    ['status:fine', { kind: 'badWord', key: 'status', value: 'fine' }],
    ['after:yesterday', { kind: 'badTime', key: 'after', value: 'yesterday' }],
    ['before:2026-02-31', { kind: 'badTime', key: 'before', value: '2026-02-31' }],
    ['EURUSD', { kind: 'bareWord', word: 'EURUSD' }],
    ['constructor', { kind: 'bareWord', word: 'constructor' }],
  ])('%s is refused', (piece, fault) => {
    expect(parsePiece(piece)).toEqual({ ok: false, fault });
  });
});

describe('a whole filter', () => {
  it('parts at blanks, but not inside quotes', () => {
    expect(piecesOf('  type:INTENT client:"my brain"  by:operator ')).toEqual([
      'type:INTENT',
      'client:"my brain"',
      'by:operator',
    ]);
  });

  it.each([
    ['type:INTENT ', true],
    ['type:INTENT', false],
    ['client:"my ', false],
    ['client:"my brain" ', true],
    ['', false],
  ])('%j has come to its end: %s', (text, finished) => {
    expect(isFinished(text)).toBe(finished);
  });

  it('keeps the last token of a key, and what is none beside them', () => {
    expect(parseQuery('client:a what client:b')).toEqual({ tokens: [{ key: 'client', value: 'b' }], others: ['what'] });
  });

  it.each(['plain', 'two words', 'a"b', 'back\\slash', '"', ' inside ', 'colon:ed', '日本 語'])(
    'reads the value %j back from what it has written',
    (value) => {
      const text = queryText([
        { key: 'client', value },
        { key: 'by', value: 'client' },
      ]);
      expect(parseQuery(text).tokens[0]).toEqual({ key: 'client', value: value.trim() });
    },
  );

  it('puts a new value in the place of the old one', () => {
    const tokens = parseQuery('client:a by:operator').tokens;
    expect(withToken(tokens, { key: 'client', value: 'b' }).map(tokenText)).toEqual(['client:b', 'by:operator']);
  });

  it('is a filter of the contract, with times in the zone', () => {
    const { tokens } = parseQuery('action:OPEN_ORDER client:alpha req:7 after:2h before:2026-11-27T13:00');
    expect(filterOf(tokens, 'utc', NOW_MS)).toEqual({
      action: 'OPEN_ORDER',
      client: 'alpha',
      req: '7',
      since_ms: NOW_MS - 7_200_000,
      until_ms: Date.UTC(2026, 10, 27, 13),
    });
  });
});

describe('a time', () => {
  it.each([
    ['90s', NOW_MS - 90_000],
    ['15m', NOW_MS - 900_000],
    ['7d', NOW_MS - 604_800_000],
    ['2026-11-27', Date.UTC(2026, 10, 27)],
    ['2026-11-27T10:00', Date.UTC(2026, 10, 27, 10)],
    ['2026-11-27T10:00:30', Date.UTC(2026, 10, 27, 10, 0, 30)],
    ['2026-11-27T10:00Z', Date.UTC(2026, 10, 27, 10)],
    ['2026-11-27T24:00', null],
    ['2026-11-27T10:60', null],
    ['2026-11-27T10:00:60', null],
    ['2026-13-01', null],
    ['2w', null],
    ['10:00', null],
    ['', null],
  ])('%s in UTC', (text, ms) => {
    expect(timeOf(text, 'utc', NOW_MS)).toBe(ms);
  });

  it('without a zone of its own is of the zone of the preferences, with Z of UTC', () => {
    expect(timeOf('2026-11-27T10:00', 'local', NOW_MS)).toBe(new Date(2026, 10, 27, 10).getTime());
    expect(timeOf('2026-11-27T10:00Z', 'local', NOW_MS)).toBe(Date.UTC(2026, 10, 27, 10));
  });
});

describe('suggestions', () => {
  const known = { client: ['alpha', 'beta', 'my brain'], symbol: ['EURUSD', 'XAUUSD'] };
  const texts = (draft: string) => suggestionsFor(draft, known).map(({ text }) => text);

  it('are the keys before anything is typed', () => {
    expect(texts('')).toContain('client:');
    expect(texts('')).toHaveLength(10);
  });

  it('are keys, row types and actions for a bare word', () => {
    expect(texts('cl')).toEqual(expect.arrayContaining(['client:', 'type:CLIENT_CONNECTED', 'action:CLOSE_POSITION']));
  });

  it('are the values of a key, those that begin so first', () => {
    expect(texts('client:')).toEqual(['client:alpha', 'client:beta', 'client:"my brain"']);
    expect(texts('symbol:usd')).toEqual(['symbol:EURUSD', 'symbol:XAUUSD']);
    expect(texts('status:re')[0]).toBe('status:REJECTED');
  });

  it('are none for an unknown key', () => {
    expect(texts('colour:')).toEqual([]);
  });
});
