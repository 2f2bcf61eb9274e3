import { type Cell, COLUMNS } from './columns.ts';

/** Formats of an export. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const JSON_KEYS = COLUMNS.map((column, at) => `${at === 0 ? '{' : ','}${JSON.stringify(column)}:`);

/** What stands before the first row: the column names of a CSV (RFC 4180, lines end in CRLF). */
export function exportHeader(format: ExportFormat): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '';
}

/**
 * One row, its cells in column order, as a line. JSONL keeps each value exactly as it stands in the file, so that the
 * chain can be checked from an export; CSV escapes what a spreadsheet would run as a formula.
 */
export function exportLine(format: ExportFormat, cells: readonly Cell[]): string {
  if (format === 'csv') return `${cells.map(csvCell).join(',')}\r\n`;
  let line = '';
  for (const [at, key] of JSON_KEYS.entries()) line += key + JSON.stringify(cells[at] ?? null);
  return `${line}}\n`;
}

/**
 * A value as a CSV cell: empty for null. Text that begins with = + - @ (also in full width), a tab or a line end gets an
 * apostrophe before it, unless it is a negative number and nothing more.
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = startsFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function startsFormula(text: string): boolean {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
}
