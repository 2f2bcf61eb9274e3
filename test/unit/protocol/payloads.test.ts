import { describe, expect, it } from 'vitest';
import { decodeRequest } from '../../../main/protocol/decode.ts';

/** Decodes a payload that is given as text, so that it can hold what JSON.stringify would not write. */
function decode(action: string, payload: string) {
  return decodeRequest(Buffer.from(`{"action":"${action}","req_id":"a","timestamp":1766800000,"payload":${payload}}`));
}

function payloadOf(action: string, payload: string): unknown {
  const decoded = decode(action, payload);
  if (decoded.kind !== 'request') throw new Error(JSON.stringify(decoded));
  return decoded.request.payload;
}

function faultOf(action: string, payload: string): string {
  const decoded = decode(action, payload);
  if (decoded.kind !== 'refused') throw new Error(`accepted: ${payload}`);
  return `${decoded.refusal.code}: ${decoded.refusal.message}`;
}

const order = (more: string) => `{"symbol":"EURUSD","volume":0.01,${more}}`;

describe('OPEN_ORDER', () => {
  it.each([
    ['"side":"BUY"', 'BUY', 'MARKET'],
    ['"side":"SELL"', 'SELL', 'MARKET'],
    ['"side":"SELL","type":"MARKET"', 'SELL', 'MARKET'],
    ['"side":"SELL","type":"LIMIT","price":1.1', 'SELL', 'LIMIT'],
    ['"side":"BUY","type":"STOP","price":1.1', 'BUY', 'STOP'],
    ['"type":"BUY"', 'BUY', 'MARKET'],
    ['"type":"SELL"', 'SELL', 'MARKET'],
    ['"type":"BUY_LIMIT","price":1', 'BUY', 'LIMIT'],
    ['"type":"SELL_LIMIT","price":1.1', 'SELL', 'LIMIT'],
    ['"type":"BUY_STOP","price":1.1', 'BUY', 'STOP'],
    ['"type":"SELL_STOP","price":1.1', 'SELL', 'STOP'],
    ['"type":"SELL","side":"SELL"', 'SELL', 'MARKET'],
    ['"type":"BUY_STOP","side":"BUY","price":1.1', 'BUY', 'STOP'],
  ])('with %s is a %s %s', (more, side, type) => {
    expect(payloadOf('OPEN_ORDER', order(more))).toMatchObject({ side, type });
  });

  it('takes every optional field', () => {
    const more =
      '"side":"BUY","sl":0,"tp":1.2,"deviation":10,"magic":18446744073709551615,"comment":"é","expiration":1766900000';
    expect(payloadOf('OPEN_ORDER', order(more))).toEqual({
      symbol: 'EURUSD',
      volume: 0.01,
      side: 'BUY',
      type: 'MARKET',
      sl: 0,
      tp: 1.2,
      deviation: 10,
      magic: 2n ** 64n - 1n,
      comment: 'é',
      expiration: 1766900000,
    });
  });

  it.each([
    ['"type":"LIMIT","price":1', 'side is required'],
    ['"deviation":1', 'side is required'],
    ['"side":"BUY","type":"SELL"', 'type SELL contradicts side BUY'],
    ['"side":"SELL","type":"BUY_LIMIT","price":1', 'type BUY_LIMIT contradicts side SELL'],
    ['"side":"buy"', 'side is "BUY" or "SELL"; got "buy"'],
    ['"side":null', 'side is "BUY" or "SELL"; got null'],
    ['"side":"BUY","type":"market"', 'type is one of MARKET'],
    ['"side":"BUY","type":"LIMIT"', 'price is required for a LIMIT order; got nothing'],
    ['"type":"SELL_STOP"', 'price is required for a STOP order'],
    ['"side":"BUY","price":0', 'price is a price above 0; got 0'],
    ['"side":"BUY","price":-1.1', 'price is a price above 0; got -1.1'],
    ['"side":"BUY","price":"1.1"', 'price is a price above 0; got "1.1"'],
    ['"side":"BUY","sl":-1', 'sl is a price above 0, or 0 for none; got -1'],
    ['"side":"BUY","sl":null', 'sl is a price above 0, or 0 for none; got null'],
    ['"side":"BUY","tp":[1]', 'tp is a price above 0, or 0 for none; got a list'],
    ['"side":"BUY","deviation":1.5', 'deviation is a whole number of points'],
    ['"side":"BUY","deviation":-1', 'deviation is a whole number of points'],
    ['"side":"BUY","magic":-1', 'magic is a whole number, 0 or more; got -1'],
    ['"side":"BUY","magic":18446744073709551616', 'magic is a whole number'],
    ['"side":"BUY","magic":1e20', 'magic is a whole number'],
    ['"side":"BUY","magic":"abc"', 'magic is a whole number, 0 or more; got "abc"'],
    ['"side":"BUY","comment":"a\\nb"', 'comment has a control character; got "a\\nb"'],
    ['"side":"BUY","comment":"\\u202eb"', 'comment has a control character'],
    ['"side":"BUY","comment":5', 'comment is a string'],
    ['"side":"BUY","expiration":0', 'expiration is Unix time in seconds'],
    ['"side":"BUY","expiration":1766900000000', 'expiration is Unix time in seconds'],
  ])('with %s is INVALID_PAYLOAD', (more, message) => {
    expect(faultOf('OPEN_ORDER', order(more))).toContain(`INVALID_PAYLOAD: ${message}`);
  });

  it.each(['0', '-0', '-0.01', '"0.01"', 'null', '[]', '18446744073709551616', 'true'])(
    'refuses a volume of %s',
    (volume) => {
      const message = faultOf('OPEN_ORDER', `{"symbol":"EURUSD","volume":${volume},"side":"BUY"}`);
      expect(message).toContain('INVALID_PAYLOAD: volume is a number of lots above 0, like 0.01; got');
    },
  );

  it.each(['1e999', 'NaN', '-Infinity', '0x1'])('refuses a volume of %s, which is no JSON', (volume) => {
    expect(faultOf('OPEN_ORDER', `{"symbol":"EURUSD","volume":${volume},"side":"BUY"}`)).toContain('MALFORMED');
  });

  it.each([
    ['an empty name', '""'],
    ['64 characters', `"${'X'.repeat(64)}"`],
    ['NUL', '"EUR\\u0000USD"'],
    ['a direction mark', '"EUR\\u202eUSD"'],
    ['a number', '5'],
    ['null', 'null'],
  ])('refuses a symbol that is %s', (_name, symbol) => {
    const message = faultOf('OPEN_ORDER', `{"symbol":${symbol},"volume":0.01,"side":"BUY"}`);
    expect(message).toContain('INVALID_PAYLOAD: symbol is a name of 1 to 63 characters, like "EURUSD"; got');
  });
});

describe('a ticket', () => {
  it.each([
    ['1', 1n],
    ['9007199254740991', 9007199254740991n],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
  ])('of %s is exact', (text, ticket) => {
    expect(payloadOf('CLOSE_POSITION', `{"ticket":${text}}`)).toEqual({ ticket });
    expect(payloadOf('CANCEL_ORDER', `{"ticket":${text}}`)).toEqual({ ticket });
    expect(payloadOf('GET_POSITIONS', `{"ticket":${text}}`)).toEqual({ ticket });
  });

  it.each([
    '0',
    '-1',
    '1.5',
    '1e20',
    '9007199254740993.0',
    '18446744073709551616',
    '"1004"',
    'null',
    '[1]',
    '{}',
    'true',
  ])('is not %s', (text) => {
    const message = faultOf('CLOSE_POSITION', `{"ticket":${text}}`);
    expect(message).toContain('INVALID_PAYLOAD: a ticket is a positive whole number, like 1004; got');
  });

  it('is required where something is closed or cancelled', () => {
    expect(faultOf('CLOSE_POSITION', '{}')).toContain('got nothing');
    expect(faultOf('CANCEL_ORDER', '{}')).toContain('got nothing');
  });
});

describe('the other payloads', () => {
  it.each([
    ['HEARTBEAT', '{"lease_s":60,"on_expiry":"halt_flatten"}', { lease_s: 60, on_expiry: 'halt_flatten' }],
    ['CLOSE_POSITION', '{"ticket":1,"volume":0.29,"deviation":5}', { ticket: 1n, volume: 0.29, deviation: 5 }],
    ['GET_ACCOUNT_INFO', '{}', {}],
    ['GET_POSITIONS', '{"symbol":"EURUSD","magic":0}', { symbol: 'EURUSD', magic: 0n }],
    ['GET_ORDERS', '{}', {}],
    ['GET_COMMAND', '{"req_id":"b","client_id":"alpha"}', { req_id: 'b', client_id: 'alpha' }],
    ['GET_SYMBOLS', '{}', {}],
    ['GET_TICK', '{"symbol":"EURUSD.s"}', { symbol: 'EURUSD.s' }],
    ['GET_SYMBOL', '{"symbol":"EURUSD"}', { symbol: 'EURUSD' }],
    ['MODIFY_POSITION', '{"ticket":9007199254740993,"sl":0}', { ticket: 9007199254740993n, sl: 0 }],
    ['MODIFY_POSITION', '{"ticket":1,"tp":1.2}', { ticket: 1n, tp: 1.2 }],
    [
      'MODIFY_ORDER',
      '{"ticket":1,"price":1.1,"sl":0,"tp":0,"expiration":0}',
      { ticket: 1n, price: 1.1, sl: 0, tp: 0, expiration: 0 },
    ],
    ['CLOSE_ALL', '{}', {}],
    [
      'CLOSE_ALL',
      '{"symbol":"EURUSD","magic":9007199254740993,"deviation":5}',
      { symbol: 'EURUSD', magic: 9007199254740993n, deviation: 5 },
    ],
    [
      'GET_CANDLES',
      '{"symbol":"EURUSD","timeframe":"H4","count":5000}',
      { symbol: 'EURUSD', timeframe: 'H4', count: 5_000 },
    ],
    ['GET_HISTORY', '{"from":0}', { from: 0 }],
    ['GET_HISTORY', '{"from":1.5,"to":1.5,"ticket":1,"magic":2}', { from: 1.5, to: 1.5, ticket: 1n, magic: 2n }],
    ['BYE', '{}', {}],
  ])('%s takes %s', (action, text, payload) => {
    expect(payloadOf(action, text)).toEqual(payload);
  });

  it.each([
    ['HEARTBEAT', '{"lease_s":0}', 'lease_s is a number of seconds, 1 to 86400; got 0'],
    ['HEARTBEAT', '{"on_expiry":"explode"}', 'on_expiry is one of suspend'],
    ['CLOSE_POSITION', '{"ticket":1,"volume":null}', 'volume is a number of lots above 0, like 0.01; got null'],
    ['GET_COMMAND', '{}', 'req_id is the req_id of the command that is asked about'],
    ['GET_COMMAND', '{"req_id":""}', 'req_id is the req_id of the command that is asked about'],
    ['GET_TICK', '{}', 'symbol is a name of 1 to 63 characters, like "EURUSD"; got nothing'],
    ['GET_POSITIONS', '{"magic":0.5}', 'magic is a whole number, 0 or more; got 0.5'],
    ['MODIFY_POSITION', '{"sl":1.1}', 'a ticket is a positive whole number, like 1004; got nothing'],
    ['MODIFY_POSITION', '{"ticket":1}', 'nothing to change: name sl or tp; got nothing'],
    ['MODIFY_POSITION', '{"ticket":1,"sl":-1}', 'sl is a price above 0, or 0 for none; got -1'],
    ['MODIFY_POSITION', '{"ticket":1,"sl":null}', 'sl is a price above 0, or 0 for none; got null'],
    ['MODIFY_ORDER', '{"ticket":1}', 'nothing to change: name price, sl, tp or expiration; got nothing'],
    ['MODIFY_ORDER', '{"ticket":1,"price":0}', 'price is a price above 0; got 0'],
    ['MODIFY_ORDER', '{"ticket":1,"expiration":-1}', 'expiration is Unix time in seconds'],
    ['CLOSE_ALL', '{"deviation":0.5}', 'deviation is a whole number of points, 0 or more; got 0.5'],
    ['GET_SYMBOL', '{}', 'symbol is a name of 1 to 63 characters, like "EURUSD"; got nothing'],
    [
      'GET_CANDLES',
      '{"symbol":"EURUSD","timeframe":"M2","count":1}',
      'timeframe is one of M1, M5, M15, M30, H1, H4, D1',
    ],
    ['GET_CANDLES', '{"symbol":"EURUSD","timeframe":"M1","count":5001}', 'count is a whole number of bars, 1 to 5000'],
    [
      'GET_CANDLES',
      '{"symbol":"EURUSD","timeframe":"M1","count":0}',
      'count is a whole number of bars, 1 to 5000; got 0',
    ],
    ['GET_HISTORY', '{}', 'from is Unix time in seconds, like 1766800000; got nothing'],
    ['GET_HISTORY', '{"from":1766800000000}', 'from is Unix time in seconds, like 1766800000; got 1766800000000'],
    ['GET_HISTORY', '{"from":2,"to":1}', 'to is before from; got 1'],
  ])('%s refuses %s', (action, text, message) => {
    expect(faultOf(action, text)).toContain(`INVALID_PAYLOAD: ${message}`);
  });
});
