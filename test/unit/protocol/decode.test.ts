import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Action, ACTION_CLASS } from '../../../main/protocol/actions.ts';
import { MAX_BODY_BYTES } from '../../../main/protocol/constants.ts';
import { decodeRequest, type DecodedRefusal, type DecodedRequest } from '../../../main/protocol/decode.ts';
import { PAYLOAD_SCHEMAS, type OpenOrder } from '../../../main/protocol/payloads.ts';
import type { Ticket } from '../../../main/protocol/ticket.ts';

const REQ_ID = '6f1c2d3e-0000-4000-8000-123456789012';
const envelope = { action: 'HEARTBEAT', req_id: REQ_ID, timestamp: 1766800000.5, payload: {} };
const decode = (body: object | string) =>
  decodeRequest(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const containing = (words: string): unknown => expect.stringContaining(words);
/** A request whose payload is given as text, so that it can hold what JSON.stringify would not write. */
const withPayload = (action: string, payload: string) =>
  `{"action":"${action}","req_id":"${REQ_ID}","timestamp":1766800000,"payload":${payload}}`;

function request(body: object | string): DecodedRequest {
  const decoded = decode(body);
  if (decoded.kind !== 'request') throw new Error(`not a request: ${JSON.stringify(decoded)}`);
  return decoded.request;
}

function refused(body: object | string): DecodedRefusal {
  const decoded = decode(body);
  if (decoded.kind !== 'refused') throw new Error(`not refused: ${decoded.kind}`);
  return decoded;
}

describe('a request of protocol 1.0', () => {
  it('is read with its envelope, its payload in the form of the gateway, and the payload as it was sent', () => {
    const payload = { symbol: 'EURUSD', volume: 0.01, type: 'SELL' };
    expect(request({ ...envelope, action: 'OPEN_ORDER', payload })).toEqual({
      action: 'OPEN_ORDER',
      reqId: REQ_ID,
      clientId: null,
      sentAtMs: 1766800000500,
      ttlMs: null,
      protocol: null,
      rawPayload: payload,
      payload: { symbol: 'EURUSD', volume: 0.01, side: 'SELL', type: 'MARKET' },
    });
  });

  it('may carry the fields of 1.1, and fields that nobody knows', () => {
    const more = { client_id: 'alpha-1', ttl_ms: 1500, protocol: '1.1', colour: 'blue' };
    const payload = { colour: 'blue' };
    const read = request({ ...envelope, ...more, payload });
    expect(read).toMatchObject({ clientId: 'alpha-1', ttlMs: 1500, protocol: '1.1', rawPayload: payload });
    expect(read.payload).toEqual({});
  });

  it('keeps a payload key named __proto__ in what is recorded', () => {
    const read = request(withPayload('GET_POSITIONS', '{"__proto__":{"ticket":1}}'));
    expect(Object.keys(read.rawPayload)).toEqual(['__proto__']);
    expect(read.payload).toEqual({});
  });

  it('is narrowed to the payload of its action', () => {
    const read = request(withPayload('CLOSE_POSITION', '{"ticket":9007199254740993,"volume":0.01}'));
    if (read.action === 'OPEN_ORDER') expectTypeOf(read.payload).toEqualTypeOf<OpenOrder>();
    if (read.action !== 'CLOSE_POSITION') throw new Error('another action');
    expectTypeOf(read.payload.ticket).toEqualTypeOf<Ticket>();
    expect(read.payload).toEqual({ ticket: 9007199254740993n, volume: 0.01 });
  });
});

const INVALID_REQUESTS: readonly [name: string, fields: object, message: string][] = [
  ['no action', { action: undefined }, 'action is a string, like "HEARTBEAT"; got nothing'],
  ['an action that is a number', { action: 7 }, 'action is a string, like "HEARTBEAT"; got 7'],
  ['no req_id', { req_id: undefined }, 'req_id is a string of 1 to 128 characters, best a UUID; got nothing'],
  ['an empty req_id', { req_id: '' }, 'req_id is a string of 1 to 128 characters, best a UUID; got ""'],
  [
    'a req_id of 129 characters',
    { req_id: 'x'.repeat(129) },
    `req_id is a string of 1 to 128 characters, best a UUID; got "${'x'.repeat(40)}…"`,
  ],
  ['no timestamp', { timestamp: undefined }, 'timestamp is Unix time in seconds, like 1766800000.123; got nothing'],
  ['a timestamp as text', { timestamp: '1766800000' }, 'like 1766800000.123; got "1766800000"'],
  ['a timestamp in microseconds', { timestamp: 1766800000000000 }, 'like 1766800000.123; got 1766800000000000'],
  ['a negative timestamp', { timestamp: -1 }, 'like 1766800000.123; got -1'],
  ['a payload that is a list', { payload: [] }, 'payload is an object, {} when empty; got a list'],
  ['a payload of null', { payload: null }, 'payload is an object, {} when empty; got null'],
  ['a client_id with a space', { client_id: 'a b' }, 'client_id is 1 to 64 characters of A-Z a-z 0-9 . _ -; got "a b"'],
  ['a ttl_ms of 0', { ttl_ms: 0 }, 'ttl_ms is a whole number of milliseconds, 1 to 86400000; got 0'],
  ['a protocol that is a number', { protocol: 1.1 }, 'protocol is a string, like "1.1"; got 1.1'],
];

describe('refusals', () => {
  it('a body at the limit is read, one byte more is TOO_LARGE', () => {
    const filler = (bytes: number) => {
      const empty = JSON.stringify({ ...envelope, filler: '' }).length;
      return { ...envelope, filler: 'x'.repeat(bytes - empty) };
    };
    expect(request(filler(MAX_BODY_BYTES)).action).toBe('HEARTBEAT');
    expect(refused(filler(MAX_BODY_BYTES + 1))).toMatchObject({
      reqId: null,
      refusal: { code: 'TOO_LARGE', message: 'a request has at most 65536 bytes; got 65537' },
      envelope: null,
    });
  });

  it.each([
    ['no JSON', 'hello', 'expected a value, got "hello" at byte 0'],
    ['nothing', '', 'the text is empty'],
    ['a list', '[]', 'it is a list'],
    ['text', '"HEARTBEAT"', 'it is "HEARTBEAT"'],
    ['null', 'null', 'it is null'],
    ['a duplicate key', '{"action":"HEARTBEAT","action":"GET_POSITIONS"}', 'duplicate key "action" at byte 22'],
  ])('%s is MALFORMED', (_name, body, message) => {
    const { refusal, reqId, envelope: none } = refused(body);
    expect(refusal).toEqual({ code: 'MALFORMED', message: containing(message) });
    expect(refusal.message).toContain('JSON');
    expect([reqId, none]).toEqual([null, null]);
  });

  it('a timestamp in nanoseconds, past 2^53, is named in full', () => {
    const body = JSON.stringify(envelope).replace('1766800000.5', '1766800000000000001');
    expect(refused(body).refusal.message).toContain('got 1766800000000000001');
  });

  it.each(INVALID_REQUESTS)('%s is INVALID_REQUEST and names field, rule and value', (_name, fields, message) => {
    const { refusal, envelope: none } = refused({ ...envelope, ...fields });
    expect(refusal).toEqual({ code: 'INVALID_REQUEST', message: containing(message) });
    expect(none).toBeNull();
  });

  it('an empty object is told about its first field', () => {
    expect(refused('{}').refusal).toMatchObject({
      code: 'INVALID_REQUEST',
      message: containing('action'),
    });
  });

  it('what could be read of a bad request is echoed: req_id, client and action', () => {
    const bad = { ...envelope, timestamp: 'now', client_id: 'alpha' };
    expect(refused(bad)).toMatchObject({ reqId: REQ_ID, clientId: 'alpha', action: 'HEARTBEAT' });
    expect(refused({ req_id: 'only this' })).toMatchObject({ reqId: 'only this', clientId: null, action: null });
    expect(refused({ ...envelope, req_id: 5 })).toMatchObject({ reqId: null, action: 'HEARTBEAT' });
    expect(refused({ ...envelope, client_id: 'a b' })).toMatchObject({ clientId: null });
    expect(refused({ ...envelope, action: 'x'.repeat(500) }).action).toHaveLength(64);
  });

  it.each([
    ['open_order', 'OPEN_ORDER'],
    [' OPEN_ORDER ', 'OPEN_ORDER'],
    ['Get-Positions', 'GET_POSITIONS'],
    ['OPEN_ODER', 'OPEN_ORDER'],
    ['kill_switch', 'KILL_SWITCH'],
  ])('%j is UNKNOWN_ACTION, and %s is suggested', (action, nearest) => {
    const { refusal, envelope: none } = refused({ ...envelope, action });
    expect(refusal.code).toBe('UNKNOWN_ACTION');
    expect(refusal.message).toContain(`${JSON.stringify(action)} is not an action (did you mean "${nearest}"?)`);
    for (const accepted of Object.keys(PAYLOAD_SCHEMAS)) expect(refusal.message).toContain(accepted);
    expect(none).toBeNull();
  });

  it.each(['RESUME', 'DROP TABLE', '__proto__', 'constructor', ''])(
    '%j is UNKNOWN_ACTION without a suggestion',
    (action) => {
      const { refusal } = refused({ ...envelope, action });
      expect(refusal.code).toBe('UNKNOWN_ACTION');
      expect(refusal.message).not.toContain('did you mean');
    },
  );

  it.each(Object.keys(ACTION_CLASS).filter((action) => !Object.hasOwn(PAYLOAD_SCHEMAS, action)))(
    '%s, which is not performed yet, is UNSUPPORTED and keeps its envelope',
    (action) => {
      const read = refused({ ...envelope, action });
      expect(read.refusal).toEqual({ code: 'UNSUPPORTED', message: containing(action) });
      expect(read.envelope).toMatchObject({ action, reqId: REQ_ID, rawPayload: {} });
    },
  );

  it('a bad payload keeps the valid envelope, with the payload as it was sent', () => {
    const payload = { symbol: 'EURUSD', volume: 'abc', side: 'BUY' };
    const read = refused({ ...envelope, action: 'OPEN_ORDER', client_id: 'alpha', payload });
    expect(read).toMatchObject({
      reqId: REQ_ID,
      refusal: { code: 'INVALID_PAYLOAD', message: 'volume is a number of lots above 0, like 0.01; got "abc"' },
      envelope: { action: 'OPEN_ORDER', reqId: REQ_ID, clientId: 'alpha', rawPayload: payload },
    });
  });
});

describe('any bytes', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (random) => {
        expect(['refused', 'kill', 'request']).toContain(decodeRequest(random).kind);
      }),
    );
  });

  it('that are a request with any value in any field never throw, and echo a req_id that is one', () => {
    const field = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...Object.values(Action)), fc.constant({}));
    const record = fc.record(
      { action: field, req_id: field, timestamp: field, payload: field, client_id: field, ttl_ms: field },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(record, (body) => {
        const decoded = decode(body);
        const reqId = decoded.kind === 'request' ? decoded.request.reqId : decoded.reqId;
        const { req_id: sent } = body as { req_id?: unknown };
        const readable = typeof sent === 'string' && sent.length >= 1 && sent.length <= 128;
        expect(reqId).toBe(readable ? sent : null);
        expect(decoded.kind === 'kill').toBe((body as { action?: unknown }).action === 'KILL_SWITCH');
      }),
      { numRuns: 1_000 },
    );
  });
});
