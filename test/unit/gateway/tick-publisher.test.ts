import { Context, Subscriber, XSubscriber } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/clock.ts';
import { TickPublisher } from '../../../main/gateway/tick-publisher.ts';
import { silentLog } from '../../../main/log.ts';
import type { Tick } from '../../../main/mt5/market.ts';
import { tickTopic } from '../../../main/protocol/ticks.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const DIGITS: Readonly<Record<string, number>> = { EURUSD: 5, USDJPY: 3, XAUUSD: 2 };

async function publish() {
  const demands: string[][] = [];
  const logged: string[] = [];
  const publisher = new TickPublisher(
    new Context(),
    { maxSubscriptions: 10_000, guarded: null },
    {
      clock: systemClock,
      log: { ...silentLog, info: (event) => void logged.push(event) },
      digitsOf: (symbol) => DIGITS[symbol] ?? null,
      onDemand: (symbols) => void demands.push([...symbols].sort()),
    },
  );
  closers.push(() => publisher.stop());
  const started = await publisher.start('tcp://127.0.0.1:*');
  if (!started.ok) throw new Error(started.message);
  return { logged, publisher, endpoint: started.endpoint, demands };
}

function subscribe(endpoint: string, ...topics: readonly string[]): Subscriber {
  const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
  socket.connect(endpoint);
  socket.subscribe(...topics);
  closers.push(() => socket.close());
  return socket;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function tick(change: Partial<Tick> = {}): Tick {
  const plain = { symbol: 'EURUSD', bid: 1.05123, ask: 1.05125, last: 0, volume: 1000, flags: 6 };
  return { ...plain, timeMsc: 1_766_800_000_125, ...change };
}

describe('TickPublisher', () => {
  it('sends single frames, byte for byte as the protocol has them, seq from 1', async () => {
    const { publisher, endpoint } = await publish();
    const socket = subscribe(endpoint, '');
    await until(() => publisher.stats().subscriptions === 1);
    publisher.publish([tick(), tick({ bid: 1.1, ask: 1.10002 }), tick({ symbol: 'USDJPY', bid: 157.1, ask: 157.102 })]);
    const frames = [await socket.receive(), await socket.receive(), await socket.receive()];
    expect(frames.map((parts) => parts.map(String))).toEqual([
      [
        '{"symbol":"EURUSD","bid":1.05123,"ask":1.05125,"timestamp":1766800000.125,"time_msc":1766800000125,"last":0,"volume":1000,"flags":6,"seq":1}',
      ],
      [
        '{"symbol":"EURUSD","bid":1.10000,"ask":1.10002,"timestamp":1766800000.125,"time_msc":1766800000125,"last":0,"volume":1000,"flags":6,"seq":2}',
      ],
      [
        '{"symbol":"USDJPY","bid":157.100,"ask":157.102,"timestamp":1766800000.125,"time_msc":1766800000125,"last":0,"volume":1000,"flags":6,"seq":1}',
      ],
    ]);
  });

  it('a symbol as topic selects that symbol alone, and one whose name begins the same is another', async () => {
    const { publisher, endpoint, demands } = await publish();
    const socket = subscribe(endpoint, tickTopic('EURUSD'));
    await until(() => publisher.stats().subscriptions === 1);
    expect(demands).toEqual([['EURUSD']]);
    publisher.publish([tick({ symbol: 'EURUSD.s' }), tick({ symbol: 'XAUUSD' }), tick()]);
    expect(JSON.parse(String(await socket.receive()))).toMatchObject({ symbol: 'EURUSD', seq: 1 });
    expect(publisher.stats()).toMatchObject({ published: 1, unwanted: 2 });
  });

  it('writes nothing without a subscriber, and seq counts all the same', async () => {
    const { publisher, endpoint } = await publish();
    publisher.publish([tick(), tick(), tick()]);
    expect(publisher.stats()).toMatchObject({ published: 0, unwanted: 3 });
    const socket = subscribe(endpoint, tickTopic('EURUSD'));
    await until(() => publisher.stats().subscriptions === 1);
    publisher.publish([tick()]);
    expect(JSON.parse(String(await socket.receive()))).toMatchObject({ seq: 4 });
  });

  it('knows when the last subscriber of a symbol has gone', async () => {
    const { publisher, endpoint, demands } = await publish();
    const first = subscribe(endpoint, tickTopic('EURUSD'));
    const second = subscribe(endpoint, tickTopic('EURUSD'));
    await until(() => publisher.stats().subscriptions === 2);
    first.unsubscribe(tickTopic('EURUSD'));
    await until(() => publisher.stats().subscriptions === 1);
    publisher.publish([tick()]);
    expect(publisher.stats().published).toBe(1);
    second.close();
    await until(() => publisher.stats().subscriptions === 0);
    publisher.publish([tick()]);
    expect(publisher.stats()).toMatchObject({ published: 1, unwanted: 1 });
    expect(demands).toEqual([['EURUSD'], []]);
  });

  it('drops ticks that JSON has no form for, and counts them', async () => {
    const { publisher, endpoint } = await publish();
    const socket = subscribe(endpoint, '');
    await until(() => publisher.stats().subscriptions === 1);
    publisher.publish([tick({ bid: Number.NaN }), tick({ ask: Infinity }), tick()]);
    expect(JSON.parse(String(await socket.receive()))).toMatchObject({ seq: 3 });
    expect(publisher.stats()).toMatchObject({ published: 1, dropped: 2 });
  });

  it('a subscriber that sends anything else does no harm', async () => {
    const { publisher, endpoint } = await publish();
    const odd = new XSubscriber({ context: new Context(), linger: 0 });
    closers.push(() => odd.close());
    odd.connect(endpoint);
    for (const message of ['', 'hello', '\u0000never subscribed', `\u0001${'x'.repeat(100)}`]) await odd.send(message);
    const socket = subscribe(endpoint, '');
    await until(() => publisher.stats().subscriptions >= 2);
    publisher.publish([tick()]);
    expect(JSON.parse(String(await socket.receive()))).toMatchObject({ symbol: 'EURUSD' });
  });

  it('names a thousand symbols at once: demand is told once a turn, and names all', async () => {
    const { publisher, endpoint, demands } = await publish();
    const socket = subscribe(endpoint, '{"symbol":"EURUSD",');
    for (let n = 0; n < 900; n += 1) socket.subscribe(`{"symbol":"S${n}",`);
    await until(() => publisher.stats().subscriptions === 901);
    await until(() => demands.at(-1)?.length === 901);
    expect(demands.length).toBeLessThan(100);
  });

  it.each([
    ['more subscriptions than allowed', 11_000, ''],
    ['subscriptions of more bytes than they can need', 9_000, 'x'.repeat(100)],
  ])('%s end all connections of the channel, and who wants little comes back', async (_, count, tail) => {
    const { publisher, endpoint, logged } = await publish();
    const honest = subscribe(endpoint, '{"symbol":"EURUSD",');
    honest.receiveTimeout = -1;
    const heard = honest.receive();
    await until(() => publisher.stats().subscriptions === 1);
    const greedy = new XSubscriber({ context: new Context(), linger: 0, sendHighWaterMark: 0 });
    greedy.connect(endpoint);
    for (let n = 0; n < count; n += 1) await greedy.send(`\u0001${n}${tail}`);
    await until(() => logged.includes('connections-ended'));
    greedy.close();
    await until(() => publisher.stats().subscriptions === 1);
    publisher.publish([tick()]);
    expect(JSON.parse(String(await heard))).toMatchObject({ symbol: 'EURUSD' });
  });

  it('20,000 ticks in batches arrive all, in order, each in memory of its own', async () => {
    const { publisher, endpoint } = await publish();
    const socket = subscribe(endpoint, '');
    await until(() => publisher.stats().subscriptions === 1);
    const receiving = (async () => {
      for (let seq = 1; seq <= 20_000; seq += 1) {
        const got = JSON.parse(String(await socket.receive())) as { seq: number; bid: number };
        if (got.seq !== seq || got.bid !== (100_000 + seq) / 100_000) throw new Error(`${seq}: ${JSON.stringify(got)}`);
      }
    })();
    for (let seq = 1; seq <= 20_000; seq += 100) {
      publisher.publish(Array.from({ length: 100 }, (_, n) => tick({ bid: (100_000 + seq + n) / 100_000 })));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await receiving;
    expect(publisher.stats()).toMatchObject({ published: 20_000, dropped: 0 });
  });

  it('publishes nothing and does not throw when it is closed', async () => {
    const { publisher } = await publish();
    await publisher.stop();
    await publisher.stop();
    publisher.publish([tick()]);
    expect(publisher.stats().published).toBe(0);
  });
});
