import type { Database, Statement } from 'better-sqlite3';
import type { AuditHead, CommandKey } from './audit-log.ts';
import { COLUMNS, type StoredRow, storedText } from './columns.ts';
import { CommandRows } from './command-rows.ts';
import { readHead } from './opened-log.ts';
import { conditionsOf, type RowFilter } from './row-filter.ts';
import { openForReading } from './schema.ts';
import { verifySteps, type VerifyResult } from './verify.ts';

/** Most rows of one page. */
export const MAX_PAGE_ROWS = 10_000;
const EXPORT_PAGE_ROWS = 1_000;

export interface PageRequest extends RowFilter {
  /** Only rows before this one: `next` of the page before. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** Rows newest first; `next` is null when there are no more. */
export interface Page {
  readonly rows: readonly StoredRow[];
  readonly next: number | null;
}

/** What to show: one row by its number, or a command by its `req_id` (and client, where several used that id). */
export type ShowRequest = { readonly seq: number } | { readonly reqId: string; readonly client?: string };

export type Shown =
  /** `history`: all rows of the same command, oldest first; the row alone where it belongs to none. */
  | { readonly kind: 'row'; readonly row: StoredRow; readonly history: readonly StoredRow[] }
  /** Several clients used that `req_id`. */
  | { readonly kind: 'several'; readonly clients: readonly string[] }
  | { readonly kind: 'absent' };

/** Reads the log on a read-only connection of its own: beside the writer, or without one. Synchronous: for a worker or a command. */
export class AuditReader {
  readonly #db: Database;
  readonly #commands: CommandRows;
  readonly #prepared = new Map<string, Statement<(string | number)[], StoredRow>>();

  /** Throws where the file is missing or no audit log. */
  constructor(file: string) {
    this.#db = openForReading(file);
    this.#commands = new CommandRows(this.#db);
  }

  head(): AuditHead {
    return readHead(this.#db);
  }

  /** A page of rows, newest first: a range of an index, however long the log is. */
  list({ beforeSeq, limit, ...filter }: PageRequest): Page {
    const { sql, values } = conditionsOf(filter);
    const before = beforeSeq === undefined ? [] : ['seq < ?'];
    const wanted = Math.min(limit, MAX_PAGE_ROWS);
    const rows = this.#select([...sql, ...before], 'DESC').all(
      ...values,
      ...(beforeSeq === undefined ? [] : [beforeSeq]),
      wanted + 1,
    );
    const page = rows.slice(0, wanted);
    return { rows: page, next: rows.length > wanted ? (page.at(-1)?.seq ?? null) : null };
  }

  show(request: ShowRequest): Shown {
    return 'seq' in request ? this.#showRow(request.seq) : this.#showCommand(request);
  }

  /** Pages of the rows that match, oldest first, up to the head at the time of the call. */
  *exportPages(filter: RowFilter): Generator<readonly StoredRow[]> {
    const { sql, values } = conditionsOf(filter);
    const upTo = this.head().seq;
    const statement = this.#select([...sql, 'seq > ?', 'seq <= ?'], 'ASC');
    let after = 0;
    for (;;) {
      const rows = statement.all(...values, after, upTo, EXPORT_PAGE_ROWS);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < EXPORT_PAGE_ROWS) return;
      after = last.seq;
    }
  }

  /** Checks the whole chain in steps; each gives the row up to which it holds. `witness` is a head that was noted elsewhere. */
  verifySteps(witness?: AuditHead): Generator<AuditHead, VerifyResult> {
    return verifySteps(this.#db, witness);
  }

  close(): void {
    this.#db.close();
  }

  #showRow(seq: number): Shown {
    const row = this.#select(['seq = ?'], 'ASC').get(seq, 1);
    if (row === undefined) return { kind: 'absent' };
    const key = row.req_id === null ? null : { client: row.actor, reqId: row.req_id };
    return { kind: 'row', row, history: key === null ? [row] : this.#commands.rowsOf(key) };
  }

  #showCommand({ reqId, client }: { readonly reqId: string; readonly client?: string }): Shown {
    const clients = client === undefined ? this.#clientsOf(reqId) : [client];
    const [only] = clients;
    if (clients.length > 1) return { kind: 'several', clients };
    return only === undefined ? { kind: 'absent' } : this.#showKey({ client: only, reqId });
  }

  #showKey(key: CommandKey): Shown {
    const history = this.#commands.rowsOf(key);
    const row = history.find(({ claim }) => claim === 1) ?? history[0];
    return row === undefined ? { kind: 'absent' } : { kind: 'row', row, history };
  }

  #clientsOf(reqId: string): string[] {
    const sql = 'SELECT DISTINCT actor FROM audit WHERE req_id = ? ORDER BY actor';
    return this.#db.prepare<[string], string>(sql).pluck().all(storedText(reqId));
  }

  #select(conditions: readonly string[], order: 'ASC' | 'DESC'): Statement<(string | number)[], StoredRow> {
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${COLUMNS.join(', ')} FROM audit ${where} ORDER BY seq ${order} LIMIT ?`;
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<(string | number)[], StoredRow>(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
