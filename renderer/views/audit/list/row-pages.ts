import type { ControlOutput } from '../../../../main/control/contract.ts';

export type AuditRow = ControlOutput<'auditPage'>['rows'][number];

/** Rows of one page; `rows` is null once they have been let go of, and can be fetched anew. */
export interface RowPage {
  readonly newestSeq: number;
  readonly oldestSeq: number;
  readonly count: number;
  readonly rows: readonly AuditRow[] | null;
}

const PAGE_ROWS = 200;

/**
 * The rows that are known, newest first, without a hole: as many as were ever seen keep their place, at most `mostHeld` of
 * them are in memory. Rows of the log never change, so that a page that was let go of comes back as it was.
 */
export class RowPages {
  readonly #mostHeld: number;
  #pages: RowPage[] = [];
  /** Place of each page's first row. */
  #starts: number[] = [];
  #total = 0;

  constructor(mostHeld: number) {
    this.#mostHeld = mostHeld;
  }

  get total(): number {
    return this.#total;
  }

  get held(): number {
    return this.#pages.reduce((sum, { rows }) => sum + (rows?.length ?? 0), 0);
  }

  get newestSeq(): number | null {
    return this.#pages[0]?.newestSeq ?? null;
  }

  /** The row at a place; null where it is not in memory. */
  row(index: number): AuditRow | null {
    const at = this.#pageAt(index);
    return this.#pages[at]?.rows?.[index - (this.#starts[at] ?? 0)] ?? null;
  }

  /** Place of an entry; -1 where it is not among the rows in memory. */
  indexOf(seq: number): number {
    const at = this.#pages.findIndex(({ newestSeq, oldestSeq }) => seq <= newestSeq && seq >= oldestSeq);
    const inside = this.#pages[at]?.rows?.findIndex((row) => row.seq === seq) ?? -1;
    return inside < 0 ? -1 : (this.#starts[at] ?? 0) + inside;
  }

  /** Older rows. */
  append(rows: readonly AuditRow[]): void {
    const last = this.#pages.at(-1);
    if (last?.rows != null && last.count + rows.length <= PAGE_ROWS) {
      this.#pages.splice(-1, 1, ...pagesOf([...last.rows, ...rows]));
    } else {
      this.#pages.push(...pagesOf(rows));
    }
    this.#count();
  }

  /** Newer rows. */
  prepend(rows: readonly AuditRow[]): void {
    const first = this.#pages[0];
    if (first?.rows != null && first.count + rows.length <= PAGE_ROWS) {
      this.#pages.splice(0, 1, ...pagesOf([...rows, ...first.rows]));
    } else {
      this.#pages.unshift(...pagesOf(rows));
    }
    this.#count();
  }

  /** The first page of these places whose rows are not in memory. */
  missing(first: number, last: number): RowPage | null {
    const shown = this.#pages.slice(this.#pageAt(first), this.#pageAt(last) + 1);
    return shown.find(({ rows }) => rows === null) ?? null;
  }

  /** Puts the rows of such a page back. */
  fill(page: RowPage, rows: readonly AuditRow[]): void {
    const at = this.#pages.findIndex(({ newestSeq }) => newestSeq === page.newestSeq);
    if (at < 0) return;
    this.#pages.splice(at, 1, ...pagesOf(rows));
    this.#count();
  }

  /** Lets go of what is farthest from these places, as far as more is held than may be. */
  letGo(first: number, last: number): void {
    let tooMany = this.held - this.#mostHeld;
    if (tooMany <= 0) return;
    const middle = this.#pageAt(Math.floor((first + last) / 2));
    const places = this.#pages.map((_, at) => at).sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const at of places) {
      const page = this.#pages[at];
      if (tooMany <= 0 || page === undefined) return;
      if (page.rows === null) continue;
      tooMany -= page.count;
      this.#pages[at] = { ...page, rows: null };
    }
  }

  /** Forgets all behind the first pages that have so many rows; what the oldest one that stays is, or null if nothing was cut. */
  cut(most: number): number | null {
    const keep = this.#starts.findIndex((start) => start >= most);
    if (keep <= 0) return null;
    this.#pages.length = keep;
    this.#count();
    return this.#pages.at(-1)?.oldestSeq ?? null;
  }

  #pageAt(index: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #count(): void {
    this.#total = 0;
    this.#starts = this.#pages.map(({ count }) => {
      const start = this.#total;
      this.#total += count;
      return start;
    });
  }
}

function pagesOf(rows: readonly AuditRow[]): RowPage[] {
  const [newest, oldest] = [rows[0], rows.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  return [{ newestSeq: newest.seq, oldestSeq: oldest.seq, count: rows.length, rows }];
}
