import type { RowType } from './audit-log.ts';
import type { Column } from './columns.ts';

/** Which rows to list or export; what is absent does not restrict. */
export interface RowFilter {
  readonly type?: RowType;
  readonly client?: string;
  readonly action?: string;
  readonly symbol?: string;
  readonly status?: string;
  readonly code?: string;
  readonly reqId?: string;
}

const FILTER_COLUMNS = {
  type: 'type',
  client: 'actor',
  action: 'action',
  symbol: 'symbol',
  status: 'status',
  code: 'code',
  reqId: 'req_id',
} as const satisfies Record<keyof RowFilter, Column>;

/** SQL conditions of a filter and the values of their places, in order. */
export function conditionsOf(filter: RowFilter): { readonly sql: readonly string[]; readonly values: string[] } {
  const names = (Object.keys(FILTER_COLUMNS) as (keyof RowFilter)[]).filter((name) => filter[name] !== undefined);
  return {
    sql: names.map((name) => `${FILTER_COLUMNS[name]} = ?`),
    values: names.map((name) => filter[name] ?? ''),
  };
}
