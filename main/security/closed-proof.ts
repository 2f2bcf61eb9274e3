import { Context, Dealer, Subscriber } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import { isIpv6 } from '../protocol/endpoint.ts';
import { newCurveKeys } from './pairing-register.ts';
import type { Channel, ClientSocketOptions } from './port-guard.ts';

/** How long a stranger may take to be turned away. */
const LIMIT_MS = 2_000;

type Ending = 'refused' | 'let in' | 'no answer';

/** The port that is tried: as what, and where. */
export interface Tried {
  readonly channel: Channel;
  readonly endpoint: string;
  /** The gateway's public key. */
  readonly serverKey: string;
}

/** Why a port lets strangers in, or null where a random key and no key at all were both turned away. */
export async function proveCurveClosed(tried: Tried, clock: Clock): Promise<string | null> {
  const { endpoint, serverKey: curveServerKey } = tried;
  const { publicKey: curvePublicKey, secretKey: curveSecretKey } = newCurveKeys();
  const [unlisted, keyless] = await Promise.all([
    knock(tried, { curveServerKey, curvePublicKey, curveSecretKey }, clock),
    knock(tried, {}, clock),
  ]);
  if (unlisted !== 'refused') return `a key that is not paired was not turned away at ${endpoint} (${unlisted})`;
  return keyless === 'refused' ? null : `a connection without a key was not turned away at ${endpoint} (${keyless})`;
}

async function knock({ channel, endpoint }: Tried, options: ClientSocketOptions, clock: Clock): Promise<Ending> {
  const socket = visitor(channel, {
    ...{ context: new Context(), linger: 0, ipv6: isIpv6(endpoint) },
    ...options,
  });
  try {
    const seen = ending(socket, options.curvePublicKey !== undefined);
    socket.connect(endpoint);
    return await Promise.race([seen, delay(clock, LIMIT_MS).then((): Ending => 'no answer')]);
  } finally {
    socket.close();
  }
}

/** Of the kind that belongs to the port: any other would be turned away for that alone, and prove nothing. */
function visitor(channel: Channel, options: ConstructorParameters<typeof Dealer>[0]): Dealer | Subscriber {
  return channel === 'command' ? new Dealer(options) : new Subscriber(options);
}

/** With a key only the door's own refusal counts: a connection that just ends is tried again. */
function ending({ events }: Dealer | Subscriber, hasKey: boolean): Promise<Ending> {
  return new Promise((resolve) => {
    const refused = () => resolve('refused');
    events.on('handshake', () => resolve('let in'));
    events.on('handshake:error:auth', refused);
    if (hasKey) return;
    events.on('handshake:error:protocol', refused);
    events.on('handshake:error:other', refused);
    events.on('disconnect', refused);
  });
}
