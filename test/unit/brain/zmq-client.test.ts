import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Action, ClientClosed, CommandTimeout, ZmqClient } from '../../../main/brain/index.ts';
import { FakeGateway, sleep, successTo, until, type Script } from '../../fakes/fake-gateway.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function gatewayWith(script?: Script, start = FakeGateway.start.bind(FakeGateway)): Promise<FakeGateway> {
  const gateway = await start(script);
  cleanUp.push(() => gateway.shut());
  return gateway;
}

function clientOf(gateway: FakeGateway, options: { timeoutMs?: number; clientId?: string } = {}): ZmqClient {
  const client = new ZmqClient({ ...gateway.client, timeoutMs: 1_000, ...options });
  cleanUp.push(() => client.close());
  return client;
}

const order = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' } as const;
const timeoutOf = async (asked: Promise<unknown>): Promise<CommandTimeout> => {
  const error = await asked.then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(CommandTimeout);
  return error as CommandTimeout;
};
const echo: Script = (request) => ({ body: successTo(request, request.payload) });
/** Answers all but the first `n` requests. */
const deafTo = (n: number): Script => {
  let left = n;
  return (request) => (left-- > 0 ? null : { body: successTo(request, request.payload) });
};

describe('ZmqClient', () => {
  it('sends the envelope of protocol 1.1 and resolves with the reply', async () => {
    const gateway = await gatewayWith(echo);
    const client = clientOf(gateway, { clientId: 'scalper-1' });
    const reply = await client.sendCommand(Action.OPEN_ORDER, order);
    expect(reply).toMatchObject({ status: 'SUCCESS', data: order, error: null });
    expect(gateway.received).toMatchObject([
      { action: 'OPEN_ORDER', payload: order, client_id: 'scalper-1', ttl_ms: 5_000, protocol: '1.1' },
    ]);
  });

  it('ages trading commands alone', async () => {
    const gateway = await gatewayWith(echo);
    const client = clientOf(gateway);
    await client.sendCommand('CLOSE_POSITION', { ticket: 7 }, { ttlMs: 250 });
    await client.sendCommand('KILL_SWITCH');
    await client.sendCommand('HEARTBEAT');
    expect(gateway.received.map((request) => request['ttl_ms'])).toEqual([250, undefined, undefined]);
  });

  it('keeps a ticket past 2^53 exact in both directions', async () => {
    const gateway = await gatewayWith((request) => ({
      body: JSON.stringify(successTo(request)).replace('{}', '{"ticket":9007199254740993,"volume":0.01}'),
    }));
    const reply = await clientOf(gateway).sendCommand('CLOSE_POSITION', { ticket: 9007199254740993n });
    expect(reply.data).toEqual({ ticket: 9007199254740993n, volume: 0.01 });
    expect(gateway.received[0]?.bytes).toContain('"ticket":9007199254740993}');
  });

  it('matches replies to commands when many are under way and the answers come in another order', async () => {
    const gateway = await gatewayWith((request) => ({
      body: successTo(request, request.payload),
      afterMs: 40 - Number(request.payload['symbol']),
    }));
    const client = clientOf(gateway);
    const symbols = Array.from({ length: 40 }, (_, n) => String(n));
    const replies = await Promise.all(symbols.map((symbol) => client.sendCommand('GET_TICK', { symbol })));
    expect(replies.map(({ data }) => (data as { symbol: string }).symbol)).toEqual(symbols);
  });

  it('says after a timeout that the command was sent, and the next command works', async () => {
    const gateway = await gatewayWith(deafTo(1));
    const client = clientOf(gateway);
    const error = await timeoutOf(client.sendCommand('OPEN_ORDER', order, { reqId: 'first', timeoutMs: 80 }));
    expect(error).toMatchObject({ reqId: 'first', sent: true, action: 'OPEN_ORDER' });
    expect(error.message).toContain('may have been executed');
    expect(await client.sendCommand('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
    expect(gateway.received).toHaveLength(2);
  });

  it('exactly once 27: a late reply is never taken for the reply of another command', async () => {
    const gateway = await gatewayWith((request) => ({
      body: successTo(request, { symbol: request.payload['symbol'] }),
      afterMs: request.payload['symbol'] === 'SLOW' ? 150 : 200,
    }));
    const client = clientOf(gateway);
    await timeoutOf(client.sendCommand('GET_TICK', { symbol: 'SLOW' }, { timeoutMs: 50 }));
    expect(await client.sendCommand('GET_TICK', { symbol: 'NEXT' })).toMatchObject({ data: { symbol: 'NEXT' } });
    expect(client.strayReplies).toBe(1);
  });

  it('throws away replies with a foreign req_id, replies that are none, and answers that come twice', async () => {
    const gateway = await gatewayWith((request) => [
      { body: { ...successTo(request), req_id: 'unknown' } },
      { body: 'not JSON' },
      { body: { ...successTo(request), status: 'PERHAPS' } },
      { body: successTo(request, { good: true }), afterMs: 30 },
      { body: successTo(request, { good: false }), afterMs: 40 },
    ]);
    const client = clientOf(gateway);
    expect(await client.sendCommand('GET_ACCOUNT_INFO')).toMatchObject({ data: { good: true } });
    await until(() => client.strayReplies === 4);
  });

  it('takes a reply that came in time although the program was too busy to look', async () => {
    const port = await startGatewayThread();
    const client = new ZmqClient({ host: '127.0.0.1', reqPort: port });
    cleanUp.push(() => client.close());
    await client.sendCommand('HEARTBEAT');
    // Whether the loop comes to its timers or to its sockets first depends on where it was: start from several places.
    for (const place of ['reply', 'immediate', 'timer', 'reply']) {
      if (place === 'immediate') await new Promise((resolve) => setImmediate(resolve));
      if (place === 'timer') await sleep(1);
      const asked = client.sendCommand('HEARTBEAT', {}, { timeoutMs: 60 });
      busyFor(120);
      expect(await asked, place).toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('fails without sending when there is no gateway, and never delivers it late', async () => {
    const gateway = await gatewayWith(undefined, FakeGateway.absent.bind(FakeGateway));
    const client = clientOf(gateway);
    const error = await timeoutOf(client.sendCommand('OPEN_ORDER', order, { reqId: 'unsent', timeoutMs: 120 }));
    expect(error).toMatchObject({ reqId: 'unsent', sent: false });
    expect(error.message).toContain('not sent');
    await gateway.open();
    expect(await client.sendCommand('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
    expect(gateway.received.map(({ action }) => action)).toEqual(['HEARTBEAT']);
  });

  it('delivers a command that waits when the gateway comes in time', async () => {
    const gateway = await gatewayWith(echo, FakeGateway.absent.bind(FakeGateway));
    const asked = clientOf(gateway).sendCommand('OPEN_ORDER', order);
    await sleep(120);
    await gateway.open();
    expect(await asked).toMatchObject({ status: 'SUCCESS' });
    expect(gateway.received).toHaveLength(1);
  });

  it('finds a gateway that was restarted on the same port within 100 ms and a little', async () => {
    const gateway = await gatewayWith(echo);
    const client = clientOf(gateway);
    expect(await client.checkHeartbeat()).toBe(true);
    await gateway.shut();
    await timeoutOf(client.sendCommand('HEARTBEAT', {}, { timeoutMs: 300 }));
    const asked = client.sendCommand('GET_TICK', { symbol: 'EURUSD' });
    await gateway.open();
    const openedMs = performance.now();
    expect(await asked).toMatchObject({ data: { symbol: 'EURUSD' } });
    expect(performance.now() - openedMs).toBeLessThan(250);
  });

  it('does not send what was lost with the old gateway to the new one', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const lost = timeoutOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 500 }));
    await until(() => gateway.received.length === 1);
    await gateway.shut();
    await gateway.open();
    expect((await lost).sent).toBe(true);
    await timeoutOf(client.sendCommand('HEARTBEAT', {}, { timeoutMs: 300 }));
    expect(gateway.received.map(({ action }) => action)).toEqual(['OPEN_ORDER', 'HEARTBEAT']);
  });

  it('repeats a kill whose connection ends before its reply, unlike an order', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const opened = timeoutOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 1_500 }));
    const killed = client.sendCommand('KILL_SWITCH', {}, { reqId: 'kill-1', timeoutMs: 10_000 });
    await until(() => gateway.received.length === 2);
    await gateway.shut();
    gateway.script = echo;
    await gateway.open();
    expect(await killed).toMatchObject({ req_id: 'kill-1', status: 'SUCCESS' });
    expect((await opened).sent).toBe(true);
    expect(gateway.received.map(({ action }) => action)).toEqual(['OPEN_ORDER', 'KILL_SWITCH', 'KILL_SWITCH']);
    expect(gateway.received[2]?.bytes).toBe(gateway.received[1]?.bytes);
  });

  it('says that a kill was sent, also where its repetition finds no gateway', async () => {
    const gateway = await gatewayWith(() => null);
    const killed = timeoutOf(clientOf(gateway).sendCommand('KILL_SWITCH', {}, { timeoutMs: 500 }));
    await until(() => gateway.received.length === 1);
    await gateway.shut();
    expect((await killed).sent).toBe(true);
  });

  it('resends the identical bytes, and only when told to', async () => {
    const gateway = await gatewayWith(deafTo(2));
    const client = clientOf(gateway);
    const { reqId } = await timeoutOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 60 }));
    await sleep(100);
    expect(gateway.received).toHaveLength(1);
    expect(await timeoutOf(client.resend(reqId, { timeoutMs: 60 }))).toMatchObject({ reqId, sent: true });
    expect(await client.resend(reqId)).toMatchObject({ req_id: reqId, status: 'SUCCESS' });
    expect(new Set(gateway.received.map(({ bytes }) => bytes)).size).toBe(1);
    expect(gateway.received).toHaveLength(3);
  });

  it('remembers that a command was sent when a resend of it was not', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const { reqId } = await timeoutOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 60 }));
    await gateway.shut();
    expect(await timeoutOf(client.resend(reqId, { timeoutMs: 60 }))).toMatchObject({ reqId, sent: true });
  });

  it('refuses a req_id that is under way, one that went unanswered, and a resend of one that did not', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const first = timeoutOf(client.sendCommand('OPEN_ORDER', order, { reqId: 'one', timeoutMs: 80 }));
    await expect(client.sendCommand('HEARTBEAT', {}, { reqId: 'one' })).rejects.toThrow('under way');
    await first;
    await expect(client.sendCommand('HEARTBEAT', {}, { reqId: 'one' })).rejects.toThrow('use resend');
    await expect(client.resend('another')).rejects.toThrow('no unanswered command');
    expect(gateway.received).toHaveLength(1);
  });

  it('keeps an unanswered order through more unanswered questions than it keeps', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const { reqId } = await timeoutOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 30 }));
    const questions = Array.from({ length: 1_001 }, () => client.sendCommand('HEARTBEAT', {}, { timeoutMs: 30 }));
    await Promise.allSettled(questions);
    gateway.script = echo;
    expect(await client.resend(reqId)).toMatchObject({ status: 'SUCCESS', data: order });
  });

  it('ends what is under way when it is closed, and refuses more', async () => {
    const gateway = await gatewayWith(() => null);
    const client = clientOf(gateway);
    const asked = client.sendCommand('OPEN_ORDER', order, { reqId: 'cut' });
    await until(() => gateway.received.length === 1);
    client.close();
    client.close();
    await expect(asked).rejects.toMatchObject({ name: 'ClientClosed', reqId: 'cut', sent: true });
    await expect(client.sendCommand('HEARTBEAT')).rejects.toBeInstanceOf(ClientClosed);
  });

  it('refuses what is no request before anything is sent', async () => {
    const gateway = await gatewayWith(echo);
    const client = clientOf(gateway);
    const long = { ...order, comment: 'x'.repeat(70_000) };
    await expect(client.sendCommand('OPEN_ORDER', long)).rejects.toThrow('65536 bytes');
    await expect(client.sendCommand('OPEN_ORDER', { ...order, volume: NaN })).rejects.toThrow(TypeError);
    await expect(client.sendCommand('HEARTBEAT', {}, { reqId: '' })).rejects.toThrow('reqId');
    await expect(client.sendCommand('HEARTBEAT', {}, { timeoutMs: 0 })).rejects.toThrow('timeoutMs');
    expect(gateway.received).toEqual([]);
  });

  it.each([
    [{ host: 'a b' }, 'host'],
    [{ host: 'tcp://127.0.0.1' }, 'host'],
    [{ reqPort: 0 }, 'reqPort'],
    [{ subPort: 65_536 }, 'subPort'],
    [{ eventPort: 1.5 }, 'eventPort'],
    [{ timeoutMs: NaN }, 'timeoutMs'],
    [{ clientId: 'with space' }, 'clientId'],
  ])('refuses %o', (options, named) => {
    expect(() => new ZmqClient(options)).toThrow(named);
  });

  it('tells in checkHeartbeat whether the gateway answers', async () => {
    const gateway = await gatewayWith(deafTo(1));
    const client = clientOf(gateway, { timeoutMs: 100 });
    expect(await client.checkHeartbeat()).toBe(false);
    expect(await client.checkHeartbeat()).toBe(true);
  });

  it('is closed at the end of its block', async () => {
    const gateway = await gatewayWith(echo);
    let kept: ZmqClient;
    {
      await using client = new ZmqClient(gateway.client);
      await client.sendCommand('HEARTBEAT');
      kept = client;
    }
    expect(kept.closed).toBe(true);
  });
});

/** A gateway in a thread of its own, which answers while this one is busy. */
async function startGatewayThread(): Promise<number> {
  const program = `
    const { Router } = require('zeromq');
    const { parentPort } = require('node:worker_threads');
    (async () => {
      const router = new Router({ linger: 0 });
      await router.bind('tcp://127.0.0.1:*');
      parentPort.on('message', () => router.close()).postMessage(Number(router.lastEndpoint.split(':').at(-1)));
      for await (const [identity, delimiter, body] of router) {
        const reply = { req_id: JSON.parse(body).req_id, status: 'SUCCESS', timestamp: 1, data: {}, error: null };
        await router.send([identity, delimiter, JSON.stringify(reply)]);
      }
      parentPort.close();
    })();`;
  const worker = new Worker(program, { eval: true });
  cleanUp.push(async () => {
    worker.postMessage('close');
    await once(worker, 'exit');
  });
  const [port] = (await once(worker, 'message')) as [number];
  return port;
}

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
