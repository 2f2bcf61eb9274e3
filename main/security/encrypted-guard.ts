import { randomBytes } from 'node:crypto';
import type { Context } from 'zeromq';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { MAC_BYTES } from '../protocol/connection-file.ts';
import { SELF_TEST_CLIENT } from '../protocol/constants.ts';
import { proveCurveClosed } from './closed-proof.ts';
import { Door, type Knock } from './door.ts';
import { fingerprint } from './fingerprint.ts';
import type { ClientKeys, Keys } from './key-file.ts';
import { newCurveKeys, type PairingRegister } from './pairing-register.ts';
import type { Channel, Claim, GuardedSocketOptions, OwnClient, PortGuard, Proved } from './port-guard.ts';
import type { RefusedConnections } from './refused-connections.ts';
import { macOf, proveRequest } from './request-proof.ts';
import { toZ85 } from './z85.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly register: PairingRegister;
  readonly refused: RefusedConnections;
}

/** A peer whose key was refused hangs up so soon. */
const HANGS_UP_WITHIN_MS = 250;

/** Encrypted mode: CURVE with the paired keys on all three ports, and a proof with each request. */
export class EncryptedGuard implements PortGuard {
  readonly mode = 'encrypted';
  readonly own: OwnClient;
  readonly #ports: Ports;
  readonly #keys: Keys['server'];
  readonly #door: Door;
  /** The gateway's own client, known for this run alone. */
  #self: ClientKeys | null;
  /** Until its start is over the gateway knocks as a stranger itself: nobody is told of those that are refused. */
  #isStarting = true;
  #refusedAtMonoMs = Number.NEGATIVE_INFINITY;

  constructor(keys: Keys['server'], ports: Ports) {
    this.#keys = keys;
    this.#ports = ports;
    this.#door = new Door((knock) => this.#judge(knock), ports);
    const { publicKey, secretKey } = newCurveKeys();
    const macKey = randomBytes(MAC_BYTES).toString('hex');
    this.#self = {
      ...{ name: SELF_TEST_CLIENT, label: SELF_TEST_CLIENT, role: 'read', publicKey, macKey },
      ...{ pairedMs: ports.clock.nowMs(), expiresMs: null },
    };
    this.own = {
      socket: { curveServerKey: keys.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey },
      frames: (body) => [body, macOf(body, macKey)],
    };
  }

  start(context: Context): Promise<void> {
    return this.#door.start(context);
  }

  stop(): Promise<void> {
    return this.#door.stop();
  }

  socketOptions(channel: Channel): GuardedSocketOptions {
    return { zapDomain: channel, zapEnforceDomain: true, curveServer: true, curveSecretKey: this.#keys.secretKey };
  }

  proveClosed(channel: Channel, endpoint: string): Promise<string | null> {
    return proveCurveClosed({ channel, endpoint, serverKey: this.#keys.publicKey }, this.#ports.clock);
  }

  admit(body: Uint8Array, proof: readonly Uint8Array[], claim: Claim): Proved {
    const { register } = this.#ports;
    return proveRequest(body, proof, claim, {
      find: (name) => (name === SELF_TEST_CLIENT ? this.#self : register.find(name)),
      isExpired: (client) => register.isExpired(client),
    });
  }

  started(): void {
    this.#self = null;
    this.#isStarting = false;
  }

  handshakeFailed(channel: Channel, how: 'protocol' | 'hung-up'): void {
    // Whose key was refused hangs up as well, and has been told of already.
    const isTold = how === 'hung-up' && this.#ports.clock.monoMs() < this.#refusedAtMonoMs + HANGS_UP_WITHIN_MS;
    if (!this.#isStarting && !isTold) this.#ports.refused.add('no-key', 'an address that is not known', '', channel);
  }

  #judge({ domain, address, key }: Knock): boolean {
    const { register, refused } = this.#ports;
    // libzmq has turned everything but CURVE away before it asks.
    if (key === null) return false;
    const publicKey = toZ85(key);
    if (publicKey === this.#self?.publicKey) return true;
    const client = register.findByKey(publicKey);
    if (client !== null) {
      register.connected(client.name, address);
      return true;
    }
    const why = register.isKnownKey(publicKey) ? 'expired' : 'not-paired';
    if (!this.#isStarting) {
      this.#refusedAtMonoMs = this.#ports.clock.monoMs();
      refused.add(why, address, fingerprint(publicKey), domain);
    }
    return false;
  }
}
