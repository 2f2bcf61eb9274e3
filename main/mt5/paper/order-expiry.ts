import type { Clock } from '../../clock.ts';
import type { Desk } from './desk.ts';

/** Longest wait before the next look, in milliseconds: the clock may be set meanwhile, and timers have a limit. */
const LONGEST_WAIT_MS = 60_000;

interface Ports {
  readonly clock: Clock;
  readonly desk: Desk;
  /** Ends the orders whose time has come. */
  readonly expire: () => void;
}

/** Ends pending orders at their expiration, also while no price moves. */
export class OrderExpiry {
  readonly #ports: Ports;
  #cancel = () => {};

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Waits for the soonest expiration; to be called when the pending orders have changed. */
  arm(): void {
    this.#cancel();
    const { clock, desk, expire } = this.#ports;
    const soonestMs = soonestExpiration(desk);
    if (soonestMs === Infinity) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(1, Math.ceil(soonestMs - clock.nowMs())));
    this.#cancel = clock.after(waitMs, () => {
      expire();
      this.arm();
    });
  }

  /** Waits no more. May be called twice. */
  stop(): void {
    this.#cancel();
  }
}

function soonestExpiration({ book }: Desk): number {
  let soonestMs = Infinity;
  for (const { expirationMs } of book.pending.values()) {
    if (expirationMs > 0) soonestMs = Math.min(soonestMs, expirationMs);
  }
  return soonestMs;
}
