import type { Clock } from '../../clock.ts';
import type { WireTick } from '../../protocol/ticks.ts';
import { turnsSettled } from './settled-turns.ts';
import type { Quote, RunnerEvent } from './strategy.ts';

interface Entry {
  readonly tick: WireTick;
  readonly monoMs: number;
  readonly wallMs: number;
  stale: boolean;
}

interface Ports {
  readonly clock: Clock;
  /** Told of GAP, STALE and FRESH. */
  readonly tell: (event: RunnerEvent) => void;
  /** Resolves when ticks that have arrived already are read: what this thread was too busy to read is not stale. */
  readonly settled?: () => Promise<void>;
}

/** The last tick of each symbol: how old it is, and whether ticks before it are missing. */
export class QuoteBoard {
  readonly #staleAfterMs: number;
  readonly #ports: Ports;
  readonly #entries = new Map<string, Entry>();
  #cancelCheck: (() => void) | null = null;
  #stopped = false;
  #received = 0;

  constructor(staleAfterMs: number, ports: Ports) {
    this.#staleAfterMs = staleAfterMs;
    this.#ports = ports;
  }

  /** Ticks taken so far. */
  get received(): number {
    return this.#received;
  }

  /** The last tick of each symbol, as of now. */
  get quotes(): ReadonlyMap<string, Quote> {
    return new Map([...this.#entries].map(([symbol, entry]) => [symbol, this.#quote(entry)]));
  }

  /** Takes a tick that has just come. */
  accept(tick: WireTick): void {
    const { clock } = this.#ports;
    const before = this.#entries.get(tick.symbol);
    this.#received += 1;
    this.#entries.set(tick.symbol, { tick, monoMs: clock.monoMs(), wallMs: clock.nowMs(), stale: false });
    if (before !== undefined) this.#compare(before, tick);
    if (this.#cancelCheck === null) this.#checkAfter(this.#staleAfterMs);
  }

  /** Another run of the gateway counts its ticks from 1: the next of each symbol follows none. */
  startSequences(): void {
    for (const [symbol, entry] of this.#entries) {
      this.#entries.set(symbol, { ...entry, tick: { ...entry.tick, seq: NaN } });
    }
  }

  /** Ends the watch over ages. May be called twice. */
  stop(): void {
    this.#stopped = true;
    this.#cancelCheck?.();
  }

  #compare(before: Entry, { symbol, seq }: WireTick): void {
    // A lower number is another run of the gateway, a NaN one whose numbers are not known yet.
    const missed = seq - before.tick.seq - 1;
    if (missed > 0) this.#tell({ event: 'GAP', data: { symbol, missed } });
    if (before.stale) this.#tell({ event: 'FRESH', data: { symbol, stale_ms: Math.round(this.#ageMs(before)) } });
  }

  /** One timer for all symbols: it fires when the oldest quote may be stale. */
  #checkAfter(delayMs: number): void {
    if (this.#stopped) return;
    // A timer may fire a fraction of a millisecond early.
    this.#cancelCheck = this.#ports.clock.after(Math.ceil(delayMs) + 1, () => void this.#check());
  }

  async #check(): Promise<void> {
    await (this.#ports.settled ?? (() => turnsSettled(() => this.#received)))();
    let nextMs = Infinity;
    for (const [symbol, entry] of this.#entries) {
      const ageMs = this.#ageMs(entry);
      if (entry.stale) continue;
      entry.stale = ageMs > this.#staleAfterMs;
      if (entry.stale) this.#tell({ event: 'STALE', data: { symbol, age_ms: Math.round(ageMs) } });
      else nextMs = Math.min(nextMs, this.#staleAfterMs - ageMs);
    }
    this.#cancelCheck = null;
    if (nextMs < Infinity) this.#checkAfter(nextMs);
  }

  #quote(entry: Entry): Quote {
    const ageMs = this.#ageMs(entry);
    return { ...entry.tick, ageMs, stale: ageMs > this.#staleAfterMs };
  }

  /** By whichever clock says more: the monotonic one stands still while the machine sleeps, the other can be set back. */
  #ageMs({ monoMs, wallMs }: Entry): number {
    const { clock } = this.#ports;
    return Math.max(clock.monoMs() - monoMs, clock.nowMs() - wallMs);
  }

  #tell(news: Unstamped<RunnerEvent>): void {
    if (this.#stopped) return;
    this.#ports.tell({ timestamp: this.#ports.clock.nowMs() / 1000, ...news });
  }
}

type Unstamped<T> = T extends unknown ? Omit<T, 'timestamp'> : never;
