import { join } from 'node:path';
import type { StoredRow } from '../../audit/columns.ts';
import { manifestOf } from '../../audit/export-file.ts';
import type { AuditQueries } from '../../audit/open-audit-reader.ts';
import type { RowFilter } from '../../audit/row-filter.ts';
import type { Clock } from '../../clock.ts';
import type { ControlHandlers, ControlInput, ControlOutput } from '../contract.ts';
import type { RecordOperator } from '../operator-row.ts';
import { auditRowSchema } from '../schemas/audit.ts';
import type { Verification } from '../verification.ts';

/** Folder of the exports, in the data folder. */
export const EXPORT_FOLDER = 'exports';

export interface AuditPorts {
  readonly clock: Clock;
  readonly reader: Pick<AuditQueries, 'list' | 'show' | 'export'>;
  readonly verification: Verification;
  readonly record: RecordOperator;
  readonly dataDir: string;
  readonly version: string;
}

/** The calls about the audit log. All of its reading is done in a worker. */
export type AuditHandlers = Pick<ControlHandlers, 'auditPage' | 'auditShow' | 'auditVerify' | 'auditExport'>;

type Row = ControlOutput<'auditPage'>['rows'][number];
type Format = ControlInput<'auditExport'>['format'];

/** Makes the calls about the audit log. */
export function auditHandlers({ clock, reader, verification, record, dataDir, version }: AuditPorts): AuditHandlers {
  const folder = join(dataDir, EXPORT_FOLDER);
  const nameOf = exportNames();
  let lastExport: Promise<unknown> = Promise.resolve();

  const writeExport = async ({ filter, format }: ControlInput<'auditExport'>, by: string) => {
    const nowMs = clock.nowMs();
    const request = { format, filter: rowFilter(filter), isMasked: false };
    const file = nameOf(nowMs, format);
    const done = await reader.export({ request, folder, file, appVersion: version, nowMs });
    await record('EXPORTED', done.manifest, by);
    const { rows, bytes, sha256, gaps } = done;
    return { file, manifest_file: manifestOf(file), folder, rows, bytes, sha256, gaps: [...gaps] };
  };

  return {
    auditPage: async ({ filter, before_seq: beforeSeq, limit }) => {
      const before = beforeSeq === undefined ? {} : { beforeSeq };
      const { rows, next, gaps } = await reader.list({ ...rowFilter(filter), ...before, limit });
      return { rows: rows.map(rowView), next, gaps: [...gaps] };
    },
    auditShow: async ({ seq }) => {
      const shown = await reader.show({ seq });
      if (shown.kind !== 'row') return { found: false };
      return { found: true, row: rowView(shown.row), history: shown.history.map(rowView) };
    },
    auditVerify: (_, by) => verification.verify(by),
    auditExport: (input, by) => {
      const written = lastExport.then(() => writeExport(input, by));
      lastExport = written.catch(() => {});
      return written;
    },
  };
}

/** The filter under the names of the log's own. */
function rowFilter({ by, req, since_ms, until_ms, ...named }: ControlInput<'auditPage'>['filter']): RowFilter {
  return withoutAbsent({ ...named, actorKind: by, reqId: req, sinceMs: since_ms, untilMs: until_ms });
}

function withoutAbsent(filter: { readonly [K in keyof RowFilter]: RowFilter[K] | undefined }): RowFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Without the columns that only the chain needs. */
function rowView(row: StoredRow): Row {
  return auditRowSchema.parse(row);
}

/** Names by the time of the export, each used once. */
function exportNames(): (nowMs: number, format: Format) => string {
  let lastMs = 0;
  return (nowMs, format) => {
    lastMs = Math.max(lastMs + 1, Math.floor(nowMs));
    const stamp = new Date(lastMs).toISOString().replaceAll(/[-:]/g, '');
    return `audit-${stamp}.${format}`;
  };
}
