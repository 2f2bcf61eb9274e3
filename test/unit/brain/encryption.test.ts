import { inspect } from 'node:util';
import { curveKeyPair, Router } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { getZmqClient, ZmqClient, type CommandTimeout, type ZmqClientOptions } from '../../../main/brain/index.ts';
import { MAC_BYTES } from '../../../main/protocol/connection-file.ts';
import { fingerprint } from '../../../main/security/fingerprint.ts';
import { FakeGateway, sleep, until } from '../../fakes/fake-gateway.ts';
import { SecureGateway } from './secure-gateway.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function secureGateway(): Promise<SecureGateway> {
  const gateway = await SecureGateway.start();
  cleanUp.push(() => gateway[Symbol.asyncDispose]());
  return gateway;
}

function clientOf(options: ZmqClientOptions): ZmqClient {
  const client = new ZmqClient({ timeoutMs: 1_000, ...options });
  cleanUp.push(() => client.close());
  return client;
}

const order = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' } as const;
const faultOf = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: unknown) => error as CommandTimeout,
  );

describe('a paired brain', () => {
  it('proves each request with 32 bytes after its body, and gives its name in it', async () => {
    const gateway = await secureGateway();
    const client = clientOf({ connection: gateway.connection });
    expect(await client.sendCommand('OPEN_ORDER', { ...order, comment: 'größer – 🚀' })).toMatchObject({
      status: 'SUCCESS',
    });
    const [{ body, more } = { body: '', more: [] }] = gateway.received;
    expect(JSON.parse(body)).toMatchObject({ client_id: 'alpha', action: 'OPEN_ORDER' });
    expect(more).toHaveLength(1);
    expect(more[0]).toHaveLength(MAC_BYTES);
    expect(more[0]).toEqual(gateway.macOf(body));
  });

  it('resends the identical bytes, the proof among them', async () => {
    const gateway = await secureGateway();
    gateway.answers = false;
    const client = clientOf({ connection: gateway.connection });
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order, { reqId: 'one', timeoutMs: 300 }));
    expect(fault).toMatchObject({ name: 'CommandTimeout', sent: true });
    gateway.answers = true;
    expect(await client.resend('one')).toMatchObject({ status: 'SUCCESS', req_id: 'one' });
    expect(gateway.received).toHaveLength(2);
    expect(gateway.received[1]).toEqual(gateway.received[0]);
  });

  it('gets ticks and events under its key', async () => {
    const gateway = await secureGateway();
    const client = clientOf({ connection: gateway.connection });
    const ticks = client.streamData({ symbols: ['EURUSD'] });
    const tick = ticks.next();
    await gateway.publishUntil(tick, { symbol: 'EURUSD', bid: 1, ask: 2 });
    expect((await tick).value).toMatchObject({ symbol: 'EURUSD', bid: 1 });
    const event = client.events().next();
    await gateway.publishUntil(event, { event: 'TRADE', timestamp: 1, data: {} });
    expect((await event).value).toMatchObject({ event: 'TRADE' });
  });

  it('takes host and ports from its options before those of the connection', async () => {
    const gateway = await secureGateway();
    const { connection } = gateway;
    const moved = { ...connection, host: 'elsewhere.example', command_port: 1 };
    const client = clientOf({ connection: moved, host: '127.0.0.1', reqPort: connection.command_port });
    expect(await client.checkHeartbeat()).toBe(true);
    expect(client.settings).toMatchObject({ host: '127.0.0.1', subPort: connection.data_port, clientId: 'alpha' });
  });

  it('goes by no other name, and by no connection that cannot be', async () => {
    const { connection } = await secureGateway();
    expect(() => new ZmqClient({ connection, clientId: 'beta' })).toThrow(
      'clientId is alpha under this connection, not beta',
    );
    expect(clientOf({ connection, clientId: 'alpha' }).settings.clientId).toBe('alpha');
    const broken = { ...connection, mac_key: 'secret-but-short' };
    expect(() => new ZmqClient({ connection: broken })).toThrow(/^connection: mac_key is 64 hexadecimal digits/);
    expect(() => new ZmqClient({ connection: broken })).not.toThrow('secret-but-short');
  });

  it('shows fingerprints as the gateway does, and its keys nowhere', async () => {
    const { connection } = await secureGateway();
    const client = clientOf({ connection, timeoutMs: 50, reqPort: 1 });
    const { pairing } = client.settings;
    expect(pairing?.fingerprint).toBe(fingerprint(connection.public_key));
    expect(pairing?.serverFingerprint).toBe(fingerprint(connection.server_key));
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order));
    const shown = [inspect(client, { depth: 9, showHidden: true }), JSON.stringify(client), inspect(fault)].join();
    for (const key of ['secret_key', 'mac_key', 'public_key', 'server_key'] as const)
      expect(shown).not.toContain(connection[key]);
  });

  it('is another brain than one with other keys, for the client that a process shares', async () => {
    const { connection } = await secureGateway();
    const shared = getZmqClient({ connection });
    cleanUp.push(() => shared.close());
    expect(getZmqClient({ connection })).toBe(shared);
    const other = { ...connection, public_key: curveKeyPair().publicKey };
    expect(() => getZmqClient({ connection: other })).toThrow('other options');
    expect(() => getZmqClient({ host: '127.0.0.1' })).toThrow('other options');
  });
});

describe('a brain that is turned away', () => {
  it('says with the unsent command that the gateway refused its key, and is let in once it may', async () => {
    const gateway = await secureGateway();
    gateway.isOpen = false;
    const client = clientOf({ connection: gateway.connection });
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 400 }));
    expect(fault).toMatchObject({ name: 'CommandTimeout', sent: false });
    const key = fingerprint(gateway.connection.public_key);
    expect(fault?.message).toContain(`refused this brain's key (${key}): paired? revoked? expired?`);
    expect(client.refusal).toContain(key);
    expect(gateway.knocks).toBe(1);
    gateway.isOpen = true;
    expect(await client.sendCommand('HEARTBEAT', {}, { timeoutMs: 5_000 })).toMatchObject({ status: 'SUCCESS' });
    expect(client.refusal).toBeNull();
    expect(gateway.received).toHaveLength(1);
  });

  it('reconnects by a name as by an address', async () => {
    const gateway = await secureGateway();
    gateway.isOpen = false;
    const client = clientOf({ connection: gateway.connection, host: 'localhost' });
    await faultOf(client.sendCommand('HEARTBEAT', {}, { timeoutMs: 400 }));
    gateway.isOpen = true;
    expect(await client.sendCommand('HEARTBEAT', {}, { timeoutMs: 5_000 })).toMatchObject({ status: 'SUCCESS' });
  });

  it('hears it from a stream too, once, and gets its messages when it is let in', async () => {
    const gateway = await secureGateway();
    gateway.isOpen = false;
    const heard: string[] = [];
    const client = clientOf({ connection: gateway.connection });
    const ticks = client.streamData({ refused: (why) => heard.push(why) });
    const tick = ticks.next();
    await until(() => gateway.knocks >= 2, 6_000);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain("refused this brain's key");
    gateway.isOpen = true;
    await gateway.publishUntil(tick, { symbol: 'EURUSD', bid: 1, ask: 2 });
    expect((await tick).value).toMatchObject({ symbol: 'EURUSD' });
  });

  it('says that the gateway has another key, and sends nothing', async () => {
    const gateway = await secureGateway();
    const client = clientOf({ connection: { ...gateway.connection, server_key: curveKeyPair().publicKey } });
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 800 }));
    expect(fault).toMatchObject({ sent: false });
    expect(fault?.message).toContain('hung up during the handshake');
    expect(fault?.message).toContain(`is its key ${client.settings.pairing?.serverFingerprint}`);
    expect(gateway.received).toEqual([]);
  });

  it('says that the gateway is not in encrypted mode, and sends nothing in the clear', async () => {
    await using plain = await FakeGateway.start();
    const { connection } = await secureGateway();
    const client = clientOf({ connection, ...plain.client });
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 600 }));
    expect(fault).toMatchObject({ sent: false });
    expect(fault?.message).toContain('not in encrypted mode');
    expect(plain.received).toEqual([]);
  });

  it('says without a pairing that the gateway is encrypted, and finds it once it is not', async () => {
    await using plain = await FakeGateway.absent();
    const { publicKey: curvePublicKey, secretKey: curveSecretKey } = curveKeyPair();
    const encrypted = new Router({ linger: 0, curveServer: true, curvePublicKey, curveSecretKey });
    await encrypted.bind(`tcp://127.0.0.1:${plain.client.reqPort}`);
    const client = clientOf(plain.client);
    const fault = await faultOf(client.sendCommand('OPEN_ORDER', order, { timeoutMs: 800 }));
    expect(fault).toMatchObject({ sent: false });
    expect(fault?.message).toContain('is in encrypted mode');
    encrypted.close();
    await sleep(50);
    await plain.open();
    expect(await client.sendCommand('HEARTBEAT', {}, { timeoutMs: 5_000 })).toMatchObject({ status: 'SUCCESS' });
    expect(client.refusal).toBeNull();
  });

  it('says nothing of refusals without a gateway', async () => {
    const { connection } = await secureGateway();
    await using absent = await FakeGateway.absent();
    const client = clientOf({ connection, ...absent.client });
    const fault = await faultOf(client.sendCommand('HEARTBEAT', {}, { timeoutMs: 200 }));
    expect(fault?.message).toMatch(/no connection to tcp:\/\/127\.0\.0\.1:\d+ within 200 ms$/);
    expect(client.refusal).toBeNull();
  });
});
