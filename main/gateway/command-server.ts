import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Context, Router } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';
import { MAX_FRAME_BYTES } from '../protocol/constants.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';
import { bind, type BindResult, errorCode } from './bind.ts';
import type { Received } from './dispatcher.ts';
import { portOptions } from './port-options.ts';
import { reopen } from './reopen.ts';

/** Takes one request; `reply` sends the answer and is called once. */
export type RequestHandler = (received: Received, reply: (text: string) => void) => void;

/** Counts requests; `received` gives when, for `replied`. */
export interface RequestMeter {
  received(): number;
  replied(receivedMonoMs: number): void;
}

const UNCOUNTED: RequestMeter = { received: () => 0, replied: () => {} };

/** What the command port has seen since it was opened. */
export interface CommandServerStats {
  readonly received: number;
  /** Messages that are no request: no delimiter, or nothing behind it. They get no reply. */
  readonly dropped: number;
  readonly replied: number;
  /** Replies that were lost because their client had gone. */
  readonly clientsGone: number;
  /** Replies that were lost because their client does not read what it is sent. */
  readonly clientsFull: number;
  /** How often the socket had to be opened anew. */
  readonly rebuilds: number;
}

const REBUILD_AFTER_MS = 100;
/** How long replies that were given right before the end may still take to leave. */
const LAST_REPLIES_MS = 100;
/** How long what has reached this machine before connections end is still taken in. */
const LAST_REQUESTS_MS = 100;

/**
 * The command channel. Clients speak REQ; on this side it is a ROUTER, since a REP serves one request at a time and a slow
 * order would hold up every heartbeat and the kill switch.
 *
 * Replies go out at once: with `sendTimeout` 0 every send ends inside the call, so none is ever pending (a second one
 * would be rejected with EBUSY), and libzmq's own queue of 100 replies a client is the bound. Beyond it, and when the
 * client has gone, `mandatory` makes the loss visible: the reply is dropped and counted.
 */
export class CommandServer {
  readonly #open: (endpoint: string) => Router;
  readonly #handle: RequestHandler;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #meter: RequestMeter;
  #socket: Router | null = null;
  #endpoint = '';
  #ending: Promise<void> | null = null;
  #loop: Promise<void> = Promise.resolve();
  #stopped = false;
  #takesNoMore = false;
  #received = 0;
  #dropped = 0;
  #replied = 0;
  #clientsGone = 0;
  #clientsFull = 0;
  #rebuilds = 0;

  constructor(
    open: (endpoint: string) => Router,
    handle: RequestHandler,
    clock: Clock,
    log: Log,
    meter: RequestMeter = UNCOUNTED,
  ) {
    this.#open = open;
    this.#handle = handle;
    this.#clock = clock;
    this.#log = log;
    this.#meter = meter;
  }

  /** Opens the port and begins to serve it. */
  async start(endpoint: string): Promise<BindResult> {
    const socket = this.#open(endpoint);
    const bound = await bind(socket, endpoint);
    if (!bound.ok) {
      socket.close();
      return bound;
    }
    this.#socket = socket;
    this.#endpoint = bound.endpoint;
    this.#loop = this.#serve(bound.endpoint);
    return bound;
  }

  /** Ends every connection and opens the port again, in one turn as far as others can tell. */
  endConnections(): Promise<void> {
    this.#ending ??= this.#end().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  /** From now on requests are not even looked at; those taken before are still answered. */
  takeNoMore(): void {
    this.#takesNoMore = true;
  }

  /** Closes the port. What was not answered yet gets no reply. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#socket !== null) this.#socket.linger = LAST_REPLIES_MS;
    this.#socket?.close();
    this.#socket = null;
    await this.#loop;
  }

  stats(): CommandServerStats {
    return {
      received: this.#received,
      dropped: this.#dropped,
      replied: this.#replied,
      clientsGone: this.#clientsGone,
      clientsFull: this.#clientsFull,
      rebuilds: this.#rebuilds,
    };
  }

  /** The loop must outlive everything: an odd frame (EAGAIN) is nothing, anything unexpected costs one rebuild. */
  async #serve(endpoint: string): Promise<void> {
    while (!this.#stopped) {
      const fault = await this.#receiveUntilFault();
      if (this.#isStopped() || errorCode(fault) === 'EAGAIN') continue;
      if (this.#ending !== null) {
        await this.#ending;
        continue;
      }
      this.#rebuilds += 1;
      this.#log.error('command-port-failed', { endpoint, error: fault });
      await this.#rebuild(endpoint);
    }
  }

  async #receiveUntilFault(): Promise<unknown> {
    const socket = this.#socket;
    if (socket === null) return new Error('the socket is closed');
    try {
      // While messages wait, receive() resolves in the same turn; after 512 of them zeromq.js lets the event loop turn.
      for (;;) this.#take(await socket.receive());
    } catch (error) {
      return error;
    }
  }

  async #rebuild(endpoint: string): Promise<void> {
    this.#socket?.close();
    this.#socket = null;
    await delay(this.#clock, REBUILD_AFTER_MS);
    this.#socket = await reopen(this.#open, endpoint, this.#clock, () => this.#stopped);
  }

  // A method, since the compiler takes the field's value for unchanged across an await.
  #isStopped(): boolean {
    return this.#stopped;
  }

  async #end(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    await this.#requestsCome();
    await this.#repliesLeave();
    // Stopped meanwhile.
    if (this.#socket !== socket) return;
    // A reply that is given from here on is lost with its connection; into a closed socket it would throw at the order.
    this.#socket = null;
    socket.linger = LAST_REPLIES_MS;
    socket.close();
    this.#socket = await reopen(this.#open, this.#endpoint, this.#clock, () => this.#stopped);
    this.#log.info('connections-ended', { endpoint: this.#endpoint });
  }

  /** Takes in what is there before the port closes: a kill switch may be among it, and would be lost. */
  async #requestsCome(): Promise<void> {
    const untilMonoMs = this.#clock.monoMs() + LAST_REQUESTS_MS;
    let before: number;
    do {
      before = this.#received;
      // Two turns, since the first may be past its look at the sockets.
      await nextTurn();
      await nextTurn();
    } while (this.#received !== before && this.#clock.monoMs() < untilMonoMs);
  }

  /** Waits a moment for the replies that are due. */
  async #repliesLeave(): Promise<void> {
    for (let waitedMs = 0; waitedMs < LAST_REPLIES_MS && this.#isOwed(); waitedMs += 10) await delay(this.#clock, 10);
  }

  #isOwed(): boolean {
    return this.#received > this.#dropped + this.#replied + this.#clientsGone + this.#clientsFull;
  }

  #take(frames: readonly Buffer[]): void {
    if (this.#takesNoMore) return;
    this.#received += 1;
    const delimiterAt = frames.findIndex(({ length }, at) => at > 0 && length === 0);
    const body = delimiterAt < 0 ? undefined : frames[delimiterAt + 1];
    if (body === undefined) {
      this.#dropped += 1;
      return;
    }
    // As a REP does: a correlated REQ puts a number of its own before the delimiter, and takes no reply without it.
    const envelope = frames.slice(0, delimiterAt + 1);
    const receivedMonoMs = this.#meter.received();
    try {
      const received = { body, surplus: frames.slice(envelope.length + 1), connection: routingId(envelope) };
      this.#handle(received, (text) => this.#reply(envelope, text, receivedMonoMs));
    } catch (error) {
      // The handler answers its own faults; this is for what nobody thought of.
      this.#log.error('request-handler-failed', { error });
    }
  }

  #reply(envelope: readonly Buffer[], text: string, receivedMonoMs: number): void {
    this.#meter.replied(receivedMonoMs);
    if (this.#socket === null) {
      this.#clientsGone += 1;
      return;
    }
    this.#socket.send([...envelope, text]).then(this.#countReply, this.#countLoss);
  }

  readonly #countReply = (): void => {
    this.#replied += 1;
  };

  readonly #countLoss = (error: unknown): void => {
    if (errorCode(error) === 'EAGAIN') this.#clientsFull += 1;
    else this.#clientsGone += 1;
  };
}

function routingId([id]: readonly Buffer[]): string {
  return id?.toString('latin1') ?? '';
}

/** Opens the ROUTER of a command port. Each gateway has a context of its own. */
export function openCommandSocket(
  context: Context,
  endpoint: string,
  guarded: GuardedSocketOptions | null = null,
): Router {
  return new Router({
    ...portOptions(context, endpoint, guarded),
    mandatory: true,
    handover: false,
    sendHighWaterMark: 100,
    receiveHighWaterMark: 100,
    maxMessageSize: MAX_FRAME_BYTES,
  });
}
