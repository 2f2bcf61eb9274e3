import type { Context } from 'zeromq';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { encodeJson } from '../protocol/json.ts';
import type { FabricEvent } from '../protocol/events.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';
import type { BindResult } from './bind.ts';
import { PublisherPort } from './publisher-port.ts';

/** So many events wait for a subscriber that does not read; then it loses the newest. */
const EVENTS_A_SUBSCRIBER = 10_000;

/** What the event channel is opened with. */
export interface EventChannelOptions {
  readonly maxSubscriptions: number;
  readonly guarded: GuardedSocketOptions | null;
}

/**
 * The event channel. Announcing never throws and never waits: it is called on the way of a kill. libzmq keeps the events
 * of a slow subscriber up to the bound and drops what comes after.
 */
export class EventPublisher {
  readonly #log: Log;
  readonly #port: PublisherPort;
  #published = 0;
  #failed = 0;

  constructor(context: Context, options: EventChannelOptions, ports: { readonly clock: Clock; readonly log: Log }) {
    this.#log = ports.log;
    this.#port = new PublisherPort(
      context,
      { ...options, channel: 'events', waitingForEach: EVENTS_A_SUBSCRIBER },
      ports,
    );
  }

  get published(): number {
    return this.#published;
  }

  /** Events that could not be sent. Those before the port is open and after it is closed do not count. */
  get failed(): number {
    return this.#failed;
  }

  /** Opens the port. */
  start(endpoint: string): Promise<BindResult> {
    return this.#port.start(endpoint);
  }

  /** Tells all subscribers; `event` is the first key of the frame, so that a prefix selects a kind. */
  announce({ event, timestamp, data }: FabricEvent): void {
    const { socket } = this.#port;
    if (socket === null) return;
    try {
      socket.send(encodeJson({ event, timestamp, data })).catch(this.#fail);
      this.#published += 1;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends every connection; those that may come back do. */
  endConnections(): Promise<void> {
    return this.#port.endConnections();
  }

  /** Closes the port. May be called twice. */
  stop(): Promise<void> {
    return this.#port.stop();
  }

  readonly #fail = (error: unknown): void => {
    this.#failed += 1;
    this.#log.warn('event-not-published', { error });
  };
}
