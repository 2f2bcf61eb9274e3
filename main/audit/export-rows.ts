import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exportHeader, exportLine, type ExportFormat } from './export-format.ts';
import { maskedRow } from './mask.ts';
import type { AuditReader } from './reader.ts';
import type { RowFilter } from './row-filter.ts';

/** What to export, and how. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly filter: RowFilter;
  /** Without the account's number and money. */
  readonly isMasked: boolean;
}

/** What was written. */
export interface Exported {
  readonly rows: number;
  /** Numbers of the first and the last row, null where there was none. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  readonly bytes: number;
  /** Of all that was written, in hex. */
  readonly sha256: string;
  /** What could not be read, a sentence each. */
  readonly gaps: readonly string[];
}

/**
 * Writes the rows that match, oldest first, a page at a time: `write` resolves when there is room for more, so a slow
 * taker holds the reading up and nothing piles up in memory. Rejects as `write` does.
 */
export async function exportRows(
  reader: AuditReader,
  { format, filter, isMasked }: ExportRequest,
  write: (text: string) => Promise<void>,
): Promise<Exported> {
  const sum = createHash('sha256');
  const gaps: string[] = [];
  let [rows, bytes] = [0, 0];
  let firstSeq: number | null = null;
  let lastSeq: number | null = null;
  const put = async (text: string) => {
    sum.update(text);
    bytes += Buffer.byteLength(text);
    await write(text);
  };
  if (exportHeader(format) !== '') await put(exportHeader(format));
  for (const page of reader.exportPages(filter, gaps)) {
    await put(page.map((cells) => exportLine(format, isMasked ? maskedRow(cells) : cells)).join(''));
    rows += page.length;
    firstSeq ??= Number(page[0]?.[0]);
    lastSeq = Number(page.at(-1)?.[0]);
    await nextTurn();
  }
  return { rows, firstSeq, lastSeq, bytes, sha256: sum.digest('hex'), gaps };
}
