import { type Context, XPublisher } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';
import { bind, type BindResult, errorCode } from './bind.ts';
import { portOptions } from './port-options.ts';
import { reopen } from './reopen.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each subscription and its end: 1 or 0, then the topic. */
  readonly onSubscription?: (message: Uint8Array) => void;
  /** Every connection has ended, and every subscription with it. */
  readonly onAllGone?: () => void;
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
/** Nothing that is published begins with more. */
const LONGEST_TOPIC_BYTES = 128;
/** libzmq holds the handshake to the same bound as a message: CURVE's INITIATE is 257 bytes and the peer's properties. */
const LONGEST_HANDSHAKE_BYTES = 512;
/** libzmq's tree takes about 48 bytes for each byte of topic; a symbol's topic has about 20. */
const TOPIC_BYTES_EACH = 64;

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
  #standing = 0;
  #topicBytes = 0;
  /** Resolves when the connections that are to be ended have been, and null where none are. */
  #clearing: PromiseWithResolvers<void> | null = null;
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
    const socket = this.#open(endpoint);
    const bound = await bind(socket, endpoint);
    if (!bound.ok) {
      socket.close();
      return bound;
    }
    this.#serve(socket, bound.endpoint);
    return bound;
  }

  /** How many subscriptions stand. */
  get subscriptions(): number {
    return this.#standing;
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
    this.#goOn();
    await this.#loop;
  }

  #open(endpoint: string): XPublisher {
    const { waitingForEach, guarded } = this.#options;
    return new XPublisher({
      ...portOptions(this.#context, endpoint, guarded),
      verbosity: 'allSubsUnsubs',
      sendHighWaterMark: waitingForEach,
      maxMessageSize: guarded?.curveServer === true ? LONGEST_HANDSHAKE_BYTES : LONGEST_TOPIC_BYTES,
      // libzmq takes subscriptions as long as there are more: only one at a time lets the loop turn in between.
      ...{ receiveHighWaterMark: 1, receiveBufferSize: 4_096 },
    });
  }

  #serve(socket: XPublisher, endpoint: string): void {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#loop = this.#listen(socket);
  }

  async #end(): Promise<void> {
    const { clock, log } = this.#ports;
    if (this.#socket === null) return;
    const endpoint = this.#endpoint;
    this.#socket.close();
    this.#socket = null;
    this.#goOn();
    await this.#loop;
    this.#standing = 0;
    this.#topicBytes = 0;
    this.#ports.onAllGone?.();
    const open = (at: string) => this.#open(at);
    const socket = await reopen(open, endpoint, clock, () => this.#isStopped);
    if (socket === null) return;
    this.#serve(socket, endpoint);
    log.info('connections-ended', { endpoint });
  }

  async #listen(socket: XPublisher): Promise<void> {
    while (!isClosed(socket)) {
      try {
        for (;;) {
          const [message] = await socket.receive();
          if (message === undefined) continue;
          this.#count(message);
          this.#ports.onSubscription?.(message);
          this.#clearWhereFlooded();
          // Whatever more they say meanwhile is not even looked at, so that it cannot hold up the loop.
          if (this.#clearing !== null) await this.#clearing.promise;
        }
      } catch (error) {
        if (isClosed(socket) || errorCode(error) === 'EAGAIN') continue;
        this.#ports.log.error(`${this.#options.channel}-port-failed`, { error });
        await delay(this.#ports.clock, RETRY_AFTER_MS);
      }
    }
  }

  #count(message: Uint8Array): void {
    const by = message[0] === 1 ? 1 : message[0] === 0 ? -1 : 0;
    this.#standing = Math.max(0, this.#standing + by);
    this.#topicBytes = Math.max(0, this.#topicBytes + by * (message.length - 1));
  }

  get #isFlooded(): boolean {
    const { maxSubscriptions } = this.#options;
    return this.#standing > maxSubscriptions || this.#topicBytes > maxSubscriptions * TOPIC_BYTES_EACH;
  }

  #clearWhereFlooded(): void {
    if (!this.#isFlooded || this.#clearing !== null) return;
    this.#clearing = Promise.withResolvers();
    const { clock } = this.#ports;
    const waitMs = Math.max(0, this.#clearedAtMonoMs + CLEARED_EVERY_MS - clock.monoMs());
    clock.after(waitMs, () => {
      if (this.#isFlooded && !this.#isStopped) this.#clear();
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#clearing?.resolve();
    this.#clearing = null;
  }

  #clear(): void {
    const { clock, log } = this.#ports;
    const { channel, maxSubscriptions: allowed } = this.#options;
    this.#clearedAtMonoMs = clock.monoMs();
    const { standing, topicBytes } = { standing: this.#standing, topicBytes: this.#topicBytes };
    log.warn('too-many-subscriptions', { channel, standing, topicBytes, allowed });
    void this.endConnections();
  }
}

// A function, since the compiler takes the property for unchanged across an await.
function isClosed({ closed }: XPublisher): boolean {
  return closed;
}
