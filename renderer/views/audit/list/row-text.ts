import { type Format, useFormat } from '../../../preferences/format.ts';
import type { Token } from '../filter/tokens.ts';
import type { AuditRow } from './row-pages.ts';

/** How much a row wants to be seen. */
export type RowTone = 'quiet' | 'refused' | 'failed' | 'unknown' | 'halt';

const HALTS: ReadonlySet<AuditRow['type']> = new Set([
  'KILL_TRIGGER',
  'KILL_INTENT',
  'KILL_LATCHED',
  'TOKEN_REMOVED',
  'FLATTEN_STARTED',
  'FLATTEN_BLOCKED',
]);
const REFUSALS: ReadonlySet<AuditRow['type']> = new Set(['REFUSED', 'RESUME_REFUSED', 'CLIENT_REFUSED', 'FENCED']);

export function toneOf({ type, status, code }: AuditRow): RowTone {
  if (HALTS.has(type)) return 'halt';
  if (REFUSALS.has(type)) return 'refused';
  if (status === 'UNKNOWN') return 'unknown';
  return code !== null || status === 'FAILED' || status === 'BLOCKED' ? 'failed' : 'quiet';
}

/** Whether a row is about a command, a ticket or their outcome: if not, what it says takes that place. */
export function hasSubject(row: AuditRow): boolean {
  return [row.action, row.symbol, row.side, row.volume, row.ticket, row.status, row.code].some(
    (value) => value !== null,
  );
}

/** What a row says: its reason, else its details. */
export function saidIn({ reason, payload }: AuditRow): string {
  return reason ?? payload ?? '';
}

export function whoToken({ actor_kind: kind, actor }: AuditRow): Token {
  return kind === 'client' ? { key: 'client', value: actor } : { key: 'by', value: kind };
}

/** `2026-11-27 14:02:31.123`, in the zone of the preferences. */
export function timeText(tsUtcUs: number, format: Format): string {
  const ms = Math.floor(tsUtcUs / 1_000);
  const part = String(((ms % 1_000) + 1_000) % 1_000).padStart(3, '0');
  return `${format.time(ms)}.${part}`;
}

/** The time of a row as text. */
export function useTimeText(): (tsUtcUs: number) => string {
  const format = useFormat();
  return (tsUtcUs) => timeText(tsUtcUs, format);
}
