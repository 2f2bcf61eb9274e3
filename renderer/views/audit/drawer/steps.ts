import type { AuditRow } from '../list/row-pages.ts';

/** A row of a command with how long it came after the one before, in microseconds; null for the first. */
export interface Step {
  readonly row: AuditRow;
  readonly spanUs: number | null;
}

/** A part of the way of a command, in microseconds. */
export interface LatencyPart {
  readonly name: 'queue' | 'commit' | 'terminal' | 'rest';
  readonly us: number;
}
export interface Latency {
  readonly parts: readonly LatencyPart[];
  readonly totalUs: number;
}

/** States after which a command has more rows to come. */
const UNSETTLED: ReadonlySet<string | null> = new Set(['ACCEPTED', 'DISPATCHING', 'UNKNOWN']);

/** Rows of a command, oldest first, as steps. Within a session the monotonic clock counts: the other can be set. */
export function stepsOf(history: readonly AuditRow[]): readonly Step[] {
  return history.map((row, at) => {
    const before = history[at - 1];
    if (before === undefined) return { row, spanUs: null };
    const isSameRun = before.session === row.session;
    return { row, spanUs: isSameRun ? row.ts_mono_us - before.ts_mono_us : row.ts_utc_us - before.ts_utc_us };
  });
}

/** Where the time of a command went; null where it was not measured. */
export function latencyOf(history: readonly AuditRow[]): Latency | null {
  const text = history.findLast(({ latency_us: latency }) => latency !== null)?.latency_us;
  const measured = text == null ? null : numbersOf(text);
  if (measured === null) return null;
  const [queue = 0, commit = 0, terminal = 0, total = 0] = ['queue', 'commit', 'terminal', 'total'].map(
    (name) => measured[name] ?? 0,
  );
  const rest = Math.max(0, total - queue - commit - terminal);
  const parts = [
    { name: 'queue', us: queue },
    { name: 'commit', us: commit },
    { name: 'terminal', us: terminal },
    { name: 'rest', us: rest },
  ] as const;
  return { parts, totalUs: total };
}

/** Whether more rows of a command may come. */
export function isUnsettled(history: readonly AuditRow[]): boolean {
  return UNSETTLED.has(history.findLast(({ status }) => status !== null)?.status ?? null);
}

function numbersOf(text: string): Readonly<Record<string, number>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return null;
  }
}
