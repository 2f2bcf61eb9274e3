import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Context, Dealer } from 'zeromq';
import { startGateway } from './gateway-process.ts';
import { RawClient, listOf, requestBytes } from './raw-client.ts';

const order = (payload: object) =>
  requestBytes('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY', ...payload });
const nested = (depth: number) =>
  `{"action":"HEARTBEAT","req_id":"r","timestamp":1,"payload":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;

type Body = string | Buffer;
// Made when it is sent: an order that waits in this table would grow stale.
const REQUESTS: readonly [name: string, body: Body | (() => Body), code: string, words: string][] = [
  ['no JSON', 'hello', 'MALFORMED', 'JSON'],
  ['an empty body', '', 'MALFORMED', ''],
  ['a list', '[]', 'MALFORMED', 'object'],
  ['an empty object', '{}', 'INVALID_REQUEST', 'action'],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'MALFORMED', 'UTF-8'],
  [
    'duplicate keys',
    '{"action":"HEARTBEAT","action":"GET_POSITIONS","req_id":"r","timestamp":1,"payload":{}}',
    'MALFORMED',
    'action',
  ],
  ['nesting 100,000 deep', nested(20_000), 'MALFORMED', 'deep'],
  ['a lower-case action', () => requestBytes('open_order'), 'UNKNOWN_ACTION', 'OPEN_ORDER'],
  [
    'a payload that is a list',
    '{"action":"HEARTBEAT","req_id":"r","timestamp":1,"payload":[]}',
    'INVALID_REQUEST',
    'payload',
  ],
  ['a volume of "abc"', () => order({ volume: 'abc' }), 'INVALID_PAYLOAD', 'volume'],
  ['a volume of 0', () => order({ volume: 0 }), 'INVALID_PAYLOAD', 'volume'],
  ['no side', () => requestBytes('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01 }), 'INVALID_PAYLOAD', 'side'],
  ['a side that contradicts the type', () => order({ type: 'SELL' }), 'INVALID_PAYLOAD', 'contradicts'],
  ['an unknown symbol', () => order({ symbol: 'NOSUCH' }), 'NOT_FOUND', 'NOSUCH'],
  ['a volume off the step', () => order({ volume: 0.015 }), 'REJECTED', '0.01'],
  ['100 KiB', () => requestBytes('HEARTBEAT', { filler: 'x'.repeat(100 * 1024) }), 'TOO_LARGE', '65536'],
];

describe('what is no proper request', () => {
  it.each(REQUESTS)(
    '%s gets its clear error, and a heartbeat is answered right after',
    async (_name, body, code, words) => {
      const gateway = await startGateway();
      const client = new RawClient(gateway.endpoints.command);
      const reply = await client.exchange(typeof body === 'function' ? body() : body);
      expect(reply).toMatchObject({ status: 'ERROR', code });
      expect(Object.keys(reply)).toEqual(expect.arrayContaining(['req_id', 'status', 'timestamp', 'data', 'error']));
      expect(reply.error).toContain(words);
      expect(await client.send('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
      expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
    },
  );

  it('1 MiB closes the connection, and others go on', async () => {
    const gateway = await startGateway();
    const huge = new RawClient(gateway.endpoints.command, 500);
    await expect(huge.exchange('x'.repeat(1024 * 1024))).rejects.toMatchObject({ code: 'EAGAIN' });
    expect(await new RawClient(gateway.endpoints.command).send('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
  });

  it('frames without a delimiter, several bodies and many empty frames get no order through and hold nothing up', async () => {
    const gateway = await startGateway();
    const dealer = new Dealer({ context: new Context(), linger: 0 });
    onTestFinished(() => {
      dealer.close();
    });
    dealer.connect(gateway.endpoints.command);
    const body = order({});
    for (const frames of [[body], [''], ['', body, body], ['', ''], Array<string>(1_000).fill('')])
      await dealer.send(frames);
    const client = new RawClient(gateway.endpoints.command);
    expect(await client.send('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
    expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
    await dealer.send(['', requestBytes('HEARTBEAT', {}, { req_id: 'after' })]);
    const answers: unknown[] = [];
    while (!answers.includes('after')) {
      const frames = await dealer.receive();
      answers.push((JSON.parse(String(frames.at(-1))) as { req_id: string }).req_id);
    }
  });

  it.each([
    ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['an SSH banner', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['zeros', Buffer.alloc(4096)],
    ['0xff', Buffer.alloc(4096, 0xff)],
    [
      'ZMTP 1.0 with a body',
      Buffer.concat([Buffer.from([0x01, 0x00, 0x01, 0x00]), Buffer.from([6, 0]), Buffer.from('hello')]),
    ],
  ])('%s on all ports changes nothing', async (_name, bytes) => {
    const gateway = await startGateway();
    for (const endpoint of [gateway.endpoints.command, gateway.endpoints.data, gateway.endpoints.events])
      await throwAt(endpoint, bytes);
    const client = new RawClient(gateway.endpoints.command);
    expect(await client.send('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
    expect(await client.send('KILL_SWITCH')).toMatchObject({ status: 'SUCCESS' });
  });
});

function throwAt(endpoint: string, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      setTimeout(() => {
        socket.destroy();
        resolve();
      }, 100);
    });
    socket.on('error', () => {
      resolve();
    });
  });
}
