import { setTimeout as pause } from 'node:timers/promises';
import { Context, curveKeyPair, Dealer, Subscriber, XSubscriber } from 'zeromq';
import { requestText } from '../asker.ts';
import type { Allowance, Case } from '../case.ts';
import { curveOptions, requestFrames, type Credentials } from '../credentials.ts';
import { RawPeer } from '../raw-peer.ts';
import { newAsker, textFor, type Target } from '../target.ts';

const SILENT = 3_000;
const AT_ONCE = 50;
/** Each has two threads of libzmq's own here, and would take the machine rather than the gateway. */
const STRANGERS_AT_ONCE = 10;
const STORM_MS = 1_500;
const SLOW_MS = 2_000;
const SUBSCRIPTIONS = 200_000;
const CUT_OFF_LIMIT_MS = 8_000;
const MIB = 1024 * 1024;
const SUBSCRIBE = Buffer.from([1]);
const HANDSHAKE_PATIENCE_MS = 5_000;

const SUBSCRIPTIONS_ALLOW: Allowance = {
  because: 'they are cut off whenever they have come back: once a second, with a line each',
  logLines: 20,
  keptMib: 64,
};

/** Connections in such numbers, or of such appetite, that they could take the gateway's memory or time. */
export const CONNECTION_CASES: readonly Case[] = [
  {
    family: 'connections',
    name: '3,000 silent connections',
    expect: 'all closed',
    isHeavy: true,
    allows: { because: 'libzmq has 50 KB for each where the door is asked, which the allocator keeps', keptMib: 200 },
    throwAt: silent,
  },
  {
    family: 'connections',
    name: 'a storm of connections that end at once',
    expect: 'survived',
    isHeavy: true,
    throwAt: ({ ports }, enough) =>
      storm(enough, async () => {
        using peer = await RawPeer.open(ports.command);
        await peer.write(Buffer.from([0xff]));
      }),
  },
  {
    family: 'connections',
    name: 'a flood of handshakes',
    modes: ['local', 'plain-network'],
    expect: 'survived',
    isHeavy: true,
    throwAt: ({ ports }, enough) =>
      storm(enough, async () => {
        using peer = await RawPeer.shaken(ports.command, 'DEALER');
        await peer.write(Buffer.from([0]));
      }),
  },
  {
    family: 'connections',
    name: 'a flood of handshakes with keys of their own',
    modes: ['encrypted'],
    expect: 'survived',
    isHeavy: true,
    allows: {
      because: 'each key that is turned away is recorded once, up to 100 a minute',
      logLines: 101,
      auditRows: 300,
    },
    throwAt: (target, enough) => storm(enough, () => strangersHandshake(target), STRANGERS_AT_ONCE),
  },
  {
    family: 'connections',
    name: '20 subscribers that do not read',
    expect: 'survived',
    isHeavy: true,
    throwAt: slowSubscribers,
  },
  ...(['data', 'events'] as const).flatMap((channel): Case[] => [
    {
      family: 'connections',
      name: `200,000 subscriptions to symbols, ${channel}`,
      expect: 'cut off',
      isHeavy: true,
      allows: SUBSCRIPTIONS_ALLOW,
      throwAt: (target, enough) => subscribeTo(target, enough, channel, symbolTopics()),
    },
    {
      family: 'connections',
      name: `200,000 subscriptions of 220 bytes, ${channel}`,
      expect: 'cut off',
      isHeavy: true,
      allows: SUBSCRIPTIONS_ALLOW,
      throwAt: (target, enough) => subscribeTo(target, enough, channel, longTopics()),
    },
    {
      family: 'connections',
      name: `a topic of 20 MiB, ${channel}`,
      expect: 'cut off',
      isHeavy: true,
      throwAt: (target, enough) => subscribeTo(target, enough, channel, ['x'.repeat(20 * MIB)]),
    },
  ]),
  {
    family: 'connections',
    name: '5,000 heartbeats at once',
    expect: { local: 'answered', 'plain-network': 'some refused RATE_LIMITED', encrypted: 'some refused RATE_LIMITED' },
    isHeavy: true,
    throwAt: floodOfRequests,
  },
  {
    family: 'connections',
    name: '5,000 invented names',
    expect: {
      local: 'answered',
      'plain-network': 'some refused RATE_LIMITED',
      encrypted: 'some refused NOT_AUTHORISED',
    },
    isHeavy: true,
    allows: { because: '100 new names a minute are recorded: that they came, and what they asked', auditRows: 300 },
    throwAt: inventedNames,
  },
];

async function silent({ ports }: Target, enough: AbortSignal): Promise<string> {
  const peers: RawPeer[] = [];
  while (peers.length < SILENT) {
    peers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => RawPeer.open(ports.command)))));
  }
  const closed = await Promise.all(peers.map((peer) => peer.closesWithin(HANDSHAKE_PATIENCE_MS, enough)));
  for (const peer of peers) peer[Symbol.dispose]();
  const open = closed.filter((isClosed) => !isClosed).length;
  return open === 0 ? 'all closed' : `${open} left open`;
}

async function storm(enough: AbortSignal, connectOnce: () => Promise<void>, atOnce = AT_ONCE): Promise<string> {
  const untilMs = performance.now() + STORM_MS;
  const again = async () => {
    // One that finds no place in the queue of the system is no fault of the gateway's.
    while (performance.now() < untilMs && !enough.aborted) await connectOnce().catch(() => {});
  };
  await Promise.all(Array.from({ length: atOnce }, again));
  return 'survived';
}

async function strangersHandshake({ endpoints, credentials }: Target): Promise<void> {
  const { publicKey, secretKey } = curveKeyPair();
  const socket = new Dealer({
    ...{ context: new Context(), linger: 0, curveServerKey: credentials?.server_key ?? null },
    ...{ curvePublicKey: publicKey, curveSecretKey: secretKey },
  });
  socket.connect(endpoints.command);
  await pause(100);
  socket.close();
}

function newSubscriber(credentials: Credentials | null): Subscriber {
  const small = { receiveBufferSize: 4_096, receiveHighWaterMark: 1 };
  return new Subscriber({ context: new Context(), linger: 0, ...small, ...curveOptions(credentials) });
}

async function slowSubscribers({ endpoints, credentials }: Target): Promise<string> {
  const all = Array.from({ length: 20 }, () => newSubscriber(credentials));
  for (const socket of all) {
    socket.connect(endpoints.data);
    socket.subscribe('');
  }
  await pause(SLOW_MS);
  for (const socket of all) socket.close();
  return 'survived';
}

/** Subscribes until the gateway ends the connection; that is looked for, not how often it comes back. */
async function subscribeTo(
  target: Target,
  enough: AbortSignal,
  channel: 'data' | 'events',
  topics: readonly string[],
): Promise<string> {
  const socket = new XSubscriber({
    ...{ context: new Context(), linger: 0, sendHighWaterMark: 0 },
    ...curveOptions(target.credentials),
  });
  const cutOff = new AbortController();
  socket.events.on('disconnect', () => cutOff.abort());
  socket.connect(target.endpoints[channel]);
  const untilMs = performance.now() + CUT_OFF_LIMIT_MS;
  for (const topic of topics) {
    if (cutOff.signal.aborted || enough.aborted) break;
    await socket.send(Buffer.concat([SUBSCRIBE, Buffer.from(topic)]));
  }
  while (!cutOff.signal.aborted && performance.now() < untilMs && !enough.aborted) await pause(10);
  socket.close();
  return cutOff.signal.aborted ? 'cut off' : 'left connected';
}

function symbolTopics(): readonly string[] {
  return Array.from({ length: SUBSCRIPTIONS }, (_, n) => `{"symbol":"S${n}",`);
}

function longTopics(): readonly string[] {
  return Array.from({ length: SUBSCRIPTIONS }, (_, n) => `${n}`.padEnd(220, 'x'));
}

async function floodOfRequests(target: Target): Promise<string> {
  return summary(
    await sendAll(
      target,
      Array.from({ length: 5_000 }, () => textFor(target, 'HEARTBEAT')),
    ),
  );
}

async function inventedNames(target: Target): Promise<string> {
  const names = Array.from({ length: 5_000 }, (_, n) => `invented-${n}`);
  const texts = names.map((name) => requestText({ client_id: name }, 'HEARTBEAT'));
  return summary(await sendAll(target, texts));
}

async function sendAll(target: Target, texts: readonly string[]): Promise<readonly string[]> {
  using asker = newAsker(target);
  const sent = (async () => {
    for (const text of texts) await asker.send(['', ...requestFrames(text, target.credentials)]);
  })();
  const answers: string[] = [];
  while (answers.length < texts.length && answers.at(-1) !== 'no reply') answers.push(await asker.answer(1_000));
  await sent;
  return answers;
}

/** What was refused, if anything was. A reply that a client does not fetch in time is dropped, which is as it should be. */
function summary(answers: readonly string[]): string {
  const refusals = new Set(answers.filter((answer) => answer.startsWith('refused')));
  if (refusals.size > 0) return `some ${[...refusals].sort().join(', ')}`;
  return answers.includes('answered') ? 'answered' : 'no reply';
}
