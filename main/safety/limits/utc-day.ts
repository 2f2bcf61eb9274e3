/** Length of a day in milliseconds. */
export const DAY_MS = 86_400_000;

/** When the day of `nowMs` began, 00:00 UTC; Unix milliseconds. */
export function utcDayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}
