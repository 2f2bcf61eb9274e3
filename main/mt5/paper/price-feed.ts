import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Tick } from '../market.ts';
import type { PaperSymbol } from './paper-symbols.ts';
import { flagsOf, RandomWalk } from './random-walk.ts';
import type { ReplayedTick, TickReplay } from './tick-replay.ts';

/** A feed that fell further behind than this, in milliseconds (a sleeping machine), goes on from now instead of catching up. */
const LONGEST_BACKLOG_MS = 1_000;
/** Longest pause that a replayed file makes, in milliseconds: weekends and nights are skipped. */
const LONGEST_PAUSE_MS = 5_000;
/** So that a file at full speed leaves time for everything else. */
const MOST_REPLAYED_A_TURN = 500;
const SHORTEST_TIMER_MS = 1;

/** What a feed is made of. */
export interface FeedOptions {
  readonly seed: number;
  readonly symbols: ReadonlyMap<string, PaperSymbol>;
  readonly ticksPerSecond: number;
  readonly replay: TickReplay | null;
  readonly replaySpeed: number;
  readonly isOpen: (symbol: string) => boolean;
}

interface Walker {
  readonly symbol: string;
  readonly walk: RandomWalk;
  dueMs: number;
}

/**
 * The prices of all symbols: each moves by itself, except those that a file gives. From `start` on every symbol has a
 * tick; all ticks of one turn go out together, stamped with the time of the clock.
 */
export class PriceFeed {
  readonly #options: FeedOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onTicks: (ticks: readonly Tick[]) => void;
  readonly #last = new Map<string, Tick>();
  readonly #walkers = new Map<string, Walker>();
  #replayed: { readonly tick: ReplayedTick; readonly dueMs: number } | null = null;
  #cancelTimer: () => void = () => {};

  constructor(options: FeedOptions, clock: Clock, log: Log, onTicks: (ticks: readonly Tick[]) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#onTicks = onTicks;
  }

  /** Gives every symbol its first tick and lets them move. */
  start(): void {
    const nowMs = this.#clock.monoMs();
    for (const [name, symbol] of this.#options.symbols)
      this.#startWalk(name, new RandomWalk(this.#options.seed, symbol), nowMs);
    this.#takeReplayed(nowMs);
    this.#emitReplayed(nowMs);
    this.#arm();
  }

  stop(): void {
    this.#cancelTimer();
    this.#options.replay?.close();
  }

  /** The last tick of a symbol of this feed. */
  last(symbol: string): Tick {
    const tick = this.#last.get(symbol);
    if (tick === undefined) throw new Error(`no price of ${symbol} yet`);
    return tick;
  }

  /** Sets a price now, from outside. */
  push(symbol: string, bid: number, ask: number): void {
    const tick = {
      symbol,
      bid,
      ask,
      last: 0,
      volume: 0,
      timeMsc: this.#nowMsc(),
      flags: flagsOf(this.last(symbol), bid, ask),
    };
    this.#last.set(symbol, tick);
    this.#onTicks([tick]);
  }

  #startWalk(symbol: string, walk: RandomWalk, nowMs: number): void {
    this.#last.set(symbol, walk.tickAt(this.#clock.nowMs()));
    if (this.#options.ticksPerSecond > 0) this.#walkers.set(symbol, { symbol, walk, dueMs: nowMs + this.#gapMs(walk) });
  }

  #turn(): void {
    const nowMs = this.#clock.monoMs();
    const ticks: Tick[] = [];
    for (const walker of this.#walkers.values()) this.#walkOn(walker, nowMs, ticks);
    this.#replayOn(nowMs, ticks);
    this.#arm();
    if (ticks.length > 0) this.#onTicks(ticks);
  }

  #walkOn(walker: Walker, nowMs: number, ticks: Tick[]): void {
    walker.dueMs = withoutBacklog(walker.dueMs, nowMs);
    for (; walker.dueMs <= nowMs; walker.dueMs += this.#gapMs(walker.walk)) {
      if (!this.#options.isOpen(walker.symbol)) continue;
      ticks.push(this.#keep(walker.walk.tickAt(this.#clock.nowMs() - (nowMs - walker.dueMs))));
    }
  }

  #replayOn(nowMs: number, ticks: Tick[]): void {
    for (let taken = 0; taken < MOST_REPLAYED_A_TURN; taken += 1) {
      if (this.#replayed === null || this.#replayed.dueMs > nowMs) return;
      const tick = this.#emitReplayed(withoutBacklog(this.#replayed.dueMs, nowMs));
      if (tick !== null) ticks.push(tick);
    }
  }

  /** Makes the waiting tick of the file the last price of its symbol, which from then on does not move by itself. */
  #emitReplayed(dueMs: number): Tick | null {
    if (this.#replayed === null) return null;
    const { symbol, bid, ask, last, volume, flags } = this.#replayed.tick;
    this.#walkers.delete(symbol);
    this.#takeReplayed(dueMs);
    if (!this.#options.isOpen(symbol)) return null;
    const changed = flags === 0 ? flagsOf(this.last(symbol), bid, ask) : flags;
    return this.#keep({ symbol, bid, ask, last, volume, timeMsc: this.#nowMsc(), flags: changed });
  }

  #takeReplayed(afterMs: number): void {
    const { replay, replaySpeed } = this.#options;
    if (replay === null) return;
    const tick = replay.next();
    if (tick === null) this.#log.info('paper ticks: the file has ended; its prices stand still from now on');
    this.#replayed =
      tick === null ? null : { tick, dueMs: afterMs + Math.min(LONGEST_PAUSE_MS, tick.gapMs / replaySpeed) };
  }

  #arm(): void {
    let dueMs = this.#replayed?.dueMs ?? Infinity;
    for (const walker of this.#walkers.values()) dueMs = Math.min(dueMs, walker.dueMs);
    if (dueMs === Infinity) return;
    const waitMs = Math.max(SHORTEST_TIMER_MS, Math.ceil(dueMs - this.#clock.monoMs()));
    this.#cancelTimer = this.#clock.after(waitMs, () => this.#turn());
  }

  #keep(tick: Tick): Tick {
    this.#last.set(tick.symbol, tick);
    return tick;
  }

  #gapMs(walk: RandomWalk): number {
    return walk.nextGapMs(1_000 / this.#options.ticksPerSecond);
  }

  #nowMsc(): number {
    return Math.floor(this.#clock.nowMs());
  }
}

function withoutBacklog(dueMs: number, nowMs: number): number {
  return nowMs - dueMs > LONGEST_BACKLOG_MS ? nowMs : dueMs;
}
