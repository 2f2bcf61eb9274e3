import type { WireTick } from '../../protocol/ticks.ts';
import { turnsSettled } from './settled-turns.ts';
import type { StrategyEvent, StrategyTick } from './strategy.ts';

/** So many events wait for a busy strategy; then the oldest are thrown away, which is told. */
export const EVENT_CAPACITY = 10_000;

/** What the strategy gets next. */
export type Delivery =
  { readonly kind: 'event'; readonly event: StrategyEvent } | { readonly kind: 'tick'; readonly tick: StrategyTick };

/**
 * What waits for the strategy. Events in order, all of them up to a bound. Of ticks only the newest of each symbol: to
 * trade on an old quote is worse than to skip it.
 */
export class Inbox {
  readonly #nowMs: () => number;
  readonly #events: StrategyEvent[] = [];
  readonly #ticks = new Map<string, StrategyTick>();
  #lostEvents = 0;
  #missedTicks = 0;
  #received = 0;
  #arrived: () => void = () => {};
  #closed = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Ticks that were skipped, of all symbols. */
  get missedTicks(): number {
    return this.#missedTicks;
  }

  addEvent(event: StrategyEvent): void {
    if (this.#merge(event)) return;
    this.#events.push(event);
    if (this.#events.length > EVENT_CAPACITY) {
      this.#events.shift();
      this.#lostEvents += 1;
    }
    this.#arrived();
  }

  addTick(tick: WireTick): void {
    const before = this.#ticks.get(tick.symbol);
    const missed = before === undefined ? 0 : before.missed + 1;
    this.#received += 1;
    if (before !== undefined) this.#missedTicks += 1;
    this.#ticks.set(tick.symbol, { ...tick, missed });
    this.#arrived();
  }

  /** The next delivery, events first; waits until there is one. Null once it is closed. */
  async next(): Promise<Delivery | null> {
    for (;;) {
      // Also after each callback: it may have kept this thread from reading what came meanwhile.
      await turnsSettled(() => this.#received);
      if (this.#closed) return null;
      const delivery = this.#take();
      if (delivery !== null) return delivery;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Nothing more is given out. */
  close(): void {
    this.#closed = true;
    this.#arrived();
  }

  #take(): Delivery | null {
    if (this.#lostEvents > 0) {
      const missed = this.#lostEvents;
      this.#lostEvents = 0;
      return { kind: 'event', event: { event: 'LOST', timestamp: this.#nowMs() / 1000, data: { missed } } };
    }
    const event = this.#events.shift();
    if (event !== undefined) return { kind: 'event', event };
    for (const [symbol, tick] of this.#ticks) {
      this.#ticks.delete(symbol);
      return { kind: 'tick', tick };
    }
    return null;
  }

  /** Gaps of a symbol one after the other are one: a strategy that is too slow must not drown in them. */
  #merge(event: StrategyEvent): boolean {
    const last = this.#events.at(-1);
    if (event.event !== 'GAP' || last?.event !== 'GAP' || last.data.symbol !== event.data.symbol) return false;
    const missed = last.data.missed + event.data.missed;
    this.#events[this.#events.length - 1] = { ...event, data: { ...event.data, missed } };
    return true;
  }
}
