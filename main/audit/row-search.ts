import type { Database, Statement } from 'better-sqlite3';
import { type Column, COLUMNS, type StoredRow } from './columns.ts';
import type { Condition } from './row-filter.ts';
import { RARE_ACTOR_KIND } from './schema.ts';

/** Rows to look for in one file: those of a range of numbers, both ends included, that meet every condition. */
export interface Search {
  readonly conditions: readonly Condition[];
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly limit: number;
}

/** What a search may still cost; shared by the files of one page. A step is 0.3 to 1 µs. */
export interface SearchBudget {
  steps: number;
}

export interface Found {
  /** Newest first. */
  readonly rows: readonly StoredRow[];
  /** The oldest row number looked at, where the budget ended before the range and the limit did; else null. */
  readonly reachedSeq: number | null;
}

/** Steps that a row costs whose values have to be looked at in the table: as long as so many looks into an index. */
const TABLE_STEPS = 2;
/** How sparse a value is, is judged by how far back so many of its rows reach. */
const SAMPLE_ROWS = 100;
const INDICES: Partial<Record<Column, string>> = {
  type: 'by_type',
  actor: 'by_actor',
  action: 'by_action',
  symbol: 'by_symbol',
  status: 'by_status',
  code: 'by_code',
  actor_kind: 'by_rare_actor_kind',
};

type Value = string | number;
/** A condition with the index that answers it, null where there is none. */
interface Path extends Condition {
  readonly index: string | null;
}

/**
 * Finds the newest rows of a file that meet a filter. SQLite, left alone with two conditions, walks along one of their
 * indices and reads every row of it. Here the walk goes along the value that is sparsest near the newest row, looks the
 * others up in their own indices, and ends when its budget does: two values that are frequent and never meet must not
 * hold up whoever asks next.
 */
export class RowSearch {
  readonly #db: Database;
  readonly #prepared = new Map<string, Statement<Value[]>>();
  readonly #usable = new Map<string, boolean>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The newest rows of a search. One condition is a range of its index; more may end with the budget. */
  newest(search: Search, budget: SearchBudget): Found {
    const { conditions, limit } = search;
    if (search.fromSeq > search.toSeq || limit <= 0) return { rows: [], reachedSeq: null };
    const key = conditions.find(({ column }) => column === 'req_id');
    if (key !== undefined) {
      // Few rows share a req_id, so the other conditions are looked at in the rows themselves.
      return { rows: this.#select(search, { ...key, index: 'by_key' }, conditions.map(plain)), reachedSeq: null };
    }
    const [driver, ...others] = this.#ranked(search);
    if (driver === undefined) return { rows: this.#select(search, null, []), reachedSeq: null };
    if (driver.index === null) return this.#walk(search, null, [driver, ...others], budget);
    if (others.length === 0) return { rows: this.#select(search, driver, []), reachedSeq: null };
    return this.#walk(search, driver, others, budget);
  }

  /** The first row number of `fromSeq` to `toSeq` at a time or later, or `toSeq` + 1. Takes rows to be in order of time. */
  firstAt(tsUtcUs: number, fromSeq: number, toSeq: number): number {
    const timeOf = this.#prepare('SELECT seq, ts_utc_us FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1');
    let [low, high] = [fromSeq, toSeq + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = timeOf.get(middle) as Pick<StoredRow, 'seq' | 'ts_utc_us'> | undefined;
      if (row === undefined || row.ts_utc_us >= tsUtcUs) high = middle;
      else low = row.seq + 1;
    }
    return low;
  }

  #walk(search: Search, driver: Path | null, others: readonly Path[], budget: SearchBudget): Found {
    const stepsOfRow = others.reduce((sum, { index }) => sum + (index === null ? TABLE_STEPS : 1), 0);
    const entries = Math.max(1, Math.floor(budget.steps / stepsOfRow));
    const lastSeq = this.#seqAfter(search, driver, entries);
    const rows = this.#select({ ...search, fromSeq: lastSeq ?? search.fromSeq }, driver, others);
    budget.steps -= entries * stepsOfRow;
    return { rows, reachedSeq: rows.length >= search.limit ? null : lastSeq };
  }

  /** The sparsest value first; those without an index last. */
  #ranked({ conditions, ...range }: Search): readonly Path[] {
    const paths = conditions.map((condition) => ({ ...condition, index: this.#indexOf(condition) }));
    if (paths.length < 2) return paths;
    const reach = (path: Path) =>
      path.index === null ? Infinity : (this.#seqAfter(range, path, SAMPLE_ROWS) ?? Number.NEGATIVE_INFINITY);
    return paths
      .map((path) => ({ path, reach: reach(path) }))
      .sort((a, b) => (a.reach === b.reach ? 0 : a.reach - b.reach))
      .map(({ path }) => path);
  }

  /** Row number of the `count`th newest row of a value (of any row, without one); null where there are fewer. */
  #seqAfter({ fromSeq, toSeq }: Pick<Search, 'fromSeq' | 'toSeq'>, path: Path | null, count: number): number | null {
    if (path === null) return toSeq - count < fromSeq ? null : toSeq - count + 1;
    const sql = `SELECT seq FROM audit INDEXED BY ${path.index ?? ''} WHERE ${held(path)} = ? AND seq BETWEEN ? AND ?
      ORDER BY seq DESC LIMIT 1 OFFSET ?`;
    const row = this.#prepare(sql).get(path.value, fromSeq, toSeq, count - 1) as { seq: number } | undefined;
    return row?.seq ?? null;
  }

  #select({ fromSeq, toSeq, limit }: Search, driver: Path | null, others: readonly Path[]): StoredRow[] {
    const where = [
      ...(driver === null ? [] : [`${held(driver, 'row.')} = ?`]),
      'row.seq BETWEEN ? AND ?',
      ...others.map(test),
    ].join(' AND ');
    const from = driver?.index == null ? 'audit AS row NOT INDEXED' : `audit AS row INDEXED BY ${driver.index}`;
    const columns = COLUMNS.map((column) => `row.${column}`).join(', ');
    const sql = `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY row.seq DESC LIMIT ?`;
    const values = [fromSeq, toSeq, ...others.map(({ value }) => value), limit];
    return this.#prepare(sql).all(...(driver === null ? [] : [driver.value]), ...values) as StoredRow[];
  }

  /** The index of a column in this file, null where it has none that holds every row. */
  #indexOf({ column, value }: Condition): string | null {
    const index = INDICES[column];
    if (index === undefined || (column === 'actor_kind' && value === 'client')) return null;
    let usable = this.#usable.get(index);
    if (usable === undefined) {
      usable = this.#canUse(index, column);
      this.#usable.set(index, usable);
    }
    return usable ? index : null;
  }

  #canUse(index: string, column: Column): boolean {
    try {
      this.#db.prepare(`SELECT seq FROM audit INDEXED BY ${index} WHERE ${held({ column, index })} = ?`);
      return true;
    } catch {
      // "no query solution" or "no such index": a file of another version.
      return false;
    }
  }

  #prepare(sql: string): Statement<Value[]> {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<Value[]>(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

function plain(condition: Condition): Path {
  return { ...condition, index: null };
}

/** SQL that says whether `row` meets a condition: a look into the index of its own, or at the row. */
function test(path: Path): string {
  if (path.index === null) return `row.${path.column} = ?`;
  const found = `${held(path, 'other.')} = ? AND other.seq = row.seq`;
  return `EXISTS (SELECT 1 FROM audit AS other INDEXED BY ${path.index} WHERE ${found})`;
}

/** What a row holds for a condition, in the words of its index. */
function held({ column, index }: Pick<Path, 'column' | 'index'>, alias = ''): string {
  return column === 'actor_kind' && index !== null
    ? RARE_ACTOR_KIND.replace(column, `${alias}${column}`)
    : `${alias}${column}`;
}
