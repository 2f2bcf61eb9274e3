import { sharedMs } from './worker-tasks.ts';

/** The stamp begins anew after so many microseconds: a number that a tick's volume carries at the usual cost. */
const PERIOD_US = 10_000_000;

/** The time that all processes of the machine share, in whole microseconds, modulo ten seconds. */
export function microsecondStamp(): number {
  return Math.floor(sharedMs() * 1000) % PERIOD_US;
}

/** Milliseconds since a stamp of the last ten seconds was made. */
export function sinceStampMs(stamp: number): number {
  return ((microsecondStamp() - stamp + PERIOD_US) % PERIOD_US) / 1000;
}
