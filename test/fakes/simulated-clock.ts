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
  #timers: Timer[] = [];
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
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
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
      const next = this.#timers
        .filter((timer) => timer.dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#goTo(next.dueMs);
      next.fn();
      await settle();
    }
    this.#goTo(untilMs);
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
