import { type Context, Router } from 'zeromq';
import { type Clock, delay } from '../clock.ts';
import type { Log } from '../log.ts';

/** A connection that asks to be let in, as libzmq tells of it. */
export interface Knock {
  /** Which of the ports, by its ZAP domain. */
  readonly domain: string;
  /** The peer's address, like 192.168.1.7. */
  readonly address: string;
  readonly mechanism: string;
  /** Of CURVE: the peer's public key, 32 bytes. */
  readonly key: Uint8Array | null;
}

/** Whether it may come in. Never throws. */
export type Judge = (knock: Knock) => boolean;

const ENDPOINT = 'inproc://zeromq.zap.01';
const VERSION = '1.0';
const RETRY_AFTER_MS = 100;

/**
 * Answers libzmq's questions about who may connect (ZAP, RFC 27), one door for each context. Where it does not answer
 * nobody gets in: the ports enforce their domain.
 */
export class Door {
  readonly #judge: Judge;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  #socket: Router | null = null;
  #loop: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(judge: Judge, ports: { readonly clock: Clock; readonly log: Log }) {
    this.#judge = judge;
    this.#ports = ports;
  }

  /** Begins to answer; before the ports of this context are opened. */
  async start(context: Context): Promise<void> {
    const socket = new Router({ context, linger: 0, sendTimeout: 0 });
    await socket.bind(ENDPOINT);
    this.#socket = socket;
    this.#loop = this.#serve(socket);
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#socket?.close();
    this.#socket = null;
    await this.#loop;
  }

  async #serve(socket: Router): Promise<void> {
    while (!this.#hasStopped()) {
      try {
        for (;;) await this.#answer(socket, await socket.receive());
      } catch (error) {
        if (this.#hasStopped()) return;
        this.#ports.log.error('door-failed', { error });
        await delay(this.#ports.clock, RETRY_AFTER_MS);
      }
    }
  }

  async #answer(socket: Router, frames: readonly Buffer[]): Promise<void> {
    const delimiterAt = frames.findIndex(({ length }) => length === 0);
    const [version, requestId, domain, address, , mechanism, ...credentials] = frames.slice(delimiterAt + 1);
    if (delimiterAt < 0 || requestId === undefined) return;
    const isUnderstood = String(version) === VERSION && mechanism !== undefined;
    const [key] = credentials;
    const isLetIn =
      isUnderstood &&
      this.#judge({
        ...{ domain: String(domain), address: String(address), mechanism: mechanism.toString() },
        key: mechanism.toString() === 'CURVE' && key?.length === 32 ? key : null,
      });
    const [status, text] = isLetIn ? ['200', 'OK'] : ['400', 'not let in'];
    await socket.send([...frames.slice(0, delimiterAt + 1), VERSION, requestId, status, text, '', '']);
  }

  // A method, since the compiler takes the field's value for unchanged across an await.
  #hasStopped(): boolean {
    return this.#isStopped;
  }
}
