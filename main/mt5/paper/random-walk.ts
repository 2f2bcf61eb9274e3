import type { Tick } from '../market.ts';
import { normalisePrice } from '../price.ts';
import type { PaperSymbol } from './paper-symbols.ts';
import { PricePath } from './price-path.ts';
import { randomStream, seedFor } from './random.ts';

/** MT5's TICK_FLAG bits. */
export const TICK_BID = 2;
export const TICK_ASK = 4;
/** Spreads between the narrowest and this many times as wide. */
const SPREAD_RANGE = 0.5;

/** Prices of one symbol that move by themselves. */
export class RandomWalk {
  readonly #symbol: PaperSymbol;
  readonly #path: PricePath;
  readonly #random: () => number;
  #last: Tick | null = null;

  constructor(seed: number, symbol: PaperSymbol) {
    this.#symbol = symbol;
    this.#path = new PricePath(seed, symbol.spec.name, symbol.startPrice, symbol.dailyMove);
    this.#random = randomStream(seedFor(seed, symbol.spec.name));
  }

  /** How long until the next tick, in milliseconds, at `meanMs` on average. */
  nextGapMs(meanMs: number): number {
    return meanMs * (0.25 + 1.5 * this.#random());
  }

  /** The tick of a moment. A tick always differs from the one before it. */
  tickAt(timeMs: number): Tick {
    const { spec, spreadPoints } = this.#symbol;
    const middle = this.#path.at(timeMs);
    const widening = Math.floor(this.#random() * (1 + spreadPoints * SPREAD_RANGE));
    const bid = normalisePrice(middle - (spreadPoints / 2) * spec.point, spec.digits);
    let ask = normalisePrice(bid + (spreadPoints + widening) * spec.point, spec.digits);
    if (bid === this.#last?.bid && ask === this.#last.ask) ask = normalisePrice(ask + spec.point, spec.digits);
    const flags = flagsOf(this.#last, bid, ask);
    this.#last = { symbol: spec.name, bid, ask, last: 0, volume: 0, timeMsc: Math.floor(timeMs), flags };
    return this.#last;
  }

  /** The bid of a moment in the past or present, without the haphazards of single ticks: what older bars are drawn from. */
  bidAt(timeMs: number): number {
    const { spec, spreadPoints } = this.#symbol;
    return normalisePrice(this.#path.at(timeMs) - (spreadPoints / 2) * spec.point, spec.digits);
  }
}

/** Which of bid and ask changed, as MT5's flags. */
export function flagsOf(before: Tick | null, bid: number, ask: number): number {
  return (before?.bid === bid ? 0 : TICK_BID) | (before?.ask === ask ? 0 : TICK_ASK);
}
