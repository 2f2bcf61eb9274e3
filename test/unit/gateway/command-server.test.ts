import { connect } from 'node:net';
import { Context, Dealer, Request, Router } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/clock.ts';
import { CommandServer, openCommandSocket, type RequestHandler } from '../../../main/gateway/command-server.ts';
import { silentLog } from '../../../main/log.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server on a free port that echoes, unless told otherwise. */
async function serve(handle: RequestHandler = echo, open?: (context: Context, endpoint: string) => Router) {
  const context = new Context();
  const server = new CommandServer((at) => (open ?? openCommandSocket)(context, at), handle, systemClock, silentLog);
  closers.push(() => server.stop());
  const started = await server.start('tcp://127.0.0.1:*');
  if (!started.ok) throw new Error(started.message);
  return { server, endpoint: started.endpoint };
}

const echo: RequestHandler = ({ body, surplus }, reply) => reply(`${Buffer.from(body).toString()}/${surplus.length}`);

function request(endpoint: string, timeoutMs: number): Request {
  const socket = new Request({ context: new Context(), linger: 0, receiveTimeout: timeoutMs, sendTimeout: timeoutMs });
  socket.connect(endpoint);
  closers.push(() => socket.close());
  return socket;
}

function dealer(endpoint: string): Dealer {
  const socket = new Dealer({ context: new Context(), linger: 0, receiveTimeout: 5_000, sendTimeout: 5_000 });
  socket.connect(endpoint);
  closers.push(() => socket.close());
  return socket;
}

async function ask(endpoint: string, text = 'alive', timeoutMs = 5_000): Promise<string> {
  const socket = request(endpoint, timeoutMs);
  await socket.send(text);
  const [reply] = await socket.receive();
  return reply?.toString() ?? '';
}

/** Waits until `met`, for as long as a test may take. */
async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A ROUTER whose first receives fail as given. */
class FailingRouter extends Router {
  readonly #faults: Error[];

  constructor(context: Context, faults: readonly Error[]) {
    super({ context, linger: 0, mandatory: true, sendTimeout: 0 });
    this.#faults = [...faults];
  }

  override receive(): Promise<Buffer[]> {
    const fault = this.#faults.shift();
    return fault === undefined ? super.receive() : Promise.reject(fault);
  }
}

describe('CommandServer', () => {
  it('answers a REQ, and a DEALER that sends the empty delimiter', async () => {
    const { endpoint } = await serve();
    expect(await ask(endpoint, 'hello')).toBe('hello/0');
    const socket = dealer(endpoint);
    await socket.send(['', 'hello']);
    expect((await socket.receive()).map(String)).toEqual(['', 'hello/0']);
  });

  it('gives back what stands before the delimiter, as a REP does: a correlated REQ takes no other reply', async () => {
    const { server, endpoint } = await serve();
    const socket = request(endpoint, 5_000);
    socket.correlate = true;
    await socket.send('hello');
    expect(String(await socket.receive())).toBe('hello/0');
    const routed = dealer(endpoint);
    await routed.send(['one', 'two', '', 'hello', 'mac']);
    expect((await routed.receive()).map(String)).toEqual(['one', 'two', '', 'hello/1']);
    expect(server.stats()).toMatchObject({ received: 2, replied: 2, dropped: 0 });
  });

  it('gives every request exactly one reply, its own', async () => {
    const { server, endpoint } = await serve();
    const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(endpoint, `${n}`)));
    expect(replies).toEqual(Array.from({ length: 20 }, (_, n) => `${n}/0`));
    expect(server.stats()).toMatchObject({ received: 20, replied: 20, dropped: 0 });
  });

  it.each([
    ['no delimiter', ['body']],
    ['a delimiter alone', ['']],
    ['a body in place of the delimiter', ['x', 'body']],
    ['many empty parts without a body', Array.from({ length: 1 }, () => '')],
  ])('drops and counts what is no request: %s', async (_what, frames) => {
    const { server, endpoint } = await serve();
    await dealer(endpoint).send(frames);
    await until(() => server.stats().received > 0);
    expect(server.stats()).toMatchObject({ dropped: 1, replied: 0 });
    expect(await ask(endpoint)).toBe('alive/0');
  });

  it.each([
    ['an empty body', [''], '/0'],
    ['two bodies', ['a', 'b'], 'a/1'],
    ['5,000 parts', ['a', ...Array.from({ length: 4_999 }, () => '')], 'a/4999'],
  ])('hands on, with the number of surplus frames: %s', async (_what, bodies, reply) => {
    const { endpoint } = await serve();
    const socket = request(endpoint, 5_000);
    await socket.send(bodies);
    expect(String(await socket.receive())).toBe(reply);
  });

  it('closes the connection of a frame over 128 KiB, and lives', async () => {
    const { server, endpoint } = await serve();
    await dealer(endpoint).send(['', Buffer.alloc(1024 * 1024)]);
    await dealer(endpoint).send(['', Buffer.alloc(128 * 1024 + 1)]);
    expect(await ask(endpoint)).toBe('alive/0');
    expect(server.stats().received).toBe(1);
  });

  it.each([
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['zeros', Buffer.alloc(4_096)],
    ['0xff', Buffer.alloc(4_096, 0xff)],
  ])('lives through raw bytes: %s', async (_what, bytes) => {
    const { endpoint } = await serve();
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
    closers.push(() => socket.destroy());
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('connect', () => socket.write(bytes, () => resolve())));
    for (let n = 0; n < 5; n += 1) expect(await ask(endpoint)).toBe('alive/0');
  });

  it('lives when the handler throws', async () => {
    const { endpoint } = await serve((received, reply) => {
      if (received.body.length === 0) throw new Error('a bug');
      echo(received, reply);
    });
    await dealer(endpoint).send(['', '']);
    expect(await ask(endpoint)).toBe('alive/0');
  });

  it('drops and counts the replies of a client that has gone', async () => {
    const held: (() => void)[] = [];
    const { server, endpoint } = await serve((received, reply) => {
      if (Buffer.from(received.body).toString() === 'later') held.push(() => reply('too late'));
      else echo(received, reply);
    });
    const socket = dealer(endpoint);
    await socket.send(['', 'later']);
    await until(() => held.length > 0);
    socket.close();
    // The other end notices in its own time.
    await until(() => {
      held[0]?.();
      return server.stats().clientsGone > 0;
    });
    expect(await ask(endpoint)).toBe('alive/0');
  });

  it('drops and counts the replies of a client that never reads, and others do not notice', async () => {
    const big = 'x'.repeat(60_000);
    const { server, endpoint } = await serve((received, reply) =>
      Buffer.from(received.body).toString() === 'big' ? reply(big) : echo(received, reply),
    );
    const socket = new Dealer({
      context: new Context(),
      linger: 0,
      receiveHighWaterMark: 1,
      receiveBufferSize: 4_096,
      sendHighWaterMark: 0,
    });
    socket.connect(endpoint);
    closers.push(() => socket.close());
    for (let n = 0; n < 1_000; n += 1) await socket.send(['', 'big']);
    await until(() => server.stats().clientsFull > 0);
    expect(await ask(endpoint)).toBe('alive/0');
  });

  it('opens the socket anew on the same port after an unexpected fault', async () => {
    const faults = [new Error('unexpected')];
    const { server, endpoint } = await serve(echo, (context) => new FailingRouter(context, faults.splice(0)));
    await until(() => server.stats().rebuilds > 0);
    // What a client sent to the socket before is lost with it; the next try of its own finds the new one.
    await until(async () => (await ask(endpoint, 'alive', 200).catch(() => '')) === 'alive/0');
    expect(server.stats().rebuilds).toBe(1);
  });

  it('takes EAGAIN for nothing', async () => {
    const again = Object.assign(new Error('again'), { code: 'EAGAIN' });
    const { server, endpoint } = await serve(echo, (context) => new FailingRouter(context, [again, again, again]));
    expect(await ask(endpoint)).toBe('alive/0');
    expect(server.stats().rebuilds).toBe(0);
  });

  it('answers what had arrived unread before all connections are ended', async () => {
    const { server, endpoint } = await serve();
    const client = dealer(endpoint);
    await client.send(['', 'first']);
    await client.receive();
    await client.send(['', 'kill']);
    // The threads of libzmq deliver it meanwhile; nobody here looks.
    for (const until = performance.now() + 200; performance.now() < until;);
    const ended = server.endConnections();
    expect((await client.receive()).map(String)).toEqual(['', 'kill/0']);
    await ended;
  });

  it('stops in order while all connections are being ended', async () => {
    const { server } = await serve();
    const ended = server.endConnections();
    await server.stop();
    await expect(ended).resolves.toBeUndefined();
  });

  it('drops and counts a reply that is given while all connections are being ended, and throws at nobody', async () => {
    let answer: (() => void) | null = null;
    const { server, endpoint } = await serve((received, reply) => {
      if (String(received.body) === 'late') answer = () => reply('too late');
      else echo(received, reply);
    });
    await dealer(endpoint).send(['', 'late']);
    await until(() => answer !== null);
    const ended = server.endConnections();
    // The old socket is closed once no reply is due, at the latest after 100 ms, and the next one opened right after.
    let isOver = false;
    void ended.then(() => (isOver = true));
    const faults: unknown[] = [];
    while (!hasEnded()) {
      try {
        answer!();
      } catch (error) {
        faults.push(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(faults).toEqual([]);
    expect(await ask(endpoint)).toBe('alive/0');

    function hasEnded(): boolean {
      return isOver;
    }
  });

  it('says that a port is in use', async () => {
    const { endpoint } = await serve();
    const second = new CommandServer((at) => openCommandSocket(new Context(), at), echo, systemClock, silentLog);
    expect(await second.start(endpoint)).toMatchObject({ ok: false, code: 'PORT_IN_USE', endpoint });
    await second.stop();
  });

  it('says that an address is not of this machine', async () => {
    const server = new CommandServer((at) => openCommandSocket(new Context(), at), echo, systemClock, silentLog);
    expect(await server.start('tcp://172.19.141.255:*')).toMatchObject({ ok: false, code: 'CANNOT_BIND' });
    await server.stop();
  });

  it('stops twice, and frees its port', async () => {
    const { server, endpoint } = await serve();
    await server.stop();
    await server.stop();
    const next = new CommandServer((at) => openCommandSocket(new Context(), at), echo, systemClock, silentLog);
    closers.push(() => next.stop());
    // libzmq lets go of the port in the background.
    let started = await next.start(endpoint);
    while (!started.ok) started = await next.start(endpoint);
    expect(await ask(endpoint)).toBe('alive/0');
  });
});
