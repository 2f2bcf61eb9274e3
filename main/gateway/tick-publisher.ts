import { type Context, XPublisher } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Tick } from '../mt5/market.ts';
import { bind, type BindResult, errorCode } from './bind.ts';
import { Subscriptions } from './subscriptions.ts';
import { frameHead, TickFrames } from './tick-frame.ts';

/** What the data channel has done since it was opened. */
export interface TickPublisherStats {
  /** Ticks that went out; what a slow subscriber then lost shows to it as a gap in `seq`. */
  readonly published: number;
  /** Ticks of symbols that nobody subscribed to. */
  readonly unwanted: number;
  /** Ticks that could not be sent. */
  readonly dropped: number;
  readonly subscriptions: number;
}

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Decimals of a symbol's prices, null as long as they are not known. */
  readonly digitsOf: (symbol: string) => number | null;
  /** What live subscriptions want has changed: the symbols that they name, and whether one wants all. */
  readonly onDemand: (symbols: ReadonlySet<string>, all: boolean) => void;
}

interface Stream {
  readonly head: Uint8Array;
  digits: number | null;
  seq: number;
}

/** So many ticks wait for a subscriber that does not read; then it loses the newest. */
const TICKS_A_SUBSCRIBER = 10_000;
const RETRY_AFTER_MS = 100;

/**
 * The data channel: a PUB to its subscribers, an XPUB on this side, since that tells who wants what. Only symbols that
 * somebody subscribes to are written; a tick goes out in the turn in which it comes.
 */
export class TickPublisher {
  readonly #context: Context;
  readonly #ports: Ports;
  readonly #subscriptions = new Subscriptions();
  readonly #frames = new TickFrames();
  readonly #streams = new Map<string, Stream>();
  #socket: XPublisher | null = null;
  #loop: Promise<void> = Promise.resolve();
  #stopped = false;
  #published = 0;
  #unwanted = 0;
  #dropped = 0;

  constructor(context: Context, ports: Ports) {
    this.#context = context;
    this.#ports = ports;
  }

  /** Opens the port. */
  async start(endpoint: string): Promise<BindResult> {
    const socket = new XPublisher({
      context: this.#context,
      verbosity: 'allSubsUnsubs',
      linger: 0,
      sendTimeout: 0,
      sendHighWaterMark: TICKS_A_SUBSCRIBER,
      maxMessageSize: 256,
      handshakeInterval: 3_000,
      heartbeatInterval: 5_000,
    });
    const bound = await bind(socket, endpoint);
    if (!bound.ok) {
      socket.close();
      return bound;
    }
    this.#socket = socket;
    this.#loop = this.#listen(socket);
    return bound;
  }

  /** Publishes what came in one turn of the loop. Never throws and never waits. */
  publish(ticks: readonly Tick[]): void {
    const socket = this.#socket;
    for (const tick of ticks) {
      const stream = this.#streamOf(tick.symbol);
      stream.seq += 1;
      if (socket === null || !this.#subscriptions.wants(tick.symbol)) this.#unwanted += 1;
      else this.#send(socket, tick, stream);
    }
  }

  stats(): TickPublisherStats {
    return {
      published: this.#published,
      unwanted: this.#unwanted,
      dropped: this.#dropped,
      subscriptions: this.#subscriptions.count,
    };
  }

  /** Closes the port. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#socket?.close();
    this.#socket = null;
    await this.#loop;
  }

  #send(socket: XPublisher, tick: Tick, stream: Stream): void {
    stream.digits ??= this.#ports.digitsOf(tick.symbol);
    if (!isPriced(tick)) {
      this.#dropped += 1;
      return;
    }
    try {
      // With sendTimeout 0 the send ends inside the call; an XPUB drops for a full subscriber and never refuses.
      socket.send(this.#frames.write(stream.head, tick, stream.digits, stream.seq)).catch(this.#countDrop);
      this.#published += 1;
    } catch {
      this.#dropped += 1;
    }
  }

  #streamOf(symbol: string): Stream {
    const known = this.#streams.get(symbol);
    if (known !== undefined) return known;
    const stream = { head: frameHead(symbol), digits: this.#ports.digitsOf(symbol), seq: 0 };
    this.#streams.set(symbol, stream);
    return stream;
  }

  async #listen(socket: XPublisher): Promise<void> {
    while (!this.#isStopped()) {
      try {
        for (;;) {
          const [message] = await socket.receive();
          if (message !== undefined && this.#subscriptions.take(message)) {
            this.#ports.onDemand(this.#subscriptions.symbols, this.#subscriptions.isToAll);
          }
        }
      } catch (error) {
        if (this.#isStopped() || errorCode(error) === 'EAGAIN') continue;
        this.#ports.log.error('data-port-failed', { error });
        await delay(this.#ports.clock, RETRY_AFTER_MS);
      }
    }
  }

  // A method, since the compiler takes the field's value for unchanged across an await.
  #isStopped(): boolean {
    return this.#stopped;
  }

  readonly #countDrop = (): void => {
    this.#published -= 1;
    this.#dropped += 1;
  };
}

/** JSON has no NaN, and a subscriber should never see one. */
function isPriced({ bid, ask, last, volume, timeMsc }: Tick): boolean {
  return Number.isFinite(bid + ask + last + volume + timeMsc);
}
