import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../../main/protocol/constants.ts';
import type { DecodedKill } from '../../../main/protocol/decode-kill.ts';
import { decodeRequest } from '../../../main/protocol/decode.ts';
import { encodeJson } from '../../../main/protocol/json.ts';

const flawless = { action: 'KILL_SWITCH', req_id: 'k1', timestamp: 1766800000.5, payload: {}, client_id: 'alpha' };
const decode = (body: object | string | Buffer) =>
  decodeRequest(Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

function kill(body: object | string | Buffer): DecodedKill {
  const decoded = decode(body);
  if (decoded.kind !== 'kill') throw new Error(`no kill: ${encodeJson(decoded)}`);
  return decoded;
}

describe('a KILL_SWITCH', () => {
  it('as the original client sends it closes the whole account', () => {
    expect(kill(flawless)).toEqual({
      kind: 'kill',
      action: 'KILL_SWITCH',
      reqId: 'k1',
      clientId: 'alpha',
      sentAtMs: 1766800000500,
      payload: { flatten: 'account' },
      defects: [],
    });
  });

  it.each(['none', 'gateway', 'account'])('may ask for flatten: %s, with a reason', (flatten) => {
    const payload = { flatten, reason: 'spread' };
    expect(kill({ ...flawless, payload })).toMatchObject({ payload, defects: [] });
  });

  it.each<[name: string, body: object, defect: string]>([
    ['no req_id', { req_id: undefined }, 'req_id'],
    ['a req_id of another type', { req_id: 7 }, 'req_id'],
    ['an endless req_id', { req_id: 'x'.repeat(1_000) }, 'req_id'],
    ['no timestamp', { timestamp: undefined }, 'timestamp'],
    ['a timestamp as text', { timestamp: 'now' }, 'timestamp'],
    ['a timestamp beyond all dates', { timestamp: 1e300 }, 'timestamp'],
    ['no payload', { payload: undefined }, 'payload'],
    ['a payload of null', { payload: null }, 'payload'],
    ['a payload that is a list', { payload: ['none'] }, 'payload'],
    ['a client_id that is none', { client_id: 'a b' }, 'client_id'],
    ['a ttl_ms that is none', { ttl_ms: 'soon' }, 'ttl_ms'],
    ['an unknown flatten', { payload: { flatten: 'NONE' } }, 'flatten'],
    ['a flatten of null', { payload: { flatten: null } }, 'flatten'],
    ['a flatten of another type', { payload: { flatten: ['none'] } }, 'flatten'],
    ['a reason of another type', { payload: { reason: { a: 1 } } }, 'reason'],
  ])('with %s halts all the same, closes the account, and says what was wrong', (_name, fields, defect) => {
    const read = kill({ ...flawless, ...fields });
    expect(read.payload.flatten).toBe('account');
    expect(read.defects).toHaveLength(1);
    expect(read.defects[0]).toContain(defect);
    expect(read.sentAtMs === null || Number.isFinite(read.sentAtMs)).toBe(true);
  });

  it('with nothing but its action halts', () => {
    const read = kill('{"action":"KILL_SWITCH"}');
    expect(read).toMatchObject({ reqId: null, clientId: null, sentAtMs: null, payload: { flatten: 'account' } });
    expect(read.defects).toHaveLength(3);
  });

  it('with fields that nobody knows is flawless', () => {
    expect(kill({ ...flawless, why: 'x', payload: { colour: 'red' } })).toMatchObject({ defects: [] });
  });

  it('keeps 280 characters of its reason, never half a character', () => {
    const { payload } = kill({ ...flawless, payload: { reason: `${'x'.repeat(279)}😀 and more` } });
    expect(payload.reason).toHaveLength(280);
    expect(payload.reason?.isWellFormed()).toBe(true);
  });

  it.each<[name: string, body: string | Buffer, defect: string]>([
    ['duplicate keys', '{"action":"HEARTBEAT","action":"KILL_SWITCH","req_id":"k1"}', 'duplicate key "action"'],
    ['a byte order mark', '\ufeff{"action":"KILL_SWITCH","req_id":"k1"}', 'byte order mark'],
    ['a byte that is not UTF-8', Buffer.from('{"action":"KILL_SWITCH","req_id":"k1","x":"\xff"}', 'latin1'), 'UTF-8'],
    ['half a surrogate pair', '{"action":"KILL_SWITCH","req_id":"k1","payload":{"reason":"\\ud800"}}', 'surrogate'],
    ['a number past a double', '{"action":"KILL_SWITCH","req_id":"k1","timestamp":1e999}', 'range of a double'],
    ['nesting 10,000 deep', `{"action":"KILL_SWITCH","req_id":"k1","payload":${nested(10_000)}}`, 'deeper'],
  ])('whose text has %s halts, and is safe to record', (_name, body, defect) => {
    const read = kill(body);
    expect(read).toMatchObject({ reqId: 'k1', payload: { flatten: 'account' } });
    expect(read.defects[0]).toContain(defect);
    expect(read.sentAtMs).toBeNull();
    expect(() => encodeJson(read)).not.toThrow();
    expect(read.payload.reason?.isWellFormed() ?? true).toBe(true);
  });

  it.each<[name: string, body: object | string]>([
    ['another spelling', { ...flawless, action: 'kill_switch' }],
    ['padding', { ...flawless, action: ' KILL_SWITCH' }],
    ['the action in a list', [flawless]],
    ['the action in the payload', { ...flawless, action: 'HEARTBEAT', payload: { action: 'KILL_SWITCH' } }],
    ['the action as plain text', 'KILL_SWITCH'],
    ['a text that breaks off', '{"action":"KILL_SWITCH","req_id":"k1"'],
    ['a duplicate action that ends as another', '{"action":"KILL_SWITCH","action":"HEARTBEAT"}'],
    ['a body over the limit', { ...flawless, filler: 'x'.repeat(MAX_BODY_BYTES) }],
  ])('is not what has %s', (_name, body) => {
    expect(decode(body).kind).not.toBe('kill');
  });
});

function nested(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}
