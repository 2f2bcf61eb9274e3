import { setTimeout as pause } from 'node:timers/promises';
import { curveKeyPair } from 'zeromq';
import type { Role } from '../../../main/protocol/connection-file.ts';
import { Asker, requestText } from '../asker.ts';
import type { Case } from '../case.ts';
import { mac, type Credentials } from '../credentials.ts';
import { RawPeer } from '../raw-peer.ts';
import { RecordingProxy } from '../recording-proxy.ts';
import type { Target } from '../target.ts';
import { greeting, readyCommand, type PeerType } from '../../bench/zmtp.ts';

const ENCRYPTED = ['encrypted'] as const;
/** How long a question is waited for whose asker should not even be connected. */
const STRANGER_LIMIT_MS = 800;
const GREETING_BYTES = 64;
/** Greeting, HELLO with its header, and INITIATE up to the client's vouch, as libzmq sends them. */
const HELLO_KEY_AT = GREETING_BYTES + 2 + 80;
const INITIATE_AT = GREETING_BYTES + 2 + 200;
const DOOR_HANGS_MS = 4_000;
let names = 0;

/** Who is not who they say, or may not do what they ask. */
export const IDENTITY_CASES: readonly Case[] = [
  {
    ...encrypted('a key that is not paired', 'no reply'),
    throwAt: (target) => askAs(target, { ...credentialsOf(target), ...freshKeys() }),
  },
  {
    ...encrypted('no key', 'no reply'),
    throwAt: async ({ endpoints }) => {
      using asker = new Asker(endpoints.command, null);
      return await asker.ask(requestText(null, 'HEARTBEAT'), STRANGER_LIMIT_MS);
    },
  },
  {
    ...encrypted("a server's key that is not the gateway's", 'no reply'),
    throwAt: (target) => askAs(target, { ...credentialsOf(target), server_key: curveKeyPair().publicKey }),
  },
  {
    ...encrypted('revoked in session', 'answered, then no reply, also anew'),
    isHeavy: true,
    allows: { because: 'a revocation ends every connection, and the honest come back', reconnects: true, logLines: 6 },
    throwAt: revoked,
  },
  { ...encrypted('role read opens an order', 'refused NOT_AUTHORISED'), throwAt: asRole('read', 'OPEN_ORDER') },
  { ...encrypted('role read kills', 'refused NOT_AUTHORISED'), throwAt: asRole('read', 'KILL_SWITCH') },
  {
    ...encrypted('role read takes a lease', 'refused NOT_AUTHORISED'),
    throwAt: asRole('read', 'HEARTBEAT', { lease_s: 1, on_expiry: 'halt_flatten' }),
  },
  { ...encrypted('role kill asks for positions', 'refused NOT_AUTHORISED'), throwAt: asRole('kill', 'GET_POSITIONS') },
  {
    ...encrypted("A's MAC under B's name", 'refused NOT_AUTHORISED'),
    throwAt: async (target) => {
      const other = await target.operator.pair(newName(), 'trade');
      return askWith(target, (body) => mac(body, credentialsOf(target)), other.client_id);
    },
  },
  { ...encrypted('no MAC', 'refused NOT_AUTHORISED'), throwAt: (target) => askWith(target, () => null) },
  {
    ...encrypted('half a MAC', 'refused NOT_AUTHORISED'),
    throwAt: (target) => askWith(target, (body) => mac(body, credentialsOf(target)).subarray(0, 16)),
  },
  {
    ...encrypted('the MAC of another body', 'refused NOT_AUTHORISED'),
    throwAt: (target) => askWith(target, (body) => mac(`${body} `, credentialsOf(target))),
  },
  {
    ...encrypted('a MAC in hexadecimal', 'refused NOT_AUTHORISED'),
    throwAt: (target) => askWith(target, (body) => Buffer.from(mac(body, credentialsOf(target)).toString('hex'))),
  },
  {
    ...encrypted('a name that is not paired', 'refused NOT_AUTHORISED'),
    throwAt: (target) => askWith(target, (body) => mac(body, credentialsOf(target)), 'nobody'),
  },
  {
    ...encrypted("the gateway's own name", 'refused NOT_AUTHORISED'),
    throwAt: (target) => askWith(target, (body) => mac(body, credentialsOf(target)), 'self-test'),
  },
  {
    ...encrypted('no name', 'refused NOT_AUTHORISED'),
    throwAt: async (target) => {
      const body = requestText(null, 'GET_POSITIONS');
      return target.asker.askFrames(['', body, mac(body, credentialsOf(target))]);
    },
  },
  { ...encrypted('a handshake that is played again', 'closed'), throwAt: replayed },
  { ...encrypted('a handshake cut short at each tenth byte', 'nobody let in'), isHeavy: true, throwAt: cutShort },
  { ...encrypted('bits flipped through a valid handshake', 'nobody let in'), isHeavy: true, throwAt: flipped },
  {
    ...encrypted('a door that hangs for 4 s', 'stranger no reply, paired answered'),
    isHeavy: true,
    allows: {
      because: 'nobody is answered while the whole process is held',
      reconnects: true,
      honestP99Ms: 2 * DOOR_HANGS_MS,
      killMs: 2 * DOOR_HANGS_MS,
    },
    throwAt: hangingDoor,
  },
  {
    family: 'identity',
    name: 'an address that is not listed',
    modes: ['plain-network'],
    expect: 'turned away at all ports',
    throwAt: async ({ ports }) => {
      const closed = await Promise.all([
        isTurnedAway(ports.command, 'DEALER'),
        isTurnedAway(ports.data, 'SUB'),
        isTurnedAway(ports.events, 'SUB'),
      ]);
      return closed.every(Boolean) ? 'turned away at all ports' : 'let in';
    },
  },
];

function encrypted(name: string, expect: string): Pick<Case, 'family' | 'name' | 'modes' | 'expect'> {
  return { family: 'identity', name, modes: ENCRYPTED, expect };
}

async function revoked(target: Target): Promise<string> {
  const credentials = await target.operator.pair(newName(), 'trade');
  using inSession = new Asker(target.endpoints.command, credentials);
  const before = await inSession.ask(requestText(credentials, 'HEARTBEAT'));
  await target.operator.revoke(credentials.client_id);
  const after = await inSession.ask(requestText(credentials, 'HEARTBEAT'), STRANGER_LIMIT_MS);
  const anew = await askAs(target, credentials);
  return `${before}, then ${after}${anew === 'no reply' ? ', also anew' : ` and ${anew}`}`;
}

function asRole(role: Role, action: string, payload: object = {}): Case['throwAt'] {
  return async ({ operator, endpoints }) => {
    const credentials = await operator.pair(newName(), role);
    using asker = new Asker(endpoints.command, credentials);
    const order = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
    return await asker.ask(requestText(credentials, action, action === 'OPEN_ORDER' ? order : payload));
  };
}

/** Asks on the connection of a paired client, with a proof of its own making. */
function askWith(target: Target, proof: (body: string) => Buffer | null, name?: string): Promise<string> {
  const body = requestText({ client_id: name ?? credentialsOf(target).client_id }, 'GET_POSITIONS');
  const given = proof(body);
  return target.asker.askFrames(['', body, ...(given === null ? [] : [given])]);
}

async function askAs({ endpoints }: Target, credentials: Credentials): Promise<string> {
  using asker = new Asker(endpoints.command, credentials);
  return await asker.ask(requestText(credentials, 'HEARTBEAT'), STRANGER_LIMIT_MS);
}

/** All that a client said in a valid session, on a connection of its own: the cookie is that of another. */
async function replayed(target: Target): Promise<string> {
  using proxy = await RecordingProxy.start(target.ports.command);
  using asker = new Asker(proxy.endpoint, target.credentials);
  await asker.ask(requestText(target.credentials, 'HEARTBEAT'));
  using peer = await RawPeer.open(target.ports.command);
  await peer.write(proxy.said.subarray(0, INITIATE_AT));
  await pause(200);
  await peer.write(proxy.said.subarray(INITIATE_AT));
  return (await peer.closesWithin(4_000)) ? 'closed' : 'left open';
}

async function cutShort(target: Target, enough: AbortSignal): Promise<string> {
  using proxy = await RecordingProxy.start(target.ports.command);
  using asker = new Asker(proxy.endpoint, target.credentials);
  await asker.ask(requestText(target.credentials, 'HEARTBEAT'));
  const { said } = proxy;
  const lengths = Array.from({ length: Math.ceil(said.length / 10) }, (_, n) => n * 10);
  const closed = await Promise.all(
    lengths.map(async (length) => {
      using peer = await RawPeer.open(target.ports.command);
      await peer.write(said.subarray(0, length));
      return await peer.closesWithin(4_000, enough);
    }),
  );
  return closed.every(Boolean) ? 'nobody let in' : 'some left open';
}

/** A valid client behind a wire that flips one bit of its key, its boxes or its cookie. */
async function flipped(target: Target): Promise<string> {
  // Not the flags of INITIATE's frame, of which only three bits mean something.
  const places = Array.from({ length: 40 }, (_, n) => HELLO_KEY_AT + n * 8).filter((place) => place !== INITIATE_AT);
  const answers = await Promise.all(
    places.map(async (place) => {
      using proxy = await RecordingProxy.start(target.ports.command, (chunk, at) => flipAt(chunk, place - at));
      using asker = new Asker(proxy.endpoint, target.credentials);
      return await asker.ask(requestText(target.credentials, 'HEARTBEAT'), STRANGER_LIMIT_MS);
    }),
  );
  const letIn = answers.filter((answer) => answer !== 'no reply').length;
  return letIn === 0 ? 'nobody let in' : `${letIn} let in`;
}

function flipAt(chunk: Buffer, at: number): Buffer {
  if (at < 0 || at >= chunk.length) return chunk;
  const copy = Buffer.from(chunk);
  copy[at]! ^= 1 << (at % 8);
  return copy;
}

/** Held as a whole, the process answers no question of ZAP either. */
async function hangingDoor(target: Target): Promise<string> {
  process.kill(target.pid, 'SIGSTOP');
  using stranger = new Asker(target.endpoints.command, { ...credentialsOf(target), ...freshKeys() });
  using paired = new Asker(target.endpoints.command, target.credentials);
  const ofStranger = stranger.ask(requestText(target.credentials, 'HEARTBEAT'), DOOR_HANGS_MS + STRANGER_LIMIT_MS);
  const ofPaired = paired.ask(requestText(target.credentials, 'HEARTBEAT'), 2 * DOOR_HANGS_MS);
  await pause(DOOR_HANGS_MS);
  process.kill(target.pid, 'SIGCONT');
  return `stranger ${await ofStranger}, paired ${await ofPaired}`;
}

/** As a socket of the kind that belongs to the port: any other would be turned away for that alone. */
async function isTurnedAway(port: number, type: PeerType): Promise<boolean> {
  using peer = await RawPeer.open(port, '127.0.0.2');
  await peer.write(Buffer.concat([greeting(), readyCommand(type)]));
  // A refusal of the door leaves it to the client to go; the time for handshakes ends what stays.
  return (await peer.closesWithin(4_000)) && !peer.received.includes('READY');
}

function credentialsOf({ credentials }: Target): Credentials {
  if (credentials === null) throw new Error('there are no credentials in this mode');
  return credentials;
}

function freshKeys(): Pick<Credentials, 'public_key' | 'secret_key'> {
  const { publicKey, secretKey } = curveKeyPair();
  return { public_key: publicKey, secret_key: secretKey };
}

function newName(): string {
  return `paired-${(names += 1)}`;
}
