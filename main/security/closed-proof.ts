import { Context, Dealer, type Socket } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import { newCurveKeys } from './pairing-register.ts';
import type { ClientSocketOptions } from './port-guard.ts';

/** How long a stranger may take to be turned away. */
const LIMIT_MS = 2_000;

type Ending = 'refused' | 'let in' | 'no answer';

/** Why an endpoint lets strangers in, or null where a random key and no key at all were both turned away. */
export async function proveCurveClosed(endpoint: string, serverKey: string, clock: Clock): Promise<string | null> {
  const { publicKey, secretKey } = newCurveKeys();
  const withKey = { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  const [unlisted, keyless] = await Promise.all([knock(endpoint, withKey, clock), knock(endpoint, {}, clock)]);
  if (unlisted !== 'refused') return `a key that is not paired was not turned away at ${endpoint} (${unlisted})`;
  return keyless === 'refused' ? null : `a connection without a key was not turned away at ${endpoint} (${keyless})`;
}

async function knock(endpoint: string, options: ClientSocketOptions, clock: Clock): Promise<Ending> {
  const socket = new Dealer({ context: new Context(), linger: 0, ...options });
  try {
    const seen = ending(socket);
    socket.connect(endpoint);
    return await Promise.race([seen, delay(clock, LIMIT_MS).then((): Ending => 'no answer')]);
  } finally {
    socket.close();
  }
}

function ending(socket: Socket): Promise<Ending> {
  return new Promise((resolve) => {
    socket.events.on('handshake', () => resolve('let in'));
    socket.events.on('handshake:error:auth', () => resolve('refused'));
    socket.events.on('handshake:error:protocol', () => resolve('refused'));
    socket.events.on('handshake:error:other', () => resolve('refused'));
    socket.events.on('disconnect', () => resolve('refused'));
  });
}
