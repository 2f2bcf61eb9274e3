import { TIMEFRAMES, type Timeframe } from '../../protocol/payloads.ts';
import type { Candle, SymbolSpec, Tick } from '../market.ts';
import { normalisePrice, pointsBetween } from '../price.ts';

/** Length of a bar in milliseconds; bars begin at whole multiples of it, in UTC. */
const LENGTH_MS: Readonly<Record<Timeframe, number>> = {
  M1: 60_000,
  M5: 300_000,
  M15: 900_000,
  M30: 1_800_000,
  H1: 3_600_000,
  H4: 14_400_000,
  D1: 86_400_000,
};
/** Bars of ticks that are kept for a symbol and timeframe; older ones are drawn. */
const BARS_KEPT = 1_000;
const BARS_SLACK = 100;
/** Most bars in one answer. */
const MOST_BARS = 10_000;
/** Prices that a drawn bar is made from. */
const SAMPLES = 24;

type Bar = { -readonly [K in keyof Candle]: Candle[K] };

/** Where the prices before the first tick come from. */
export interface OlderPrices {
  /** The bid of a moment. */
  bidAt(timeMs: number): number;
}

/** Bars of one symbol: of ticks since the start, and before that drawn from older prices, the same ones each time. */
export class CandleStore {
  readonly #spec: SymbolSpec;
  readonly #older: OlderPrices;
  readonly #bars: Readonly<Record<Timeframe, Bar[]>>;
  /** Brings the older prices to the level of the first tick, which a file may have set elsewhere. */
  readonly #scale: number;
  readonly #firstSpread: number;

  constructor(spec: SymbolSpec, older: OlderPrices, first: Tick) {
    this.#spec = spec;
    this.#older = older;
    this.#scale = first.bid / older.bidAt(first.timeMsc);
    this.#firstSpread = this.#spreadOf(first);
    this.#bars = { M1: [], M5: [], M15: [], M30: [], H1: [], H4: [], D1: [] };
    for (const timeframe of TIMEFRAMES) this.#bars[timeframe].push(this.#begunBar(timeframe, first.timeMsc));
    this.add(first);
  }

  /** Takes a tick into the bars of all timeframes. */
  add(tick: Tick): void {
    for (const timeframe of TIMEFRAMES) this.#addTo(this.#bars[timeframe], LENGTH_MS[timeframe], tick);
  }

  /** The newest `count` bars, oldest first. */
  newest(timeframe: Timeframe, count: number): readonly Candle[] {
    const wanted = Math.max(0, Math.min(MOST_BARS, Math.floor(count)));
    const ofTicks = this.#bars[timeframe];
    if (wanted <= ofTicks.length) return ofTicks.slice(ofTicks.length - wanted).map((bar) => ({ ...bar }));
    const lengthMs = LENGTH_MS[timeframe];
    const firstMs = ofTicks[0]?.openedAtMs ?? 0;
    const older = Array.from({ length: wanted - ofTicks.length }, (_, at) => {
      const openedAtMs = firstMs - (wanted - ofTicks.length - at) * lengthMs;
      return this.#drawn(openedAtMs, openedAtMs + lengthMs);
    });
    return [...older, ...ofTicks.map((bar) => ({ ...bar }))];
  }

  #addTo(bars: Bar[], lengthMs: number, tick: Tick): void {
    const openedAtMs = tick.timeMsc - (tick.timeMsc % lengthMs);
    const bar = bars.at(-1);
    // A clock that was set back goes on in the newest bar: bars are never out of order.
    if (bar === undefined || openedAtMs > bar.openedAtMs) {
      bars.push(this.#openedBy(tick, openedAtMs));
      if (bars.length > BARS_KEPT + BARS_SLACK) bars.splice(0, BARS_SLACK);
      return;
    }
    bar.high = Math.max(bar.high, tick.bid);
    bar.low = Math.min(bar.low, tick.bid);
    bar.close = tick.bid;
    bar.tickVolume += 1;
    bar.spreadPoints = Math.min(bar.spreadPoints, this.#spreadOf(tick));
  }

  #openedBy(tick: Tick, openedAtMs: number): Bar {
    const { bid } = tick;
    const spreadPoints = this.#spreadOf(tick);
    return { openedAtMs, open: bid, high: bid, low: bid, close: bid, tickVolume: 1, spreadPoints, realVolume: 0 };
  }

  /** The bar in which the ticks begin: what came before them in it is drawn. */
  #begunBar(timeframe: Timeframe, nowMs: number): Bar {
    const lengthMs = LENGTH_MS[timeframe];
    return this.#drawn(nowMs - (nowMs % lengthMs), nowMs);
  }

  #drawn(fromMs: number, toMs: number): Bar {
    const open = this.#bidAt(fromMs);
    const close = this.#bidAt(toMs);
    let [high, low] = [Math.max(open, close), Math.min(open, close)];
    for (let sample = 1; sample < SAMPLES; sample += 1) {
      const price = this.#bidAt(fromMs + ((toMs - fromMs) * sample) / SAMPLES);
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    const tickVolume = Math.max(1, Math.round((toMs - fromMs) / 250));
    return { openedAtMs: fromMs, open, high, low, close, tickVolume, spreadPoints: this.#firstSpread, realVolume: 0 };
  }

  #bidAt(timeMs: number): number {
    return normalisePrice(this.#older.bidAt(timeMs) * this.#scale, this.#spec.digits);
  }

  #spreadOf(tick: Tick): number {
    return pointsBetween(tick.bid, tick.ask, this.#spec.point);
  }
}
