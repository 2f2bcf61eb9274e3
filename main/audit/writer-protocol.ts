import type { AuditHead, OpenedLog } from './audit-log.ts';
import type { RowStamp } from './columns.ts';
import type { MonthReport } from './live-log.ts';
import type { Operation } from './operation.ts';
import type { BatchResult } from './writer.ts';

/** `workerData` of the writer. */
export interface WriterSettings {
  readonly dataDir: string;
  readonly stamp: RowStamp;
}

/** To the writer: what was called in one turn of the event loop, or the end. */
export type ToWriter = { readonly kind: 'run'; readonly operations: readonly Operation[] } | { readonly kind: 'stop' };

/**
 * From the writer: first how opening went, then one answer a batch, its results in the order of the calls; between batches
 * what became of a month's file.
 */
export type FromWriter =
  | { readonly kind: 'opened'; readonly opened: OpenedLog; readonly head: AuditHead }
  | { readonly kind: 'failed'; readonly message: string }
  | ({ readonly kind: 'ran' } & BatchResult)
  | MonthReport;
