import type { Database } from 'better-sqlite3';
import type { AuditHead } from './audit-log.ts';
import { rowHash } from './chain.ts';
import { type Cell, COLUMNS, type Column, HASHED_COLUMNS } from './columns.ts';
import { openForReading } from './schema.ts';

/** What the rows of one file are, as its manifest says it. Times in Unix milliseconds. */
export interface SegmentSurvey {
  /** The row before the first. */
  readonly base: AuditHead;
  readonly head: AuditHead;
  readonly rows: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Looks at the first and the last row and counts; null for a file without rows. Throws what SQLite throws. */
export function surveyRows(db: Database): SegmentSurvey | null {
  const [first, last] = ['seq', 'seq DESC'].map((order) => endRow(db, order));
  if (first === undefined || last === undefined) return null;
  return {
    base: { seq: numberIn(first, 'seq') - 1, hash: textIn(first, 'prev_hash') },
    head: { seq: numberIn(last, 'seq'), hash: textIn(last, 'hash') },
    rows: db.prepare<[], number>('SELECT count(*) FROM audit').pluck().get() ?? 0,
    fromMs: numberIn(first, 'ts_utc_us') / 1000,
    toMs: numberIn(last, 'ts_utc_us') / 1000,
  };
}

/** What can still be read of a damaged file; null where that is nothing, or its last row is not what was written. */
export function surveyDamaged(file: string): SegmentSurvey | null {
  try {
    const db = openForReading(file);
    try {
      const last = endRow(db, 'seq DESC');
      return last !== undefined && isAsWritten(last) ? surveyRows(db) : null;
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

function endRow(db: Database, order: string): Cell[] | undefined {
  return db
    .prepare<[], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit ORDER BY ${order} LIMIT 1`)
    .raw()
    .get();
}

function isAsWritten(cells: readonly Cell[]): boolean {
  return textIn(cells, 'hash') === rowHash(textIn(cells, 'prev_hash'), cells.slice(0, HASHED_COLUMNS));
}

function numberIn(cells: readonly Cell[], column: Column): number {
  return Number(cells[COLUMNS.indexOf(column)]);
}

function textIn(cells: readonly Cell[], column: Column): string {
  return String(cells[COLUMNS.indexOf(column)]);
}
