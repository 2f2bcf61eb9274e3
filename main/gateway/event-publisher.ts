import { type Context, Publisher } from 'zeromq';
import type { Log } from '../log.ts';
import { encodeJson } from '../protocol/json.ts';
import type { FabricEvent } from '../protocol/events.ts';
import { bind, type BindResult } from './bind.ts';

/** So many events wait for a subscriber that does not read; then it loses the newest. */
const EVENTS_A_SUBSCRIBER = 10_000;

/**
 * The event channel. Announcing never throws and never waits: it is called on the way of a kill. libzmq keeps the events
 * of a slow subscriber up to the bound and drops what comes after.
 */
export class EventPublisher {
  readonly #context: Context;
  readonly #log: Log;
  #socket: Publisher | null = null;
  #published = 0;
  #failed = 0;

  constructor(context: Context, log: Log) {
    this.#context = context;
    this.#log = log;
  }

  get published(): number {
    return this.#published;
  }

  /** Events that could not be sent. Those before the port is open and after it is closed do not count. */
  get failed(): number {
    return this.#failed;
  }

  /** Opens the port. */
  async start(endpoint: string): Promise<BindResult> {
    const socket = new Publisher({
      context: this.#context,
      linger: 0,
      sendTimeout: 0,
      sendHighWaterMark: EVENTS_A_SUBSCRIBER,
      maxMessageSize: 256,
      handshakeInterval: 3_000,
      heartbeatInterval: 5_000,
    });
    const bound = await bind(socket, endpoint);
    if (bound.ok) this.#socket = socket;
    else socket.close();
    return bound;
  }

  /** Tells all subscribers; `event` is the first key of the frame, so that a prefix selects a kind. */
  announce({ event, timestamp, data }: FabricEvent): void {
    const socket = this.#socket;
    if (socket === null) return;
    try {
      socket.send(encodeJson({ event, timestamp, data })).catch(this.#fail);
      this.#published += 1;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Closes the port. May be called twice. */
  stop(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  readonly #fail = (error: unknown): void => {
    this.#failed += 1;
    this.#log.warn('event-not-published', { error });
  };
}
