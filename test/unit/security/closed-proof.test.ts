import { Context, curveKeyPair, Reply, Router, XPublisher } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../main/clock.ts';
import { proveCurveClosed } from '../../../main/security/closed-proof.ts';
import { CHANNELS, type Channel } from '../../../main/security/port-guard.ts';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

const { publicKey: serverKey, secretKey } = curveKeyPair();
const CURVE = { curveServer: true, curveSecretKey: secretKey } as const;
const DOOR = { zapDomain: 'any', zapEnforceDomain: true } as const;

/** Ten times as fast, where nobody is going to answer. */
const hurried: Clock = { ...systemClock, after: (ms, fn) => systemClock.after(ms / 10, fn) };

/** A port of the kind of a channel; `answer` is the door's, null for a context that has none. */
async function port(channel: Channel, options: object, answer: '200' | '400' | null) {
  const context = new Context();
  if (answer !== null) await openDoor(context, answer);
  const settings = { context, linger: 0, ...options };
  const socket = channel === 'command' ? new Router(settings) : new XPublisher(settings);
  closers.push(() => socket.close());
  await socket.bind('tcp://127.0.0.1:*');
  return { channel, endpoint: socket.lastEndpoint!, serverKey };
}

async function openDoor(context: Context, answer: string): Promise<void> {
  const door = new Reply({ context, linger: 0 });
  closers.push(() => door.close());
  await door.bind('inproc://zeromq.zap.01');
  void (async () => {
    for await (const [version, id] of door) await door.send([version!, id!, answer, '', '', '']);
  })();
}

describe.each(CHANNELS)('the proof that the %s port is closed', (channel) => {
  it('holds where the door refuses all keys', async () => {
    expect(await proveCurveClosed(await port(channel, { ...CURVE, ...DOOR }, '400'), systemClock)).toBeNull();
  });

  it('fails where the door lets any key in', async () => {
    const tried = await port(channel, { ...CURVE, ...DOOR }, '200');
    expect(await proveCurveClosed(tried, systemClock)).toBe(
      `a key that is not paired was not turned away at ${tried.endpoint} (let in)`,
    );
  });

  it('fails where nobody asks the door', async () => {
    expect(await proveCurveClosed(await port(channel, CURVE, null), systemClock)).toContain('(let in)');
  });

  it('fails where connections need no key', async () => {
    expect(await proveCurveClosed(await port(channel, {}, null), hurried)).toMatch(/was not turned away/);
  });
});

it('fails where nobody answers', async () => {
  const tried = { channel: 'command', endpoint: 'tcp://127.0.0.1:1', serverKey } as const;
  expect(await proveCurveClosed(tried, hurried)).toContain('(no answer)');
});
