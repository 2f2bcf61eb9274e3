/**
 * The wire format of ZeroMQ (ZMTP 3.0, NULL security), as far as a client needs it. A client that speaks it over a
 * plain socket costs far less than libzmq behind Node, so the load generator and the subscribers do not become the limit.
 */

const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** Socket types that are used here. */
export type PeerType = 'REQ' | 'DEALER' | 'SUB';

/** The 64 bytes that either end sends first. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write('NULL', 12, 'latin1');
  return bytes;
}

/** The command that ends the handshake. */
export function readyCommand(type: PeerType): Buffer {
  return command('READY', property('Socket-Type', type));
}

/** The answer to a PING command, whose body is `ping`. */
export function pongCommand(ping: Buffer): Buffer {
  return command('PONG', ping.subarray(7));
}

/** A command frame. */
export function command(name: string, data: Buffer = Buffer.alloc(0)): Buffer {
  return framed(COMMAND, Buffer.concat([text(name), data]));
}

/** A property of a handshake's metadata. */
export function property(name: string, value: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  return Buffer.concat([text(name), size, Buffer.from(value, 'latin1')]);
}

/** A message of one frame. */
export function frame(body: Buffer, more = false): Buffer {
  return framed(more ? MORE : 0, body);
}

/** The header of a message's frame that says to be `bytes` long, whatever comes, in the form for 256 bytes and more. */
export function longHeader(bytes: bigint, more = false): Buffer {
  return header(more ? MORE : 0, bytes);
}

/** A request as a REQ socket sends it: an empty delimiter frame, then the body. */
export function requestMessage(body: Buffer): Buffer {
  return Buffer.concat([frame(Buffer.alloc(0), true), frame(body)]);
}

/** The message that subscribes to a prefix. */
export function subscription(prefix: string): Buffer {
  return frame(Buffer.concat([Buffer.from([1]), Buffer.from(prefix)]));
}

/** What a reader found; `start` and `end` bound the body in `bytes`, which is only valid during the call. */
export interface FrameListener {
  frame(bytes: Buffer, start: number, end: number, more: boolean): void;
  command(body: Buffer): void;
}

/** Cuts a byte stream into frames, after the peer's greeting. Keeps a copy of an unfinished frame alone. */
export class FrameReader {
  readonly #listener: FrameListener;
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Takes what has arrived; `chunk` may be reused by the caller afterwards. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    if (!this.#greeted && bytes.length >= 64) {
      this.#greeted = true;
      at = 64;
    }
    if (this.#greeted) at = this.#frames(bytes, at);
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  #frames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      const flags = bytes[at]!;
      const long = (flags & LONG) !== 0;
      if (long && bytes.length - at < 9) break;
      const start = at + (long ? 9 : 2);
      const end = start + (long ? Number(bytes.readBigUInt64BE(at + 1)) : bytes[at + 1]!);
      if (end > bytes.length) break;
      if ((flags & COMMAND) !== 0) this.#listener.command(bytes.subarray(start, end));
      else this.#listener.frame(bytes, start, end, (flags & MORE) !== 0);
      at = end;
    }
    return at;
  }
}

function framed(flags: number, body: Buffer): Buffer {
  const head = body.length < 256 ? Buffer.from([flags, body.length]) : header(flags, BigInt(body.length));
  return Buffer.concat([head, body]);
}

function header(flags: number, bytes: bigint): Buffer {
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(bytes, 1);
  return head;
}

function text(name: string): Buffer {
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')]);
}
