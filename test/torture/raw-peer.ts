import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { greeting, readyCommand, type PeerType } from '../bench/zmtp.ts';

const CONNECT_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 10;

/** A plain TCP connection that says what it likes. */
export class RawPeer implements Disposable {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A reset is one way to be closed.
    socket.on('error', () => {});
    socket.on('close', () => (this.#isClosed = true));
    socket.on('end', () => (this.#isClosed = true));
    socket.on('data', (chunk: Buffer) => {
      if (this.#received.length < 4_096) this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  /** Connects to a port or socket file of this machine; `from` is an own address of another number, like 127.0.0.2. */
  static open(to: number | string, from?: string): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const source = from === undefined ? {} : { localAddress: from };
      const where = typeof to === 'number' ? { host: '127.0.0.1', port: to, ...source } : { path: to };
      const socket = connect({ ...where, noDelay: true, timeout: CONNECT_LIMIT_MS });
      socket.once('timeout', () => socket.destroy(new Error(`no connection to ${to}`)));
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.off('error', reject);
        resolve(new RawPeer(socket));
      });
    });
  }

  /** Connects and goes through the handshake of ZMTP 3 without security; `isClosed` tells that it was turned away. */
  static async shaken(port: number, type: PeerType): Promise<RawPeer> {
    const peer = await RawPeer.open(port);
    await peer.write(Buffer.concat([greeting(), readyCommand(type)]));
    await peer.until(() => peer.received.includes('READY'), 1_000);
    return peer;
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#socket.destroyed;
  }

  /** What has come so far, up to 4 KiB. */
  get received(): Buffer {
    return this.#received;
  }

  /** Writes; resolves when the system has taken it or the connection has ended, after `patienceMs` at the latest. */
  async write(bytes: Buffer, patienceMs = 1_000): Promise<void> {
    if (this.isClosed) return;
    const taken = new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    const impatient = new AbortController();
    await Promise.race([taken, pause(patienceMs, undefined, { signal: impatient.signal }).catch(() => {})]);
    impatient.abort();
  }

  /** Reads no more, so that what it is sent piles up. */
  pause(): void {
    this.#socket.pause();
  }

  /** Waits until something holds, for at most `limitMs`; whether it does. */
  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = performance.now() + limitMs;
    while (!holds() && !this.isClosed && performance.now() < untilMs) await pause(LOOK_EVERY_MS);
    return holds();
  }

  /** Whether the gateway ends the connection within `limitMs`; nobody waits on once it is `enough`. */
  async closesWithin(limitMs: number, enough?: AbortSignal): Promise<boolean> {
    await this.until(() => enough?.aborted === true, limitMs);
    return this.isClosed;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
