import { COLUMNS, type Cell, type StoredRow } from './columns.ts';

/** Formats of an export. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What stands before the first row: the column names of a CSV (RFC 4180, lines end in CRLF). */
export function exportHeader(format: ExportFormat): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '';
}

/**
 * One row as a line. JSONL keeps each value exactly as it stands in the file, so that the chain can be checked from an
 * export; CSV escapes what a spreadsheet would run as a formula.
 */
export function exportLine(format: ExportFormat, row: StoredRow): string {
  if (format === 'jsonl') return `${JSON.stringify(row)}\n`;
  return `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
}

/** A value as a CSV cell: empty for null; text that begins with = + - @, a tab or a carriage return gets an apostrophe before it. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
