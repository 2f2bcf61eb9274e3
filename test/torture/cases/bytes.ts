import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { command, greeting, longHeader, property, readyCommand, requestMessage } from '../../bench/zmtp.ts';
import type { Case } from '../case.ts';
import { RawPeer } from '../raw-peer.ts';
import type { Target } from '../target.ts';
import { greetingOf, greetingOfVersion2, hello, messageOfVersion1 } from '../zmtp-bytes.ts';

/** The gateway gives a handshake 3 s. */
const PATIENCE_MS = 3_800;
const XPUB = 9;

type Thrown = Pick<Case, 'name' | 'expect'> & Partial<Pick<Case, 'modes'>>;

const HANDSHAKE = Buffer.concat([greeting(), readyCommand('DEALER')]);
const WITHOUT_CURVE = ['local', 'plain-network'] as const;
const CURVE = ['encrypted'] as const;
/** What is no ZeroMQ of version 3 reaches the application where nobody is asked about it, and gets no further. */
const AS_VERSION_1 = { local: 'left open', 'plain-network': 'closed', encrypted: 'closed' };

/** Bytes that are thrown at each of the three ports. */
const BYTES: readonly (Thrown & { readonly bytes: Buffer })[] = [
  { name: 'HTTP', expect: AS_VERSION_1, bytes: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') },
  { name: 'HTTP/2', expect: AS_VERSION_1, bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0') },
  { name: 'TLS hello', expect: AS_VERSION_1, bytes: Buffer.from('16030100a5010000a10303', 'hex') },
  { name: 'SSH banner', expect: AS_VERSION_1, bytes: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'one byte, then silence', expect: 'closed', bytes: Buffer.from([0xff]) },
  { name: 'zeros', expect: 'closed', bytes: Buffer.alloc(64 * 1024) },
  { name: '0xff', expect: 'closed', bytes: Buffer.alloc(64 * 1024, 0xff) },
  { name: 'random bytes', expect: 'closed', bytes: randomBytes(64 * 1024, 'random') },
  { name: 'half a greeting', expect: 'closed', bytes: greeting().subarray(0, 32) },
  { name: 'a greeting, then silence', expect: 'closed', bytes: greeting() },
  { name: 'ZMTP 1', expect: AS_VERSION_1, bytes: messageOfVersion1('hello') },
  { name: 'ZMTP 2', expect: AS_VERSION_1, bytes: greetingOfVersion2(XPUB) },
  { name: 'mechanism PLAIN', expect: 'closed', bytes: greetingOf('PLAIN') },
  { name: 'mechanism NULL', modes: CURVE, expect: 'closed', bytes: HANDSHAKE },
  { name: 'mechanism CURVE', modes: WITHOUT_CURVE, expect: 'closed', bytes: greetingOf('CURVE') },
  { name: 'a mechanism of 20 letters', expect: 'closed', bytes: greetingOf('ABCDEFGHIJKLMNOPQRST') },
  { name: 'version 9.9', expect: 'closed', bytes: greetingOf('NULL', [9, 9]) },
  { name: 'a READY of 10,000 properties', expect: 'closed', bytes: Buffer.concat([greeting(), manyProperties()]) },
  { name: 'a READY that ends in a property', expect: 'closed', bytes: Buffer.concat([greeting(), cutReady()]) },
  { name: 'a handshake of 2^63 bytes', expect: 'closed', bytes: afterGreeting(2n ** 63n) },
  ...[31n, 32n, 40n, 62n, 63n].map((power) => ({
    name: `a frame of 2^${power} bytes`,
    modes: WITHOUT_CURVE,
    expect: 'closed',
    bytes: Buffer.concat([HANDSHAKE, longHeader(2n ** power), Buffer.alloc(1_000)]),
  })),
  {
    name: 'a frame of 2^64 - 1 bytes',
    modes: WITHOUT_CURVE,
    expect: 'closed',
    bytes: Buffer.concat([HANDSHAKE, longHeader(2n ** 64n - 1n)]),
  },
  {
    name: 'commands after the handshake',
    modes: WITHOUT_CURVE,
    expect: 'closed',
    bytes: Buffer.concat([HANDSHAKE, ...strangeCommands()]),
  },
  { name: 'a truncated HELLO', modes: CURVE, expect: 'closed', bytes: curve(hello().subarray(0, 100)) },
  { name: 'a short HELLO', modes: CURVE, expect: 'closed', bytes: curve(hello(Buffer.alloc(100))) },
  { name: 'a HELLO of zeros', modes: CURVE, expect: 'closed', bytes: curve(hello()) },
  { name: 'a random HELLO', modes: CURVE, expect: 'closed', bytes: curve(hello(randomBytes(194, 'hello'))) },
  { name: 'an INITIATE first', modes: CURVE, expect: 'closed', bytes: curve(command('INITIATE', Buffer.alloc(248))) },
  { name: 'a MESSAGE first', modes: CURVE, expect: 'closed', bytes: curve(command('MESSAGE', Buffer.alloc(64))) },
  { name: 'a request without handshake', expect: 'closed', bytes: Buffer.concat([greeting(), request()]) },
];

/** Bytes that are no handshake, or half of one. */
export const BYTE_CASES: readonly Case[] = [
  ...BYTES.map(({ bytes, ...one }): Case => ({
    ...one,
    family: 'bytes',
    throwAt: (target, enough) => atEachPort(target, enough, (peer) => peer.write(bytes)),
  })),
  {
    family: 'bytes',
    name: 'a byte a second',
    expect: 'closed',
    throwAt: (target, enough) =>
      atEachPort(target, enough, async (peer) => {
        for (const byte of greeting().subarray(0, 3)) {
          if (enough.aborted) return;
          await peer.write(Buffer.from([byte]));
          await pause(1_000);
        }
      }),
  },
  {
    family: 'bytes',
    name: 'each bit of a handshake flipped',
    modes: WITHOUT_CURVE,
    expect: 'survived',
    throwAt: async (target) => {
      await Promise.all(Array.from(HANDSHAKE, (_, at) => throwBytes(target.ports.command, flipped(HANDSHAKE, at))));
      return 'survived';
    },
  },
];

async function atEachPort(
  { ports }: Target,
  enough: AbortSignal,
  act: (peer: RawPeer) => Promise<void>,
): Promise<string> {
  const names = ['command', 'data', 'events'] as const;
  const closed = await Promise.all(
    names.map(async (name) => {
      using peer = await RawPeer.open(ports[name]);
      await act(peer);
      return await peer.closesWithin(PATIENCE_MS, enough);
    }),
  );
  if (closed.every(Boolean)) return 'closed';
  const open = names.filter((_, at) => !closed[at]);
  return open.length === names.length ? 'left open' : `left open on ${open.join(', ')}`;
}

async function throwBytes(port: number, bytes: Buffer): Promise<void> {
  using peer = await RawPeer.open(port);
  await peer.write(bytes);
  await peer.closesWithin(500);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1 << (at % 8);
  return copy;
}

function curve(...commands: readonly Buffer[]): Buffer {
  return Buffer.concat([greetingOf('CURVE'), ...commands]);
}

function afterGreeting(bytes: bigint): Buffer {
  const header = longHeader(bytes);
  header[0]! |= 0x04;
  return Buffer.concat([greeting(), header]);
}

function manyProperties(): Buffer {
  const properties = Array.from({ length: 10_000 }, (_, n) => property(`X-${n}`, 'value'));
  return command('READY', Buffer.concat([property('Socket-Type', 'DEALER'), ...properties]));
}

function cutReady(): Buffer {
  return command('READY', property('Socket-Type', 'DEALER').subarray(0, -3));
}

function strangeCommands(): readonly Buffer[] {
  const names = ['READY', 'ERROR', 'WELCOME', 'MESSAGE', 'SUBSCRIBE', 'CANCEL', 'PONG', 'NOSUCH', ''];
  const pings = [Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(2_000, 1)].map((data) => command('PING', data));
  return [...names.map((name) => command(name)), ...pings];
}

function request(): Buffer {
  return requestMessage(Buffer.from('{"action":"KILL_SWITCH"}'));
}

/** The same in every run. */
function randomBytes(length: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, n) =>
    createHash('sha256').update(`${seed} ${n}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}
