import type { Database } from 'better-sqlite3';
import { type Cell, COLUMNS, type StoredRow, storedText } from './columns.ts';
import { CommandRows } from './command-rows.ts';
import type { CommandKey } from './audit-log.ts';
import { conditionsOf, type RowFilter, timesOf } from './row-filter.ts';
import { RowSearch } from './row-search.ts';
import { openForReading } from './schema.ts';

/** The rows of one file of the log, on a read-only connection of its own. Everything throws what SQLite throws. */
export class SegmentRows {
  readonly db: Database;
  readonly search: RowSearch;
  readonly #commands: CommandRows;

  /** Opens the file; throws where it is missing or no audit log. */
  constructor(file: string) {
    this.db = openForReading(file);
    this.search = new RowSearch(this.db);
    this.#commands = new CommandRows(this.db);
  }

  /** Number of the first row, null where there is none. */
  firstSeq(): number | null {
    return this.db.prepare<[], number | null>('SELECT min(seq) FROM audit').pluck().get() ?? null;
  }

  /** Number of the last row, 0 where there is none. */
  lastSeq(): number {
    return this.db.prepare<[], number | null>('SELECT max(seq) FROM audit').pluck().get() ?? 0;
  }

  row(seq: number): StoredRow | undefined {
    return this.db.prepare<[number], StoredRow>(`SELECT ${COLUMNS.join(', ')} FROM audit WHERE seq = ?`).get(seq);
  }

  /** All rows that carry a key, oldest first. */
  rowsOf(key: CommandKey): readonly StoredRow[] {
    return this.#commands.rowsOf(key);
  }

  /** Who used a `req_id`. */
  clientsOf(reqId: string): readonly string[] {
    const sql = 'SELECT DISTINCT actor FROM audit WHERE req_id = ?';
    return this.db.prepare<[string], string>(sql).pluck().all(storedText(reqId));
  }

  /** The oldest `limit` rows of a range that match, cells in column order. Looks at the time of every row. */
  oldest(filter: RowFilter, fromSeq: number, toSeq: number, limit: number): readonly Cell[][] {
    const conditions = conditionsOf(filter);
    const { sinceUs, untilUs } = timesOf(filter);
    const where = ['seq BETWEEN ? AND ?', 'ts_utc_us >= ?', 'ts_utc_us < ?', ...conditions.map(equals)].join(' AND ');
    const values = [fromSeq, toSeq, sinceUs, untilUs, ...conditions.map(({ value }) => value), limit];
    return this.db
      .prepare<unknown[], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit WHERE ${where} ORDER BY seq LIMIT ?`)
      .raw()
      .all(...values);
  }

  close(): void {
    this.db.close();
  }
}

const equals = ({ column }: { readonly column: string }) => `${column} = ?`;
