import { uptime } from 'node:os';

/**
 * Time as a parameter. Wall time is for people and the wire, monotonic time for ages and deadlines;
 * rules that depend on either take a Clock, so that tests can run them on a simulated one.
 */
export interface Clock {
  /** Unix time in milliseconds, with a fraction (microsecond resolution where the system has it). */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, never set back. Stands still while the machine sleeps. */
  monoMs(): number;
  /** Like `monoMs`, but counts the time asleep too, in steps of 10 ms. */
  bootMs(): number;
  /** Calls `fn` once after `delayMs`; the returned function cancels it and may be called again without effect. */
  after(delayMs: number, fn: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now() + driftMs(),
  monoMs,
  // performance.now() and hrtime stand still in sleep on Linux; this does not.
  bootMs: () => uptime() * 1_000,
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

// Not performance.now(): the first use of `performance` loads 1 MB, which a brain cannot spare.
function monoMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}

// `timeOrigin` is fixed at start, so a step of the wall clock would never be seen: follow Date.now() in whole milliseconds.
function driftMs(): number {
  const apart = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(apart) < 2 ? 0 : apart;
}

/** Waits on the given clock. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
