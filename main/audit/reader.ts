import type { AuditHead, CommandKey } from './audit-log.ts';
import type { Cell, StoredRow } from './columns.ts';
import { conditionsOf, type RowFilter, timesOf } from './row-filter.ts';
import type { Found, SearchBudget } from './row-search.ts';
import type { SegmentRows } from './segment-rows.ts';
import { type SegmentRange, SegmentSet } from './segment-set.ts';
import type { VerifyResult } from './verify.ts';
import { verifyLog } from './verify-log.ts';

/** Most rows of one page. */
export const MAX_PAGE_ROWS = 10_000;
const EXPORT_PAGE_ROWS = 1_000;
/** What one page may cost: 1 ms where the values are dense, 3 ms where each look is at another page of the file. */
const PAGE_STEPS = 3_000;
/** What it costs to go on into an older file. */
const SEGMENT_STEPS = 1_000;

export interface PageRequest extends RowFilter {
  /** Only rows before this one: `next` of the page before. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** Rows newest first. */
export interface Page {
  readonly rows: readonly StoredRow[];
  /** Where older rows begin, for `beforeSeq`; null when there are no more. */
  readonly next: number | null;
  /** What could not be read on the way, a sentence a damaged file that was set aside. */
  readonly gaps: readonly string[];
}

/** What to show: one row by its number, or a command by its `req_id` (and client, where several used that id). */
export type ShowRequest = { readonly seq: number } | { readonly reqId: string; readonly client?: string };

export type Shown =
  /** `history`: all rows of the same command, oldest first; the row alone where it belongs to none. */
  | { readonly kind: 'row'; readonly row: StoredRow; readonly history: readonly StoredRow[] }
  /** Several clients used that `req_id`. */
  | { readonly kind: 'several'; readonly clients: readonly string[] }
  | { readonly kind: 'absent' };

/**
 * Reads a log, all its files as one, on read-only connections of its own: beside the writer, or without one. Synchronous:
 * for a worker or a command. Rows of a damaged file that was set aside are given as far as they can be read.
 */
export class AuditReader {
  readonly #set: SegmentSet;

  /** Opens nothing yet: a question throws where the folder holds no log, or one that cannot be read. */
  constructor(dataDir: string) {
    this.#set = new SegmentSet(dataDir);
  }

  head(): AuditHead {
    return this.#set.head();
  }

  /** Number of the last row, 0 where that cannot be read: how much there is to verify. */
  lastSeq(): number {
    try {
      return this.head().seq;
    } catch {
      return 0;
    }
  }

  /**
   * Rows newest first. The work is bounded: where two or more conditions are frequent and seldom meet, a step may end
   * with fewer rows than `limit`, or none, and `next` says where to go on. See `wholePage`. Times are found by halves,
   * so rows are taken to be in order of time; where the clock was set back, an export is exact.
   */
  list(request: PageRequest): Page {
    const budget = { steps: PAGE_STEPS };
    const wanted = Math.min(request.limit, MAX_PAGE_ROWS);
    const rows: StoredRow[] = [];
    const gaps: string[] = [];
    for (const segment of this.#newestFirst(request)) {
      const found = this.#searchIn(segment, { ...request, limit: wanted + 1 - rows.length }, budget, gaps);
      rows.push(...found.rows);
      if (rows.length > wanted) return { rows: rows.slice(0, wanted), next: rows[wanted - 1]?.seq ?? null, gaps };
      if (found.reachedSeq !== null) return { rows, next: found.reachedSeq, gaps };
      budget.steps -= SEGMENT_STEPS;
      if (budget.steps <= 0 && segment.fromSeq > 1) return { rows, next: segment.fromSeq, gaps };
    }
    return { rows, next: null, gaps };
  }

  show(request: ShowRequest): Shown {
    return 'seq' in request ? this.#showRow(request.seq) : this.#showCommand(request);
  }

  /**
   * The rows that match, oldest first, in pages of cells in column order, up to the head at the time of the call. The
   * live file is let go of after each page. What cannot be read is said in `gaps`.
   */
  *exportPages(filter: RowFilter, gaps: string[] = []): Generator<readonly Cell[][]> {
    const upTo = this.head().seq;
    for (let after = 0; after < upTo;) {
      const segment = this.#set.list().find(({ toSeq }) => toSeq > after);
      if (segment === undefined) return;
      const toSeq = Math.min(segment.toSeq, upTo);
      const rows = readOf(segment, gaps, (file) => file.oldest(filter, after + 1, toSeq, EXPORT_PAGE_ROWS)) ?? [];
      after = rows.length < EXPORT_PAGE_ROWS ? toSeq : Number(rows.at(-1)?.[0]);
      this.release();
      if (rows.length > 0) yield rows;
    }
  }

  /** Checks the whole chain in steps; each gives the row up to which it holds. `witness` is a head that was noted elsewhere. */
  verifySteps(witness?: AuditHead): Generator<AuditHead, VerifyResult> {
    return verifyLog(this.#set.dataDir, witness);
  }

  /** Lets go of the live file until the next question, so that a writer can close it at the end of a month. */
  release(): void {
    this.#set.release();
  }

  close(): void {
    this.#set.close();
  }

  /** The files that can hold rows of a page. */
  *#newestFirst({
    beforeSeq = Infinity,
    sinceMs = -Infinity,
    untilMs = Infinity,
  }: PageRequest): Generator<SegmentRange> {
    for (const segment of this.#set.list().toReversed()) {
      const { from, to } = segment.manifest ?? { from: null, to: null };
      // The manifest's times are cut to a millisecond.
      if (to !== null && Date.parse(to) + 1 <= sinceMs) return;
      const isTooNew = segment.fromSeq >= beforeSeq || (from !== null && Date.parse(from) >= untilMs);
      if (!isTooNew) yield segment;
    }
  }

  #searchIn(segment: SegmentRange, request: PageRequest, budget: SearchBudget, gaps: string[]): Found {
    const found = readOf(segment, gaps, ({ search }) => {
      const { fromSeq, toSeq } = segment;
      const { sinceUs, untilUs } = timesOf(request);
      const isFrom = request.sinceMs === undefined ? fromSeq : search.firstAt(sinceUs, fromSeq, toSeq);
      const isTo = request.untilMs === undefined ? toSeq : search.firstAt(untilUs, fromSeq, toSeq) - 1;
      const range = { fromSeq: isFrom, toSeq: Math.min(isTo, (request.beforeSeq ?? Infinity) - 1) };
      return search.newest({ conditions: conditionsOf(request), limit: request.limit, ...range }, budget);
    });
    return found ?? { rows: [], reachedSeq: null };
  }

  #showRow(seq: number): Shown {
    const segment = this.#set.list().find(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq);
    const row = segment === undefined ? null : readOf(segment, [], (file) => file.row(seq));
    if (row == null) return { kind: 'absent' };
    const key = row.req_id === null ? null : { client: row.actor, reqId: row.req_id };
    return { kind: 'row', row, history: key === null ? [row] : this.#rowsOf(key) };
  }

  #showCommand({ reqId, client }: { readonly reqId: string; readonly client?: string }): Shown {
    const clients = client === undefined ? this.#clientsOf(reqId) : [client];
    const [only] = clients;
    if (clients.length > 1) return { kind: 'several', clients };
    return only === undefined ? { kind: 'absent' } : this.#showKey({ client: only, reqId });
  }

  #showKey(key: CommandKey): Shown {
    const history = this.#rowsOf(key);
    const row = history.find(({ claim }) => claim === 1) ?? history[0];
    return row === undefined ? { kind: 'absent' } : { kind: 'row', row, history };
  }

  #rowsOf(key: CommandKey): readonly StoredRow[] {
    return this.#set
      .list()
      .flatMap((segment) =>
        (readOf(segment, [], (file) => file.rowsOf(key)) ?? []).filter(
          ({ seq }) => segment.fromSeq <= seq && seq <= segment.toSeq,
        ),
      );
  }

  #clientsOf(reqId: string): readonly string[] {
    const all = this.#set.list().flatMap((segment) => readOf(segment, [], (file) => file.clientsOf(reqId)) ?? []);
    return [...new Set(all)].sort();
  }
}

/** What a file answers; null, and a gap, where it is a damaged one that cannot. Throws where another cannot. */
function readOf<T>(segment: SegmentRange, gaps: string[], read: (rows: SegmentRows) => T): T | null {
  try {
    return read(segment.rows());
  } catch (error) {
    if (segment.manifest?.reason !== 'QUARANTINE') throw error;
    gaps.push(
      `rows ${segment.fromSeq} to ${segment.toSeq} cannot all be read: ${segment.file} was set aside as damaged`,
    );
    return null;
  }
}
