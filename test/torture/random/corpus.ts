import { command, frame, greeting, readyCommand, requestMessage, subscription } from '../../bench/zmtp.ts';
import { requestText } from '../asker.ts';
import { greetingOf } from '../zmtp-bytes.ts';

const SHAKEN = Buffer.concat([greeting(), readyCommand('DEALER')]);
const SUBSCRIBED = Buffer.concat([greeting(), readyCommand('SUB')]);
const PING = command('PING', Buffer.from([0, 100, 1, 2]));

// Nothing that a broker would carry out, nor a KILL_SWITCH, even when a bit of it is flipped.
const REQUESTS: readonly (readonly [action: string, payload: object])[] = [
  ['HEARTBEAT', {}],
  ['GET_ACCOUNT_INFO', {}],
  ['GET_POSITIONS', { symbol: 'EURUSD' }],
  ['GET_ORDERS', {}],
  ['GET_SYMBOLS', {}],
  ['GET_TICK', { symbol: 'EURUSD' }],
  ['GET_CANDLES', { symbol: 'EURUSD', timeframe: 'M1', count: 2 }],
  ['GET_HISTORY', { from: 0 }],
  ['GET_COMMAND', { req_id: 'nothing' }],
  ['OPEN_ORDER', { symbol: 'NO-SUCH-SYMBOL', volume: 0.01, side: 'BUY' }],
  ['CLOSE_POSITION', { ticket: 1 }],
  ['MODIFY_POSITION', { ticket: 1, sl: 1 }],
  ['BYE', {}],
];

/** What a client of the command port says who is as it should be. */
export function commandTraffic(): readonly Buffer[] {
  const requests = REQUESTS.map(([action, payload]) => {
    return requestMessage(Buffer.from(requestText({ client_id: 'mutant' }, action, payload)));
  });
  return [Buffer.concat([SHAKEN, PING, ...requests]), ...requests.map((one) => Buffer.concat([SHAKEN, one]))];
}

/** What a subscriber says. */
export function subscriberTraffic(): readonly Buffer[] {
  const topics = ['', '{"symbol":"EURUSD",', '{"event":"TRADE"', '{"symbol":"XAUUSD",'];
  const ends = topics.map((topic) => frame(Buffer.concat([Buffer.from([0]), Buffer.from(topic)])));
  return [
    Buffer.concat([SUBSCRIBED, ...topics.map(subscription), PING, ...ends]),
    ...topics.map((topic) => Buffer.concat([SUBSCRIBED, subscription(topic)])),
  ];
}

/** The beginning of a CURVE handshake; what a paired client said is recorded and comes on top. */
export function curveTraffic(recorded: Buffer): readonly Buffer[] {
  return [recorded, recorded.subarray(0, 266), greetingOf('CURVE')];
}

/** What a browser says to the panel: pages, what monitoring reads, and a screen's WebSocket. */
export function panelTraffic(port: number, cookie: string): readonly Buffer[] {
  const head = (line: string, ...more: readonly string[]) =>
    Buffer.from([`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`, ...more, '', ''].join('\r\n'));
  const upgrade = head(
    'GET /control',
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', `Origin: http://127.0.0.1:${port}`],
  );
  const frames = SCREEN_FRAMES.map((value) => maskedFrame(JSON.stringify(value)));
  return [
    head('GET /'),
    head('GET /?token=0123456789abcdef'),
    head('GET /metrics', 'Authorization: Bearer nothing'),
    head('POST /', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    Buffer.concat([upgrade, ...frames]),
    ...frames.map((one) => Buffer.concat([upgrade, one])),
  ];
}

const SCREEN_FRAMES = [
  { kind: 'call', id: 1, call: 'status', input: {} },
  { kind: 'call', id: 2, call: 'auditPage', input: { limit: 10 } },
  { kind: 'call', id: 3, call: 'market', input: {} },
  { kind: 'subscribe', topic: 'state' },
  { kind: 'subscribe', topic: 'quotes' },
  { kind: 'unsubscribe', topic: 'state' },
];

/** A text message as a browser sends it, masked. */
function maskedFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const mask = [1, 2, 3, 4];
  const masked = body.map((byte, at) => byte ^ mask[at % 4]!);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, ...mask]), masked]);
}

/** What the program inside MetaTrader says, with the token of this gateway. */
export function bridgeTraffic(token: string): readonly Buffer[] {
  const line = (...fields: readonly string[]) => `${fields.join('\t')}\n`;
  const hello = line(
    ...['hello', '1', token, '1.0.0', '00112233445566aa', '5012345', 'MetaQuotes-Demo', 'DEMO', 'HEDGING'],
  );
  const switches = ['1', '1', '1', '1', '1'];
  const state = line('state', '1000', ...switches, '5012345', 'MetaQuotes-Demo', 'DEMO', 'HEDGING', '7200', '0', '0');
  const ticks = line('tick', 'EURUSD', '1766800000125', '1.05123', '1.05125', '0', '1000', '6');
  const answers = [line('1', 'ok', '1000'), line('2', 'row', 'EURUSD'), line('2', 'ok'), line('3', 'refused', 'x')];
  return [hello, hello + state, hello + state + ticks + answers.join(''), state, ticks].map((text) =>
    Buffer.from(text),
  );
}
