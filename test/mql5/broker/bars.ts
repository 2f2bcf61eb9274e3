import { pointsBetween } from './market.ts';
import type { Venue } from './venue.ts';

/** MqlRates. `timeS` is the bar's start in the server's time, in seconds. */
export interface Bar {
  readonly timeS: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly tickVolume: number;
  readonly spreadPoints: number;
  readonly realVolume: number;
}

const MAX_BARS = 100_000;
const HOUR_FLAG = 0x4000;
/** ENUM_TIMEFRAMES from M1 to D1: minutes, and hours with a flag. */
const TIMEFRAMES = new Set([
  1,
  2,
  3,
  4,
  5,
  6,
  10,
  12,
  15,
  20,
  30,
  ...[1, 2, 3, 4, 6, 8, 12, 24].map((h) => HOUR_FLAG + h),
]);

/** Seconds of a bar; null for what is no timeframe. */
export function periodOf(timeframe: number): number | null {
  if (!TIMEFRAMES.has(timeframe)) return null;
  return timeframe >= HOUR_FLAG ? (timeframe - HOUR_FLAG) * 3_600 : timeframe * 60;
}

/** The newest `count` bars, oldest first, the last still forming: made up, the same ones for the same price and time. */
export function barsOf(venue: Venue, name: string, periodS: number, count: number): readonly Bar[] {
  const last = Math.floor(venue.nowMsc() / 1_000 / periodS);
  const length = Math.max(0, Math.min(Math.trunc(count), MAX_BARS));
  return Array.from({ length }, (_, index) => barAt(venue, name, periodS, last - length + 1 + index, last));
}

function barAt(venue: Venue, name: string, periodS: number, index: number, last: number): Bar {
  const symbol = venue.market.symbol(name);
  const { bid, ask } = venue.market.quote(name);
  const closeAt = (bar: number): number => (bar === last ? bid : bid + wobble(bar) * symbol.tickSize);
  const price = (value: number): number => Number(value.toFixed(symbol.digits));
  const open = closeAt(index - 1);
  const close = closeAt(index);
  const wick = (index % 5) * symbol.tickSize;
  return {
    timeS: index * periodS,
    open: price(open),
    high: price(Math.max(open, close) + wick),
    low: price(Math.min(open, close) - wick),
    close: price(close),
    tickVolume: 100 + (index % 50),
    spreadPoints: pointsBetween(bid, ask, symbol),
    realVolume: 0,
  };
}

// Whole ticks from -20 to 20, a slow wave: no bar is like its neighbour.
function wobble(index: number): number {
  return Math.round(20 * Math.sin(index * 0.7));
}
