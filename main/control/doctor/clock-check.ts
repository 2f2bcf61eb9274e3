import { good, note, unchecked, wrong, type Check } from './check.ts';

/** Clocks that differ by less are as good as the same, in milliseconds. */
const TOLERANCE_MS = 60_000;
/** Every server's offset from UTC is a multiple of this. */
const QUARTER_MS = 15 * 60_000;
const SET_CLOCK = 'let this machine take its time from the network (Windows: Settings > Time & language > Sync now)';

/**
 * This machine's clock against the newest tick, whose time is the server's less its offset from UTC. A tick from the
 * future tells of a wrong clock or a wrong offset; an old one may only tell that the market is closed.
 */
export function clockCheck(newestTickMs: number | null, nowMs: number): Check {
  const link = 'Clock';
  if (newestTickMs === null || newestTickMs <= 0) return unchecked(link, 'no tick has come yet');
  const aheadMs = newestTickMs - nowMs;
  if (Math.abs(aheadMs) <= TOLERANCE_MS) return good(link, `within ${TOLERANCE_MS / 1000} s of the server's`);
  if (aheadMs < 0) {
    return note(link, `the newest tick is ${inWords(-aheadMs)} old: the market is closed, or this clock is ahead`);
  }
  if (isWholeQuarters(aheadMs)) {
    const cure = 'start MetaTrader again while the market is open, and look at the time zone of this machine';
    return wrong(link, `ticks are ${inWords(aheadMs)} ahead: the server's offset from UTC was taken wrongly`, cure);
  }
  return wrong(link, `this clock is ${inWords(aheadMs)} behind the server's`, SET_CLOCK);
}

function isWholeQuarters(ms: number): boolean {
  const rest = ms % QUARTER_MS;
  return Math.min(rest, QUARTER_MS - rest) <= TOLERANCE_MS;
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
