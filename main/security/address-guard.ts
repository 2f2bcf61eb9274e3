import { networkInterfaces } from 'node:os';
import { Context, Dealer } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';
import { ANONYMOUS_CLIENT } from '../protocol/constants.ts';
import { isIpv6 } from '../protocol/endpoint.ts';
import { plainAddress } from './address.ts';
import { AllowList } from './allow-list.ts';
import { Door, type Knock } from './door.ts';
import type { SeenAddress } from './pairings.ts';
import type { Channel, Claim, GuardedSocketOptions, OwnClient, PortGuard, Proved } from './port-guard.ts';
import type { RefusedConnections } from './refused-connections.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly refused: RefusedConnections;
}

/** So many addresses are kept; the longest unseen goes first. */
const ADDRESSES_KEPT = 64;
/** How long the door has to be asked at the start. */
const ASKED_WITHIN_MS = 2_000;

/** plain-network mode: nothing is encrypted or proved, but only listed addresses are let in. */
export class AddressGuard implements PortGuard {
  readonly mode = 'plain-network';
  readonly own: OwnClient = { socket: {}, frames: (body) => [body] };
  readonly #list: AllowList;
  readonly #ports: Ports;
  readonly #door: Door;
  readonly #seen = new Map<string, SeenAddress>();
  /** Channels at whose ports the door has been asked: proof that nobody gets past it. */
  readonly #asked = new Set<string>();
  #isStarting = true;

  constructor(allowFrom: readonly string[], ports: Ports) {
    this.#list = new AllowList(allowFrom);
    this.#ports = ports;
    this.#door = new Door((knock) => this.#judge(knock), ports);
  }

  start(context: Context): Promise<void> {
    return this.#door.start(context);
  }

  stop(): Promise<void> {
    return this.#door.stop();
  }

  /** From now on this machine is let in by the list alone. */
  started(): void {
    this.#isStarting = false;
  }

  socketOptions(channel: Channel): GuardedSocketOptions {
    return { zapDomain: channel, zapEnforceDomain: true };
  }

  async proveClosed(channel: Channel, endpoint: string): Promise<string | null> {
    this.#asked.delete(channel);
    const socket = new Dealer({ context: new Context(), linger: 0, ipv6: isIpv6(endpoint) });
    try {
      socket.connect(endpoint);
      for (let waitedMs = 0; waitedMs < ASKED_WITHIN_MS; waitedMs += 10) {
        if (this.#asked.has(channel)) return null;
        await delay(this.#ports.clock, 10);
      }
      return `the list of addresses was not asked at ${endpoint}`;
    } finally {
      socket.close();
    }
  }

  admit(_body: Uint8Array, _proof: readonly Uint8Array[], { clientId }: Claim): Proved {
    return { ok: true, client: clientId ?? ANONYMOUS_CLIENT };
  }

  // What is no ZeroMQ at all never reaches the door, and is of no address that libzmq would tell.
  handshakeFailed(): void {}

  seenAddresses(): readonly SeenAddress[] {
    return [...this.#seen.values()].toReversed();
  }

  #judge({ domain, address }: Knock): boolean {
    this.#asked.add(domain);
    if (this.#isStarting && isOwnAddress(address)) return true;
    const isAdmitted = this.#list.has(address);
    this.#note(address, isAdmitted);
    if (!isAdmitted) this.#ports.refused.add('not-in-list', address, '', domain);
    return isAdmitted;
  }

  #note(address: string, isAdmitted: boolean): void {
    this.#seen.delete(address);
    this.#seen.set(address, { address, lastSeenMs: this.#ports.clock.nowMs(), isAdmitted });
    const [longestUnseen] = this.#seen.keys();
    if (this.#seen.size > ADDRESSES_KEPT && longestUnseen !== undefined) this.#seen.delete(longestUnseen);
  }
}

function isOwnAddress(address: string): boolean {
  const plain = plainAddress(address);
  return Object.values(networkInterfaces()).some((device) => device?.some((one) => one.address === plain));
}
