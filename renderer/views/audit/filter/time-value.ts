import type { Preferences } from '../../../preferences/preferences.tsx';

type Zone = Preferences['zone'];

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const AGO = /^(\d{1,6})([smhd])$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?(Z?)$/;

/** How times are written, for hints: so long ago, a day, a time. */
export const TIME_EXAMPLES = ['15m', '2h', '7d', '2026-11-27', '2026-11-27T10:00'] as const;

/**
 * Unix milliseconds of `2h` ago (s, m, h, d), or of a day or time of `zone`; a `Z` at its end makes it UTC. Null for
 * everything else, also for days that no month has.
 */
export function timeOf(text: string, zone: Zone, nowMs: number): number | null {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  const [whole, ...parts] = MOMENT.exec(text) ?? [];
  if (whole === undefined) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part || 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // A date that does not exist rolls over into another one.
  const isReal = new Date(asUtc).toISOString().startsWith(`${whole.slice(0, 10)}T`) && hour < 24 && minute < 60;
  if (!isReal || second > 59) return null;
  const isUtc = zone === 'utc' || parts[6] === 'Z';
  return isUtc ? asUtc : new Date(year, month - 1, day, hour, minute, second).getTime();
}
