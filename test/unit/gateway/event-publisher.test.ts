import { Context, Subscriber } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { EventPublisher } from '../../../main/gateway/event-publisher.ts';
import { silentLog } from '../../../main/log.ts';
import { eventTopic } from '../../../main/protocol/events.ts';
import { systemClock } from '../../../main/clock.ts';

const closers: (() => void | Promise<void>)[] = [];
const OPEN = { maxSubscriptions: 10_000, guarded: null };

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function publish() {
  const publisher = new EventPublisher(new Context(), OPEN, { clock: systemClock, log: silentLog });
  closers.push(() => publisher.stop());
  const started = await publisher.start('tcp://127.0.0.1:*');
  if (!started.ok) throw new Error(started.message);
  return { publisher, endpoint: started.endpoint };
}

function subscribe(endpoint: string, topic: string): Subscriber {
  const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 20 });
  socket.connect(endpoint);
  socket.subscribe(topic);
  closers.push(() => socket.close());
  return socket;
}

/** Announces until it is heard: a subscription takes its time to arrive. */
async function hear(socket: Subscriber, announce: () => void): Promise<string> {
  for (;;) {
    announce();
    const parts = await socket.receive().catch(() => null);
    if (parts !== null) {
      expect(parts).toHaveLength(1);
      return String(parts[0]);
    }
  }
}

describe('EventPublisher', () => {
  it('sends one frame with event first, then the time, tickets exact', async () => {
    const { publisher, endpoint } = await publish();
    const socket = subscribe(endpoint, eventTopic('TRADE'));
    const data = { ticket: 9_007_199_254_740_993n };
    const frame = await hear(socket, () => {
      publisher.announce({ event: 'CLIENT', timestamp: 1, data: {} });
      publisher.announce({ data, timestamp: 1_766_800_000.5, event: 'TRADE' });
    });
    expect(frame).toBe('{"event":"TRADE","timestamp":1766800000.5,"data":{"ticket":9007199254740993}}');
  });

  it('never throws into its caller', async () => {
    const { publisher } = await publish();
    publisher.announce({ event: 'TRADE', timestamp: Number.NaN, data: {} });
    expect(publisher.failed).toBe(1);
    await publisher.stop();
    await publisher.stop();
    publisher.announce({ event: 'TRADE', timestamp: 1, data: {} });
    expect(publisher.published).toBe(0);
  });

  it('says that its port is in use', async () => {
    const { endpoint } = await publish();
    const second = new EventPublisher(new Context(), OPEN, { clock: systemClock, log: silentLog });
    expect(await second.start(endpoint)).toMatchObject({ ok: false, code: 'PORT_IN_USE', endpoint });
  });
});
