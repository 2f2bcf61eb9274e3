import type { Dealer, Subscriber } from 'zeromq';
import { systemClock } from '../clock.ts';
import { HurriedReconnect } from './hurried-reconnect.ts';
import type { Pairing } from './pairing.ts';

/** So long after it was turned away a socket tries again. */
const RETRY_AFTER_MS = 2_000;
/** A gateway that is just ending hangs up too, but not so often in a row. */
const SURE_AFTER = 3;

/** Where a socket is to be connected, and as whom. */
export interface LinkTarget {
  readonly endpoint: string;
  /** Null without encryption. */
  readonly pairing: Pairing | null;
  /** Called with why the gateway turns it away, not twice for the same reason. */
  readonly refused?: ((why: string) => void) | undefined;
}

/**
 * Connects a socket, and knows whether the gateway turned it away. ZeroMQ gives a connection up for good once it was
 * refused for its key or for its kind: here it is tried again.
 */
export class Link {
  readonly #socket: Dealer | Subscriber;
  readonly #target: LinkTarget;
  readonly #hurried: HurriedReconnect | null;
  #refusal: string | null = null;
  #hangUps = 0;
  #cancelRetry: () => void = () => {};

  constructor(socket: Dealer | Subscriber, target: LinkTarget) {
    this.#socket = socket;
    this.#target = target;
    const { endpoint, pairing } = target;
    if (pairing === null) this.#watchInTheClear();
    else this.#watch(pairing);
    // Within one machine nothing is lost on the way.
    this.#hurried = isLoopback(endpoint) ? null : new HurriedReconnect(socket, endpoint);
    socket.connect(endpoint);
  }

  /** Why the gateway turned away the last connection; null where it did not. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Before the socket is closed. */
  close(): void {
    this.#cancelRetry();
    this.#hurried?.close();
  }

  #watchInTheClear(): void {
    const { endpoint } = this.#target;
    const { events } = this.#socket;
    events.on('handshake', () => {
      this.#refusal = null;
    });
    events.on('handshake:error:protocol', () => {
      this.#refuse(
        `what answers at ${endpoint} is in encrypted mode: is this brain paired? then it has a connection file`,
      );
      this.#retry();
    });
  }

  #watch({ fingerprint, serverFingerprint }: Pairing): void {
    const { endpoint } = this.#target;
    const gateway = `the gateway at ${endpoint}`;
    const { events } = this.#socket;
    events.on('handshake', () => {
      this.#refusal = null;
      this.#hangUps = 0;
    });
    events.on('handshake:error:auth', () => {
      this.#refuse(`${gateway} refused this brain's key (${fingerprint}): paired? revoked? expired?`);
      this.#retry();
    });
    events.on('handshake:error:protocol', () => {
      this.#refuse(`what answers at ${endpoint} is not in encrypted mode: another port? started without encryption?`);
      this.#retry();
    });
    // A gateway that cannot read the greeting hangs up without a word, and ZeroMQ tries again by itself.
    events.on('handshake:error:other', () => {
      this.#hangUps += 1;
      if (this.#hangUps < SURE_AFTER) return;
      this.#refuse(
        `${gateway} hung up during the handshake: is its key ${serverFingerprint}, as when this brain was paired?`,
      );
    });
  }

  #refuse(why: string): void {
    if (this.#refusal === why) return;
    this.#refusal = why;
    this.#target.refused?.(why);
  }

  #retry(): void {
    this.#cancelRetry();
    // The way there is good.
    this.#hurried?.close();
    this.#cancelRetry = systemClock.after(RETRY_AFTER_MS, () => {
      this.#socket.disconnect(this.#target.endpoint);
      this.#socket.connect(this.#target.endpoint);
    });
  }
}

function isLoopback(endpoint: string): boolean {
  return /^tcp:\/\/(?:127\.|localhost:|\[::1\]:)/.test(endpoint);
}
