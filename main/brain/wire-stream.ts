import { Subscriber } from 'zeromq';
import { FrameRing } from './frame-ring.ts';
import { Link, type LinkTarget } from './link.ts';
import { connectionOptions } from './socket-options.ts';

/** How many messages wait for a slow consumer before the oldest are dropped. */
export const STREAM_CAPACITY = 10_000;

/** As much of an AbortSignal as a stream needs. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What a stream needs to know. */
export interface StreamSource<T> extends LinkTarget {
  /** Prefixes of the messages that are wanted; the gateway sends no others. */
  readonly topics: Iterable<string>;
  /** Reads a message; null for one that cannot be read. */
  readonly parse: (frame: Buffer) => T | null;
  /** Ends the stream, without an error. */
  readonly signal?: StopSignal | undefined;
  /** Called when the socket opens; false when the client is closed already. */
  readonly opening: () => boolean;
  /** Called once when the stream has ended. */
  readonly ended: () => void;
}

type Step<T> = IteratorResult<T, undefined>;

/**
 * Messages of a PUB socket as an async generator with a socket of its own, opened at the first `next`. It reads as they
 * come, whatever the consumer does: one that is slower than the gateway gets the newest 10,000, and `dropped` counts
 * what it lost. Left in the socket they would instead be held back, old, by the gateway.
 */
export class WireStream<T> implements AsyncGenerator<T, undefined, undefined> {
  readonly #source: StreamSource<T>;
  readonly #topics: Set<string>;
  readonly #ring = new FrameRing(STREAM_CAPACITY);
  readonly #askers: ((step: Step<T>) => void)[] = [];
  #socket: Subscriber | null = null;
  #link: Link | null = null;
  #ended = false;
  #dropped = 0;
  #unreadable = 0;

  /** @internal */
  constructor(source: StreamSource<T>) {
    this.#source = source;
    this.#topics = new Set(source.topics);
  }

  /** Messages that this stream threw away because its consumer was slower than the gateway. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Messages that could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** @internal Adds a topic; also before the first `next`, and after the end without effect. */
  protected addTopic(topic: string): void {
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    this.#socket?.subscribe(topic);
  }

  /** @internal Takes a topic back. */
  protected dropTopic(topic: string): void {
    if (this.#topics.delete(topic)) this.#socket?.unsubscribe(topic);
  }

  next(): Promise<Step<T>> {
    if (!this.#ended && this.#socket === null) this.#open();
    const value = this.#nextReadable();
    if (value !== null) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#askers.push(resolve));
  }

  /** Ends the stream and frees its socket; what `break` calls. */
  return(): Promise<Step<T>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<Step<T>> {
    this.end();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  /** Ends the stream at once and frees its socket. May be called twice. */
  readonly end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#source.signal?.removeEventListener('abort', this.end);
    this.#link?.close();
    this.#socket?.close();
    this.#socket = null;
    while (this.#ring.shift() !== undefined);
    for (const ask of this.#askers.splice(0)) ask({ done: true, value: undefined });
    this.#source.ended();
  };

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  #open(): void {
    const { endpoint, pairing, signal, opening } = this.#source;
    if (signal?.aborted === true || !opening()) {
      this.end();
      return;
    }
    signal?.addEventListener('abort', this.end, { once: true });
    // As much again waits in the socket while this thread is busy.
    const socket = new Subscriber({ ...connectionOptions(endpoint, pairing), receiveHighWaterMark: STREAM_CAPACITY });
    this.#socket = socket;
    for (const topic of this.#topics) socket.subscribe(topic);
    this.#link = new Link(socket, this.#source);
    void this.#pump(socket);
  }

  async #pump(socket: Subscriber): Promise<void> {
    for await (const [frame] of socket) {
      if (frame !== undefined) this.#accept(frame);
    }
  }

  #accept(frame: Buffer): void {
    if (!this.#ring.push(frame)) this.#dropped += 1;
    if (this.#askers.length === 0) return;
    const value = this.#nextReadable();
    if (value !== null) this.#askers.shift()?.({ done: false, value });
  }

  #nextReadable(): T | null {
    for (let frame = this.#ring.shift(); frame !== undefined; frame = this.#ring.shift()) {
      const value = this.#source.parse(frame);
      if (value !== null) return value;
      this.#unreadable += 1;
    }
    return null;
  }
}
