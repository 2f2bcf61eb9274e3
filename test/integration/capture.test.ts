import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Action, ZmqClient, type ZmqClientOptions } from '../../main/brain/index.ts';
import { EncryptedGateway } from './encrypted-gateway.ts';
import { startGateway } from './gateway-process.ts';

const SYMBOLS = ['EURUSD', 'XAUUSD'] as const;

/** Stands between a brain and one port of its gateway, and keeps every byte that goes by. */
class Tap {
  readonly #server: Server;
  readonly #chunks: Buffer[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  static async before(target: number): Promise<Tap> {
    const tap = new Tap(target);
    await new Promise<void>((resolve) => tap.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => tap.#close());
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** All that went by, a character a byte. */
  get captured(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      this.#chunks.push(chunk);
      to.write(chunk);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }

  #close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

interface Session {
  readonly captured: string;
  /** What the brain knows and nobody on the way has to. */
  readonly ticket: string;
}

/** Trades, asks and listens through taps before all three ports. */
async function session(
  ports: Record<'command' | 'data' | 'events', number>,
  options: ZmqClientOptions,
): Promise<Session> {
  const taps = await Promise.all([ports.command, ports.data, ports.events].map((port) => Tap.before(port)));
  const [reqPort, subPort, eventPort] = taps.map(({ port }) => port);
  await using client = new ZmqClient({ ...options, host: '127.0.0.1', reqPort, subPort, eventPort, timeoutMs: 10_000 });
  const events = client.events();
  const traded = events.next();
  const ticks = client.streamData({ symbols: SYMBOLS });
  for (let count = 0; count < 20; count += 1) await ticks.next();
  expect(await client.sendCommand('HEARTBEAT')).toMatchObject({ status: 'SUCCESS' });
  const opened = await client.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
  if (opened.status !== 'SUCCESS') throw new Error(`not opened: ${opened.error}`);
  const { ticket } = opened.data;
  for (const action of ['GET_POSITIONS', 'GET_ACCOUNT_INFO', 'GET_SYMBOLS'] as const)
    expect(await client.sendCommand(action, {})).toMatchObject({ status: 'SUCCESS' });
  expect(await client.sendCommand('CLOSE_POSITION', { ticket: ticket! })).toMatchObject({ status: 'SUCCESS' });
  await traded;
  client.close();
  return { captured: taps.map(({ captured }) => captured).join('\n'), ticket: String(ticket) };
}

/** Words of the protocol and of this session; shorter ones stand in any random bytes sooner or later. */
function tellingWords({ ticket }: Session): readonly string[] {
  const words = [...SYMBOLS, ...Object.values(Action), `"ticket":${ticket}`, '"bid"', '"status"', 'client_id', 'alpha'];
  return words.filter(({ length }) => length >= 5);
}

describe('all bytes between a brain and its gateway', () => {
  it('tell everything in local mode: the tap sees what there is to see', async () => {
    const gateway = await startGateway();
    const seen = await session(gateway.ports, { clientId: 'alpha' });
    const asked = ['HEARTBEAT', 'OPEN_ORDER', 'GET_POSITIONS', 'CLOSE_POSITION', `"ticket":${seen.ticket}`, 'alpha'];
    for (const word of [...SYMBOLS, ...asked, '"bid"']) expect(seen.captured).toContain(word);
  });

  it('tell no symbol, no action, no ticket, no name and no key in encrypted mode', async () => {
    const gateway = await EncryptedGateway.start();
    onTestFinished(() => gateway.discard());
    const { connection } = await gateway.pair('alpha', 'trade');
    const seen = await session(gateway.ports, { connection });
    expect(seen.captured.length).toBeGreaterThan(5_000);
    expect(seen.captured).toContain('CURVE');
    const found = tellingWords(seen).filter((word) => seen.captured.includes(word));
    expect(found).toEqual([]);
    for (const key of [connection.secret_key, connection.mac_key]) expect(seen.captured).not.toContain(key);
    expect(seen.captured).not.toContain(Buffer.from(connection.mac_key, 'hex').toString('latin1'));
  });
});
