import { COLUMNS, type StoredRow } from './columns.ts';

/** Width that tables for people fit in, in characters. */
export const TABLE_WIDTH = 120;

interface TextColumn {
  readonly title: string;
  readonly maxWidth: number;
  readonly of: (row: StoredRow) => string;
}

const LIST_COLUMNS: readonly TextColumn[] = [
  { title: 'ROW', maxWidth: 9, of: (row) => String(row.seq) },
  { title: 'TIME (UTC)', maxWidth: 23, of: (row) => timeText(row.ts_utc_us) },
  { title: 'TYPE', maxWidth: 16, of: (row) => row.type },
  { title: 'CLIENT', maxWidth: 14, of: (row) => row.actor },
  { title: 'ACTION', maxWidth: 15, of: (row) => row.action ?? '' },
  { title: 'SYMBOL', maxWidth: 9, of: (row) => row.symbol ?? '' },
  { title: 'STATUS', maxWidth: 11, of: (row) => row.status ?? '' },
  { title: 'DETAILS', maxWidth: TABLE_WIDTH, of: details },
];

/** Rows as a table of at most TABLE_WIDTH columns, one line a row. */
export function rowTable(rows: readonly StoredRow[]): string {
  const lines = rows.map((row) => LIST_COLUMNS.map((column) => printable(column.of(row))));
  const widths = LIST_COLUMNS.map(({ title, maxWidth }, at) =>
    Math.min(maxWidth, Math.max(title.length, ...lines.map((cells) => cells[at]?.length ?? 0))),
  );
  const header = LIST_COLUMNS.map(({ title }) => title);
  return [header, ...lines].map((cells) => `${tableLine(cells, widths)}\n`).join('');
}

/** Every value of a row that is not empty, a line each. */
export function rowFields(row: StoredRow): string {
  const width = Math.max(...COLUMNS.map((name) => name.length));
  return COLUMNS.filter((name) => row[name] !== null)
    .map((name) => `${name.padEnd(width)}  ${fieldText(row, name)}\n`)
    .join('');
}

/** Text of a client, as it may be written to a terminal: control characters and direction marks become visible. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

function tableLine(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, at) => cut(cell, widths[at] ?? 0).padEnd(widths[at] ?? 0));
  return cut(padded.join('  ').trimEnd(), TABLE_WIDTH);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function details(row: StoredRow): string {
  const trade = [row.side, row.volume, row.price === null ? null : `@ ${row.price}`].filter((part) => part !== null);
  const ticket = row.ticket === null ? null : `#${row.ticket}`;
  return [row.code, trade.length > 0 ? trade.join(' ') : null, ticket, row.reason]
    .filter((part) => part !== null)
    .join(' · ');
}

function fieldText(row: StoredRow, name: keyof StoredRow): string {
  const value = row[name];
  if (name === 'ts_utc_us') return `${String(value)}  (${timeText(row.ts_utc_us)} UTC)`;
  return printable(String(value));
}

function timeText(tsUtcUs: number): string {
  const date = new Date(tsUtcUs / 1000);
  return Number.isNaN(date.getTime()) ? String(tsUtcUs) : date.toISOString().replace('T', ' ').slice(0, 23);
}
