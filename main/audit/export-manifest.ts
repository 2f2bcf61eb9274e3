import type { JsonObject } from '../protocol/json-value.ts';
import type { AuditHead } from './audit-log.ts';
import type { Exported, ExportRequest } from './export-rows.ts';

/** Who exported when, from which state of the log. `file` is null for an export to the standard output. */
export interface ExportOrigin {
  readonly file: string | null;
  /** Last row of the log when the export began. */
  readonly head: AuditHead;
  readonly appVersion: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** What an export is: stands beside its file as JSON, and in the log as the EXPORTED row. */
export function exportManifest(request: ExportRequest, exported: Exported, origin: ExportOrigin): JsonObject {
  const { file, head, appVersion, nowMs } = origin;
  return {
    form: 1,
    file,
    format: request.format,
    filter: filterData(request),
    masked: request.isMasked,
    rows: exported.rows,
    first_seq: exported.firstSeq,
    last_seq: exported.lastSeq,
    bytes: exported.bytes,
    sha256: exported.sha256,
    head: { seq: head.seq, hash: head.hash },
    gaps: exported.gaps,
    app_version: appVersion,
    exported_at: new Date(nowMs).toISOString(),
  };
}

/** The filter under the names of the command line; times in ISO 8601. */
function filterData({ filter }: ExportRequest): JsonObject {
  const { sinceMs, untilMs, client, actorKind, reqId, ...others } = filter;
  const named = {
    ...others,
    client,
    by: actorKind,
    req: reqId,
    since: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    until: untilMs === undefined ? undefined : new Date(untilMs).toISOString(),
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}
