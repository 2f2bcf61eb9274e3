import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { LineReader } from './line-reader.ts';

/** How long a connection that is closed may take to write what it still has, in milliseconds. */
const CLOSE_WITHIN_MS = 1_000;
/** Lines that may wait for a program that does not read. */
const MAX_QUEUED = 2_048;

export type Transport = 'pipe' | 'tcp';

/** Gets what comes over a connection. */
export interface LineReceiver {
  /** Bytes have come; their lines follow. */
  heard(): void;
  /** One line, from `start` to `end`; the bytes are its own only during the call. */
  line(bytes: Buffer, start: number, end: number): void;
  /** All lines of one read have been given. */
  readEnd(): void;
  /** A line is longer than the language allows: nothing behind it can be read. */
  tooLong(): void;
  /** The connection is gone; told once, and last. */
  closed(why: string): void;
}

/** Makes a line at the moment of its writing, or null when there is nothing to write any more. */
export type LineMaker = () => string | null;

/** A socket that speaks lines. Its receiver can be changed between two lines. */
export class Connection {
  readonly transport: Transport;
  receiver: LineReceiver;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #lines = new LineReader();
  readonly #queue: LineMaker[] = [];
  #isClosed = false;

  constructor(socket: Socket, transport: Transport, receiver: LineReceiver, clock: Clock) {
    this.transport = transport;
    this.receiver = receiver;
    this.#socket = socket;
    this.#clock = clock;
    let fault = 'the terminal program closed the link';
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => {
      fault = `the link to the terminal program broke: ${error.message}`;
    });
    socket.on('end', () => this.close(fault));
    socket.on('close', () => this.close(fault));
  }

  /** Writes a line behind those that wait; false when too many do, or the connection is gone. */
  send(line: LineMaker): boolean {
    if (this.#isClosed || this.#queue.length >= MAX_QUEUED) return false;
    this.#queue.push(line);
    this.#flush();
    return true;
  }

  /** Writes a line now, ahead of those that wait. */
  urge(line: string): void {
    if (!this.#isClosed) this.#socket.write(line, this.#flush);
  }

  /** Closes it behind what has been written; its receiver learns it in this call. May be called twice. */
  close(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#socket.destroySoon();
    const cancel = this.#clock.after(CLOSE_WITHIN_MS, () => this.#socket.destroy());
    if (this.#socket.closed) cancel();
    else this.#socket.once('close', cancel);
    this.receiver.closed(why);
  }

  #read(chunk: Buffer): void {
    if (!this.#isOpen()) return;
    this.receiver.heard();
    const isWhole = this.#lines.push(chunk, (bytes, start, end) => {
      if (this.#isOpen()) this.receiver.line(bytes, start, end);
    });
    if (!this.#isOpen()) return;
    this.receiver.readEnd();
    if (!isWhole) this.receiver.tooLong();
  }

  // A method, since any call of the receiver may close it.
  #isOpen(): boolean {
    return !this.#isClosed;
  }

  // Only while the system has taken all before: what is in the socket's own buffer can no longer be overtaken by a halt.
  readonly #flush = (): void => {
    while (!this.#isClosed && this.#socket.writableLength === 0) {
      const line = this.#queue.shift();
      if (line === undefined) return;
      const text = line();
      if (text !== null) this.#socket.write(text, this.#flush);
    }
  };
}
