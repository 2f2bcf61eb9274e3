import type { Dealer, Subscriber } from 'zeromq';
import { systemClock, type Clock } from '../clock.ts';
import { CONNECT_TIMEOUT_MS, RECONNECT_INTERVAL_MS } from './socket-options.ts';

/** ZeroMQ's own first attempt comes sooner: a gateway that was only started again is met by that. */
const HURRY_AFTER_MS = 100;
const LEAST_TIMEOUT_MS = 100;
/** Between two hurried attempts; ZeroMQ adds up to once as much. */
const HURRIED_INTERVAL_MS = 20;
/** A connect may take so many times as long as the last one. */
const SLACK = 2;
/** When a patient attempt comes: so long after the hurry began, then after twice as long again, up to the longest. */
const PATIENT_AFTER_MS = 2_000;
const PATIENT_AFTER_AT_MOST_MS = 60_000;

/**
 * Brings a lost connection back soon after the network is back. A connect whose first packet is lost is repeated by the
 * system only after a second, whenever the network returns; so once the way is known, an attempt that takes twice as
 * long as the last good one is given up for the next. Now and then one gets its full time, since the way may be another.
 */
export class HurriedReconnect {
  readonly #socket: Dealer | Subscriber;
  readonly #endpoint: string;
  readonly #clock: Clock;
  #attemptAtMs: number | null = null;
  #connectMs = Infinity;
  #isLost = false;
  #cancel: () => void = () => {};

  constructor(socket: Dealer | Subscriber, endpoint: string, clock = systemClock) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#clock = clock;
    let isShaken = false;
    const { events } = socket;
    events.on('connect:delay', () => {
      this.#attemptAtMs = clock.monoMs();
    });
    events.on('connect', () => {
      if (this.#attemptAtMs !== null) this.#connectMs = clock.monoMs() - this.#attemptAtMs;
    });
    events.on('handshake', () => {
      isShaken = true;
      this.close();
    });
    events.on('disconnect', () => {
      if (isShaken) this.#lose();
      isShaken = false;
    });
  }

  /** Hurries no more, until a connection is lost again. */
  close(): void {
    this.#isLost = false;
    this.#cancel();
  }

  #lose(): void {
    const timeoutMs = Math.max(LEAST_TIMEOUT_MS, Math.ceil(this.#connectMs * SLACK));
    if (timeoutMs >= CONNECT_TIMEOUT_MS) return;
    this.#isLost = true;
    this.#later(HURRY_AFTER_MS, () => this.#hurry(timeoutMs, PATIENT_AFTER_MS));
  }

  #hurry(timeoutMs: number, patientAfterMs: number): void {
    this.#connectAnew(timeoutMs, HURRIED_INTERVAL_MS);
    this.#later(patientAfterMs, () => {
      this.#connectAnew(CONNECT_TIMEOUT_MS, RECONNECT_INTERVAL_MS);
      const nextMs = Math.min(2 * patientAfterMs, PATIENT_AFTER_AT_MOST_MS);
      this.#later(CONNECT_TIMEOUT_MS, () => this.#hurry(timeoutMs, nextMs));
    });
  }

  /** A connection keeps the limits that it was begun with, so that others need another beginning. */
  #connectAnew(timeoutMs: number, intervalMs: number): void {
    this.#socket.connectTimeout = timeoutMs;
    this.#socket.reconnectInterval = intervalMs;
    this.#socket.disconnect(this.#endpoint);
    this.#socket.connect(this.#endpoint);
  }

  #later(afterMs: number, fn: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.after(afterMs, () => {
      if (this.#isLost && !this.#socket.closed) fn();
    });
  }
}
