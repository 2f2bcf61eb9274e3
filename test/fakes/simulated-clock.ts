import type { Clock } from '../../main/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that stands still until it is told to go on. Wall and monotonic time advance together unless `stepWall` moves one. */
export class SimulatedClock implements Clock {
  #monoMs = 0;
  #asleepMs = 0;
  #wallMs: number;
  readonly #timers = new Set<Timer>();
  #order = 0;

  constructor(startMs = Date.UTC(2026, 0, 5, 12)) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monoMs(): number {
    return this.#monoMs;
  }

  bootMs(): number {
    return this.#monoMs + this.#asleepMs;
  }

  after(delayMs: number, fn: () => void): () => void {
    const timer = { dueMs: this.#monoMs + Math.max(0, delayMs), order: this.#order++, fn };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves the wall clock alone, as a correction of the system time does. */
  stepWall(byMs: number): void {
    this.#wallMs += byMs;
  }

  /** The machine sleeps: wall and boot time go on, monotonic time and timers stand still. */
  sleep(forMs: number): void {
    this.#wallMs += forMs;
    this.#asleepMs += forMs;
  }

  /** Lets time pass: due timers run in order, and promises settle between them. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#monoMs + byMs;
    await settle();
    for (;;) {
      const next = this.#nextUntil(untilMs);
      if (next === null) break;
      this.#timers.delete(next);
      this.#goTo(next.dueMs);
      next.fn();
      await settle();
    }
    this.#goTo(untilMs);
  }

  /** The timer that is due first, the older one of two that are due together. */
  #nextUntil(untilMs: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === null || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order))
        next = timer;
    }
    return next;
  }

  #goTo(monoMs: number): void {
    const stepMs = Math.max(0, monoMs - this.#monoMs);
    this.#monoMs += stepMs;
    this.#wallMs += stepMs;
  }
}

/** Lets everything that waits on resolved promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
