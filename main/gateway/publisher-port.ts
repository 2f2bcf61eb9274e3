import { type Context, XPublisher } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';
import { bind, type BindResult, errorCode } from './bind.ts';
import { rebind } from './rebind.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each subscription and its end: 1 or 0, then the topic. */
  readonly onSubscription: (message: Uint8Array) => void;
  /** How many subscriptions stand. */
  readonly subscriptions: () => number;
}

export interface PublisherOptions {
  /** Names the channel in the log. */
  readonly channel: string;
  readonly maxSubscriptions: number;
  /** So many messages wait for a subscriber that does not read; then it loses the newest. */
  readonly waitingForEach: number;
  readonly guarded: GuardedSocketOptions | null;
}

const RETRY_AFTER_MS = 100;
/** Too many subscriptions end all connections, but no more often than this, in milliseconds. */
const CLEARED_EVERY_MS = 1_000;
const LONGEST_SUBSCRIPTION_BYTES = 256;

/**
 * A port that publishes: a PUB to its subscribers, an XPUB on this side, since that tells who wants what. libzmq keeps all
 * that a peer subscribes to; where that goes beyond the bound every connection is ended, and the honest ones come back.
 */
export class PublisherPort {
  readonly #context: Context;
  readonly #options: PublisherOptions;
  readonly #ports: Ports;
  #socket: XPublisher | null = null;
  #endpoint = '';
  #loop: Promise<void> = Promise.resolve();
  #ending: Promise<void> | null = null;
  #clearedAtMonoMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(context: Context, options: PublisherOptions, ports: Ports) {
    this.#context = context;
    this.#options = options;
    this.#ports = ports;
  }

  /** The socket to send with; null while the port is not open. With `sendTimeout` 0 a send ends inside the call. */
  get socket(): XPublisher | null {
    return this.#socket;
  }

  /** Opens the port. */
  async start(endpoint: string): Promise<BindResult> {
    const { waitingForEach, guarded } = this.#options;
    const socket = new XPublisher({
      ...{ context: this.#context, verbosity: 'allSubsUnsubs', linger: 0, sendTimeout: 0 },
      ...{ sendHighWaterMark: waitingForEach, maxMessageSize: LONGEST_SUBSCRIPTION_BYTES },
      ...{ handshakeInterval: 3_000, heartbeatInterval: 5_000, ipv6: endpoint.startsWith('tcp://[') },
      ...guarded,
    });
    const bound = await bind(socket, endpoint);
    if (!bound.ok) {
      socket.close();
      return bound;
    }
    this.#socket = socket;
    this.#endpoint = bound.endpoint;
    this.#loop = this.#listen(socket);
    return bound;
  }

  /** Ends every connection; those that may come back do. */
  endConnections(): Promise<void> {
    this.#ending ??= this.#end().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  /** Closes the port. May be called twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#socket?.close();
    this.#socket = null;
    await this.#loop;
  }

  async #end(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    const isOpen = await rebind(socket, this.#endpoint, this.#ports.clock, () => this.#isStopped);
    if (isOpen) this.#ports.log.info('connections-ended', { endpoint: this.#endpoint });
  }

  async #listen(socket: XPublisher): Promise<void> {
    while (!this.#hasStopped()) {
      try {
        for (;;) {
          const [message] = await socket.receive();
          if (message === undefined) continue;
          this.#ports.onSubscription(message);
          this.#clearWhereFlooded();
        }
      } catch (error) {
        if (this.#hasStopped() || errorCode(error) === 'EAGAIN') continue;
        if (this.#ending === null) this.#ports.log.error(`${this.#options.channel}-port-failed`, { error });
        await (this.#ending ?? delay(this.#ports.clock, RETRY_AFTER_MS));
      }
    }
  }

  #clearWhereFlooded(): void {
    const standing = this.#ports.subscriptions();
    const { channel, maxSubscriptions } = this.#options;
    const nowMonoMs = this.#ports.clock.monoMs();
    if (standing <= maxSubscriptions || nowMonoMs < this.#clearedAtMonoMs + CLEARED_EVERY_MS) return;
    this.#clearedAtMonoMs = nowMonoMs;
    this.#ports.log.warn('too-many-subscriptions', { channel, standing, allowed: maxSubscriptions });
    void this.endConnections();
  }

  // A method, since the compiler takes the field's value for unchanged across an await.
  #hasStopped(): boolean {
    return this.#isStopped;
  }
}
