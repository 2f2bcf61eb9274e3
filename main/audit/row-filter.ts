import type { ActorKind, RowType } from './audit-log.ts';
import { type Column, storedText } from './columns.ts';

/** Which rows to list or export; what is absent does not restrict, and what is there must all match. */
export interface RowFilter {
  readonly type?: RowType;
  readonly client?: string;
  readonly actorKind?: ActorKind;
  readonly action?: string;
  readonly symbol?: string;
  readonly status?: string;
  readonly code?: string;
  readonly reqId?: string;
  /** Rows of this time and later, Unix milliseconds. */
  readonly sinceMs?: number;
  /** Rows before this time, Unix milliseconds. */
  readonly untilMs?: number;
}

/** A column that must hold a value. */
export interface Condition {
  readonly column: Column;
  readonly value: string;
}

const FILTER_COLUMNS = {
  reqId: 'req_id',
  type: 'type',
  client: 'actor',
  actorKind: 'actor_kind',
  action: 'action',
  symbol: 'symbol',
  status: 'status',
  code: 'code',
} as const satisfies Record<Exclude<keyof RowFilter, 'sinceMs' | 'untilMs'>, Column>;

/** What the columns must hold for a filter; its times are not among it. */
export function conditionsOf(filter: RowFilter): readonly Condition[] {
  const names = Object.keys(FILTER_COLUMNS) as (keyof typeof FILTER_COLUMNS)[];
  return names.flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [{ column: FILTER_COLUMNS[name], value: storedText(value) }];
  });
}

/** Microseconds of `ts_utc_us` between which rows lie, the end not included. */
export function timesOf({ sinceMs, untilMs }: RowFilter): { readonly sinceUs: number; readonly untilUs: number } {
  return {
    sinceUs: sinceMs === undefined ? Number.MIN_SAFE_INTEGER : Math.round(sinceMs * 1_000),
    untilUs: untilMs === undefined ? Number.MAX_SAFE_INTEGER : Math.round(untilMs * 1_000),
  };
}
