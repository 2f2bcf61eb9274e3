import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest } from '../../../main/protocol/decode.ts';
import { readUsualForm } from '../../../main/protocol/usual-form.ts';

const bytes = (text: string) => Buffer.from(text);
/** The same request in a spelling that goes through parser and schema. */
const theLongWay = (text: string) => bytes(`${text} `);

const text = fc
  .record({
    action: fc.constantFrom(
      'HEARTBEAT',
      'GET_POSITIONS',
      'GET_ACCOUNT_INFO',
      'OPEN_ORDER',
      'KILL_SWITCH',
      'BYE',
      'NO_SUCH',
      'GET_TICK',
    ),
    reqId: fc.stringMatching(/^[A-Za-z0-9._-]{1,140}$/),
    timestamp: fc.oneof(
      fc.double({ min: 0, max: 9e12, noNaN: true }).map(String),
      fc.stringMatching(/^[0-9]{1,14}(\.[0-9]{0,18})?$/),
    ),
    clientId: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,70}$/)),
    protocol: fc.option(fc.constantFrom('1.0', '1.1', '2.0')),
    space: fc.constantFrom('', ' ', '  '),
  })
  .map(({ action, reqId, timestamp, clientId, protocol, space: _ }) => {
    const more =
      (clientId === null ? '' : `,${_}"client_id":${_}"${clientId}"`) +
      (protocol === null ? '' : `,${_}"protocol":${_}"${protocol}"`);
    return `{"action":${_}"${action}",${_}"req_id":${_}"${reqId}",${_}"timestamp":${_}${timestamp},${_}"payload":${_}{}${more}}`;
  });

describe('the usual form of a request', () => {
  it('is what JSON.stringify and json.dumps write', () => {
    const request = {
      action: 'HEARTBEAT',
      req_id: 'a-1',
      timestamp: 1766800000.125,
      payload: {},
      client_id: 'alpha',
      protocol: '1.1',
    };
    const read = { action: 'HEARTBEAT', reqId: 'a-1', timestamp: 1766800000.125, clientId: 'alpha', protocol: '1.1' };
    expect(readUsualForm(bytes(JSON.stringify(request)))).toEqual(read);
    const python = '{"action": "HEARTBEAT", "req_id": "a-1", "timestamp": 1766800000.125, "payload": {}}';
    expect(readUsualForm(bytes(python))).toEqual({ ...read, clientId: null, protocol: null });
  });

  it('is read as parser and schema read it, whatever it holds', () => {
    fc.assert(
      fc.property(text, (request) => {
        expect(decodeRequest(bytes(request))).toEqual(decodeRequest(theLongWay(request)));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '{"action":"HEARTBEAT","req_id":"a","timestamp":01,"payload":{}}',
    '{"action":"HEARTBEAT","req_id":"a","timestamp":1.,"payload":{}}',
    '{"action":"HEARTBEAT","req_id":"a\\u0041","timestamp":1,"payload":{}}',
    '{"action":"HEARTBEAT","req_id":"é","timestamp":1,"payload":{}}',
    '{"action":"HEARTBEAT","req_id":"a","timestamp":1,"payload":{}}x',
    '{"action":"HEARTBEAT","req_id":"a","timestamp":1,"payload":{"a":1}}',
    '{"req_id":"a","action":"HEARTBEAT","timestamp":1,"payload":{}}',
  ])('leaves %s to the parser', (request) => {
    expect(readUsualForm(bytes(request))).toBeNull();
  });
});
