import type { Context, XPublisher } from 'zeromq';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Tick } from '../mt5/market.ts';
import type { GuardedSocketOptions } from '../security/port-guard.ts';
import type { BindResult } from './bind.ts';
import { PublisherPort } from './publisher-port.ts';
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

/** What is wanted is told at once, and then not for a while, in milliseconds: a peer may name thousands of symbols. */
const DEMAND_REST_MS = 5;
/** The more names, the longer it takes to tell them: so many times as long nothing is told afterwards. */
const DEMAND_REST_TIMES = 10;

/** What the data channel is opened with. */
export interface TickChannelOptions {
  readonly maxSubscriptions: number;
  readonly guarded: GuardedSocketOptions | null;
}

/** The data channel. Only symbols that somebody subscribes to are written; a tick goes out in the turn in which it comes. */
export class TickPublisher {
  readonly #ports: Ports;
  readonly #port: PublisherPort;
  readonly #subscriptions = new Subscriptions();
  readonly #frames = new TickFrames();
  readonly #streams = new Map<string, Stream>();
  #isDemandDue = false;
  #nextDemandMonoMs = Number.NEGATIVE_INFINITY;
  #published = 0;
  #unwanted = 0;
  #dropped = 0;

  constructor(context: Context, options: TickChannelOptions, ports: Ports) {
    this.#ports = ports;
    this.#port = new PublisherPort(
      context,
      { ...options, channel: 'data', waitingForEach: TICKS_A_SUBSCRIBER },
      {
        ...{ clock: ports.clock, log: ports.log },
        onSubscription: (message) => this.#take(message),
        onAllGone: () => this.#allGone(),
      },
    );
  }

  /** Opens the port. */
  start(endpoint: string): Promise<BindResult> {
    return this.#port.start(endpoint);
  }

  /** Publishes what came in one turn of the loop. Never throws and never waits. */
  publish(ticks: readonly Tick[]): void {
    const { socket } = this.#port;
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
      subscriptions: this.#port.subscriptions,
    };
  }

  /** Ends every connection; those that may come back do. */
  endConnections(): Promise<void> {
    return this.#port.endConnections();
  }

  /** Closes the port. May be called twice. */
  stop(): Promise<void> {
    return this.#port.stop();
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

  #take(message: Uint8Array): void {
    if (this.#subscriptions.take(message)) this.#demandLater();
  }

  #demandLater(): void {
    if (this.#isDemandDue) return;
    this.#isDemandDue = true;
    const { clock } = this.#ports;
    const waitMs = this.#nextDemandMonoMs - clock.monoMs();
    if (waitMs > 0) clock.after(waitMs, () => this.#demand());
    else setImmediate(() => this.#demand());
  }

  #demand(): void {
    this.#isDemandDue = false;
    const { clock, onDemand } = this.#ports;
    const beganMonoMs = clock.monoMs();
    onDemand(this.#subscriptions.symbols, this.#subscriptions.isToAll);
    const endedMonoMs = clock.monoMs();
    const tookMs = endedMonoMs - beganMonoMs;
    this.#nextDemandMonoMs = endedMonoMs + Math.max(DEMAND_REST_MS, DEMAND_REST_TIMES * tookMs);
  }

  #allGone(): void {
    this.#subscriptions.clear();
    this.#demandLater();
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
