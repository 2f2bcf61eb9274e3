import { latticeRandom, seedFor } from './random.ts';

const SHORTEST_MS = 250;
const OCTAVES = 25;
const DAY_MS = 86_400_000;

/**
 * The middle price of a symbol as a function of time: a random walk made of noise at 25 periods from a quarter of a second
 * to seven weeks, each as wide as a walk spreads in that time. The same seed gives the same price at the same moment, so
 * that prices go on after a restart and bars of any age can be drawn, and it never wanders off to nothing.
 */
export class PricePath {
  readonly #base: number;
  readonly #octaves: readonly Octave[];

  /** `dailyMove` is the usual move of one day, as a share of the price. */
  constructor(seed: number, symbol: string, base: number, dailyMove: number) {
    this.#base = base;
    this.#octaves = Array.from({ length: OCTAVES }, (_, level) =>
      octave(seedFor(seed, `${symbol}/${level}`), level, dailyMove),
    );
  }

  /** The price at a Unix time in milliseconds, not rounded. */
  at(timeMs: number): number {
    let share = 0;
    for (const { seed, periodMs, offsetMs, width } of this.#octaves) {
      const place = (timeMs + offsetMs) / periodMs;
      const index = Math.floor(place);
      const before = latticeRandom(seed, index);
      share += width * (before + smooth(place - index) * (latticeRandom(seed, index + 1) - before) - 0.5);
    }
    return this.#base * Math.exp(share);
  }
}

interface Octave {
  readonly seed: number;
  readonly periodMs: number;
  readonly offsetMs: number;
  readonly width: number;
}

function octave(seed: number, level: number, dailyMove: number): Octave {
  const periodMs = SHORTEST_MS * 2 ** level;
  // Shifted against each other, so that the periods never turn all at once.
  const offsetMs = periodMs * latticeRandom(seed, -1);
  return { seed, periodMs, offsetMs, width: 2 * dailyMove * Math.sqrt(periodMs / DAY_MS) };
}

function smooth(part: number): number {
  return part * part * (3 - 2 * part);
}
