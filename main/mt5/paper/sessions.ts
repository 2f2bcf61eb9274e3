const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970 was a Thursday: Friday 22:00 UTC, from the start of such a week. */
const CLOSES_MS = DAY_MS + 22 * 3_600_000;
/** Sunday 22:00 UTC. */
const OPENS_MS = CLOSES_MS + 2 * DAY_MS;

/** Whether forex and metals pause at this Unix time in milliseconds: from Friday to Sunday, 22:00 UTC. */
export function isWeekend(timeMs: number): boolean {
  const inWeek = timeMs % WEEK_MS;
  return inWeek >= CLOSES_MS && inWeek < OPENS_MS;
}

/** When the pause that this time lies in ends, Unix milliseconds. */
export function endOfWeekend(timeMs: number): number {
  return timeMs - (timeMs % WEEK_MS) + OPENS_MS;
}
