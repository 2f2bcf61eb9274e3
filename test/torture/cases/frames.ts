import { setTimeout as pause } from 'node:timers/promises';
import { longHeader } from '../../bench/zmtp.ts';
import { requestFrames } from '../credentials.ts';
import type { Case } from '../case.ts';
import { RawPeer } from '../raw-peer.ts';
import { newAsker, textFor, type Target } from '../target.ts';

const KIB = 1024;
const WITHOUT_CURVE = ['local', 'plain-network'] as const;

type Frames = (string | Buffer)[];

/** Messages of frames that are no request, sent by a client that may ask. */
const MESSAGES: readonly (Pick<Case, 'name' | 'expect'> & { readonly frames: (target: Target) => Frames })[] = [
  { name: 'no delimiter', expect: 'no reply', frames: (target) => proved(target, heartbeat(target)).slice(1) },
  { name: 'a delimiter alone', expect: 'no reply', frames: () => [''] },
  { name: 'an empty body', expect: 'refused MALFORMED', frames: () => ['', ''] },
  {
    name: 'two bodies',
    expect: { local: 'refused MALFORMED', 'plain-network': 'refused MALFORMED', encrypted: 'refused NOT_AUTHORISED' },
    frames: (target) => ['', order(target), order(target)],
  },
  {
    name: 'a frame too many',
    expect: { local: 'refused MALFORMED', 'plain-network': 'refused MALFORMED', encrypted: 'refused NOT_AUTHORISED' },
    frames: (target) => [...proved(target, order(target)), 'more'],
  },
  { name: 'two delimiters', expect: 'refused MALFORMED', frames: (target) => ['', ...proved(target, order(target))] },
  { name: '1,000 empty frames', expect: 'refused MALFORMED', frames: () => Array<string>(1_000).fill('') },
  { name: 'a body of 64 KiB', expect: 'answered', frames: (target) => proved(target, ofSize(target, 64 * KIB)) },
  {
    name: 'a body of 64 KiB and a byte',
    expect: 'refused TOO_LARGE',
    frames: (target) => proved(target, ofSize(target, 64 * KIB + 1)),
  },
  {
    name: 'a body of 127 KiB',
    expect: 'refused TOO_LARGE',
    frames: (target) => proved(target, ofSize(target, 127 * KIB)),
  },
  { name: 'a body of 129 KiB', expect: 'no reply', frames: (target) => proved(target, ofSize(target, 129 * KIB)) },
];

/** Messages that are no request, and clients that do not behave as one. */
export const FRAME_CASES: readonly Case[] = [
  ...MESSAGES.map(({ name, expect, frames }): Case => ({
    family: 'frames',
    name,
    expect,
    throwAt: async (target) => {
      using asker = newAsker(target);
      return await asker.askFrames(frames(target), expect === 'no reply' ? 500 : undefined);
    },
  })),
  {
    family: 'frames',
    name: 'a routing id of 255 bytes',
    expect: 'answered',
    throwAt: (target) => askAs(target, '\x7f'.repeat(255)),
  },
  {
    family: 'frames',
    name: 'a routing id of control characters',
    expect: 'answered',
    throwAt: (target) => askAs(target, '\x01\r\n\x1b[2J\u202e'),
  },
  {
    family: 'frames',
    name: 'a routing id of another client',
    expect: 'the first answered, the second no reply',
    throwAt: async (target) => {
      using first = newAsker(target, 'same');
      await first.ask(textFor(target, 'HEARTBEAT'));
      using second = newAsker(target, 'same');
      const ofSecond = await second.ask(textFor(target, 'HEARTBEAT'), 500);
      return `the first ${await first.ask(textFor(target, 'HEARTBEAT'))}, the second ${ofSecond}`;
    },
  },
  {
    family: 'frames',
    name: 'clients gone before the reply',
    expect: 'survived',
    throwAt: async (target) => {
      for (let n = 0; n < 20; n += 1) {
        using asker = newAsker(target);
        await asker.ask(textFor(target, 'HEARTBEAT'));
        await asker.send(['', ...requestFrames(textFor(target, 'GET_SYMBOLS'), target.credentials)]);
      }
      return 'survived';
    },
  },
  {
    family: 'frames',
    name: '100,000 empty frames',
    expect: 'refused MALFORMED',
    isHeavy: true,
    allows: {
      because: 'zeromq.js makes an object of each frame, in the turn in which the message comes',
      honestP99Ms: 3_000,
      keptMib: 100,
    },
    throwAt: async (target) => {
      using asker = newAsker(target);
      return await asker.askFrames(Array<string>(100_000).fill(''), 5_000);
    },
  },
  {
    family: 'frames',
    name: '300 frames of 100 KiB',
    expect: 'refused MALFORMED',
    isHeavy: true,
    allows: { because: 'what the allocator keeps', keptMib: 64 },
    throwAt: async (target) => {
      using asker = newAsker(target);
      const large = Buffer.alloc(100 * KIB);
      return await asker.askFrames(['', '', ...Array<Buffer>(300).fill(large)], 5_000);
    },
  },
  {
    family: 'frames',
    name: 'one that never reads its replies',
    expect: 'survived',
    isHeavy: true,
    allows: { because: 'what V8 has not collected yet', keptMib: 64 },
    throwAt: neverRead,
  },
  {
    family: 'frames',
    name: '50 peers that announce 1 GiB',
    modes: WITHOUT_CURVE,
    expect: '50 closed',
    isHeavy: true,
    throwAt: async ({ ports }) => {
      const closed = await Promise.all(Array.from({ length: 50 }, () => announce(ports.command, 2n ** 30n)));
      return `${closed.filter(Boolean).length} closed`;
    },
  },
];

async function askAs(target: Target, routingId: string): Promise<string> {
  using asker = newAsker(target, routingId);
  return await asker.ask(textFor(target, 'HEARTBEAT'));
}

async function announce(port: number, bytes: bigint): Promise<boolean> {
  using peer = await RawPeer.shaken(port, 'DEALER');
  await peer.write(Buffer.concat([longHeader(bytes), Buffer.alloc(100)]));
  return await peer.closesWithin(2_000);
}

async function neverRead(target: Target): Promise<string> {
  using asker = newAsker(target);
  await asker.ask(textFor(target, 'HEARTBEAT'));
  for (let n = 0; n < 10_000; n += 1) {
    const frames = ['', ...requestFrames(textFor(target, 'GET_SYMBOLS'), target.credentials)];
    // What the gateway takes no more is held up here, and is enough.
    if (!(await Promise.race([asker.send(frames).then(() => true), pause(200, false)]))) break;
  }
  return 'survived';
}

function proved({ credentials }: Target, body: string): Frames {
  return ['', ...requestFrames(body, credentials)];
}

function heartbeat(target: Target): string {
  return textFor(target, 'HEARTBEAT');
}

function order(target: Target): string {
  return textFor(target, 'OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
}

/** A valid HEARTBEAT of so many bytes. */
function ofSize(target: Target, bytes: number): string {
  const without = textFor(target, 'HEARTBEAT', {}, { filler: '' });
  return textFor(target, 'HEARTBEAT', {}, { filler: 'x'.repeat(bytes - without.length) });
}
