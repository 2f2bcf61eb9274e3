import type { ControlApi, ControlOutput } from '../../../../main/control/contract.ts';
import type { RowFilter } from '../filter/tokens.ts';
import { type AuditRow, type RowPage, RowPages } from './row-pages.ts';

/** What the list shows beside its rows. A new object with each change. */
export interface ListView {
  /** Rows that are known; more may follow while `hasMore`. */
  readonly total: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Down to which entry nothing more was found yet, while a search goes on by itself; else null. */
  readonly searchedTo: number | null;
  /** Matching rows that came since and are not shown; `isMore`: and others. */
  readonly newer: { readonly count: number; readonly isMore: boolean };
  /** Why the rows could not be read; the list goes on with `resume`. */
  readonly fault: string | null;
  /** What could not be read on the way, in sentences. */
  readonly gaps: readonly string[];
  /** So many rows are no list any more: the filter has to be narrower. */
  readonly isFull: boolean;
}

export type Page = ControlOutput<'auditPage'>;

/** A screenful, so that something is there at once. */
export const FIRST_PAGE_ROWS = 40;
const PAGE_ROWS = 100;
/** More new rows than that are not counted, nor fetched one by one. */
const MOST_NEWER_ROWS = 200;
/** Rows ahead of the screen that are fetched before they are needed. */
const AHEAD_ROWS = 100;
const MOST_HELD_ROWS = 20_000;
/** Rows of 32 px beyond which a browser cannot place them any more. */
const MOST_ROWS = 1_000_000;
/** At the top the list is cut to so many rows: it would grow for as long as it is left open. */
const MOST_ROWS_AT_TOP = 4_000;
const ROWS_LEFT_AT_TOP = 2_000;
const NEWER_EVERY_MS = 250;
/** So long after a fault the next new row makes the list try again by itself. */
const FAULT_REST_MS = 5_000;
/** So many steps at most to close up with the newest row; then the list begins anew. */
const MOST_NEWER_STEPS = 8;

const BEGINNING: ListView = {
  total: 0,
  hasMore: true,
  isLoading: true,
  searchedTo: null,
  newer: { count: 0, isMore: false },
  fault: null,
  gaps: [],
  isFull: false,
};

/**
 * The rows of one filter, newest first. It fetches one page at a time, when the screen nears what is not there: newer rows,
 * rows that were let go of, older rows. Rows never move under whoever looks at them: while the screen is not at the top,
 * new ones wait.
 */
export class AuditList {
  readonly #api: ControlApi;
  readonly #filter: RowFilter;
  readonly #listeners = new Set<() => void>();
  #pages = new RowPages(MOST_HELD_ROWS);
  /** Where older rows begin: undefined before the first page, null when there are none. */
  #next: number | null | undefined = undefined;
  #wasShort = false;
  /** All matching rows up to here are known, in the pages or among the newer ones. */
  #seenSeq = 0;
  #headSeq = 0;
  #newer: readonly AuditRow[] = [];
  #isFlooded = false;
  #newerAtMs = Number.NEGATIVE_INFINITY;
  #shown = { first: 0, last: 40, isAtTop: true };
  #gaps: readonly string[] = [];
  #fault: string | null = null;
  #faultAtMs = 0;
  #isRunning = false;
  #isPumping = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #view: ListView = BEGINNING;

  /** `first` is a page of the newest rows that was read before; the list begins with it and closes up with the log. */
  constructor(api: ControlApi, filter: RowFilter, first: Page | null = null) {
    this.#api = api;
    this.#filter = filter;
    if (first === null) return;
    this.#addOlder(first, FIRST_PAGE_ROWS);
    this.#seenSeq = this.#headSeq = first.rows[0]?.seq ?? 0;
    this.#gaps = first.gaps;
    this.#show();
  }

  readonly follow = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly view = (): ListView => this.#view;

  /** The row at a place, null while it is being fetched anew. */
  row(index: number): AuditRow | null {
    return this.#pages.row(index);
  }

  indexOf(seq: number): number {
    return this.#pages.indexOf(seq);
  }

  /** Begins, or goes on after `stop` or a fault. */
  resume(): void {
    this.#isRunning = true;
    this.#fault = null;
    this.#pump();
  }

  /** Fetches nothing more; the rows stay. */
  stop(): void {
    this.#isRunning = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The log has come to this entry. */
  headIs(seq: number): void {
    // A log that is shorter than it was is another one.
    if (seq < this.#headSeq) this.#beginAnew();
    this.#headSeq = seq;
    if (this.#fault !== null && performance.now() - this.#faultAtMs > FAULT_REST_MS) this.#fault = null;
    this.#pump();
  }

  /** Which places are on the screen, and whether that is the top, where new rows come in by themselves. */
  look(first: number, last: number, isAtTop: boolean): void {
    this.#shown = { first, last, isAtTop };
    if (isAtTop && (this.#isFlooded || this.#newer.length > 0)) {
      this.#takeNewer();
      this.#show();
    }
    this.#pages.letGo(first, last);
    this.#pump();
  }

  /** Shows the newer rows at once; for a screen that goes to the top. */
  toTop(): void {
    this.look(0, 40, true);
  }

  #pump(): void {
    if (!this.#isPumping) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isPumping = true;
    for (let step = this.#nextStep(); step !== null; step = this.#nextStep()) {
      this.#show();
      await step();
    }
    this.#isPumping = false;
    this.#show();
  }

  #nextStep(): (() => Promise<void>) | null {
    if (!this.#isRunning || this.#fault !== null) return null;
    if (this.#next === undefined) return () => this.#fetchFirst();
    if (this.#isNewerDue()) return () => this.#fetchNewer();
    const { first, last } = this.#shown;
    const missing = this.#pages.missing(first, last);
    if (missing !== null) return () => this.#fetchAgain(missing);
    return this.#wantsOlder() ? () => this.#fetchOlder() : null;
  }

  #wantsOlder(): boolean {
    if (this.#next == null || this.#pages.total >= MOST_ROWS) return false;
    return this.#shown.last + AHEAD_ROWS >= this.#pages.total;
  }

  #isNewerDue(): boolean {
    if (this.#headSeq <= this.#seenSeq || this.#isFlooded) return false;
    const waitMs = this.#newerAtMs + NEWER_EVERY_MS - performance.now();
    if (waitMs <= 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#pump();
    }, waitMs);
    return false;
  }

  async #fetchFirst(): Promise<void> {
    const headSeq = this.#headSeq;
    const page = await this.#page(FIRST_PAGE_ROWS);
    if (page === null) return;
    this.#pages = new RowPages(MOST_HELD_ROWS);
    this.#newer = [];
    this.#isFlooded = false;
    this.#addOlder(page, FIRST_PAGE_ROWS);
    this.#seenSeq = Math.max(headSeq, page.rows[0]?.seq ?? 0);
    this.#newerAtMs = performance.now();
  }

  async #fetchOlder(): Promise<void> {
    const page = await this.#page(PAGE_ROWS, this.#next);
    if (page !== null) this.#addOlder(page, PAGE_ROWS);
  }

  #addOlder(page: Page, limit: number): void {
    this.#pages.append(page.rows);
    this.#next = page.next;
    this.#wasShort = page.rows.length < limit;
    this.#pages.letGo(this.#shown.first, this.#shown.last);
  }

  async #fetchAgain(lost: RowPage): Promise<void> {
    const rows: AuditRow[] = [];
    let before: number | null = lost.newestSeq + 1;
    while (before !== null && before > lost.oldestSeq && rows.length < lost.count) {
      const page: Page | null = await this.#page(lost.count - rows.length, before);
      if (page === null) return;
      rows.push(...page.rows);
      before = page.next;
    }
    this.#pages.fill(lost, rows);
    this.#pages.letGo(this.#shown.first, this.#shown.last);
  }

  /** Rows from the top down to the newest that is known. There cannot be more than the log has grown by. */
  async #fetchNewer(): Promise<void> {
    const [headSeq, seenSeq] = [this.#headSeq, this.#seenSeq];
    this.#newerAtMs = performance.now();
    const limit = Math.min(MOST_NEWER_ROWS, headSeq - seenSeq + 1);
    const rows: AuditRow[] = [];
    let before: number | null = null;
    for (let step = 0; step < MOST_NEWER_STEPS && rows.length < MOST_NEWER_ROWS; step += 1) {
      const page: Page | null = await this.#page(limit, before);
      if (page === null) return;
      rows.push(...page.rows.filter(({ seq }) => seq > seenSeq));
      before = page.next;
      if (before === null || before <= seenSeq + 1) {
        this.#addNewer(rows, headSeq);
        return;
      }
    }
    this.#flood();
  }

  #addNewer(rows: readonly AuditRow[], headSeq: number): void {
    this.#seenSeq = Math.max(headSeq, rows[0]?.seq ?? 0);
    this.#newer = [...rows, ...this.#newer];
    if (this.#newer.length > MOST_NEWER_ROWS) this.#flood();
    else if (this.#shown.isAtTop) this.#takeNewer();
  }

  /** More rows wait than are worth holding: the list begins anew when it is at the top. */
  #flood(): void {
    this.#isFlooded = true;
    this.#newer = [];
    if (this.#shown.isAtTop) this.#beginAnew();
  }

  #takeNewer(): void {
    if (this.#isFlooded) this.#beginAnew();
    if (this.#newer.length === 0) return;
    this.#pages.prepend(this.#newer);
    this.#newer = [];
    if (this.#pages.total <= MOST_ROWS_AT_TOP) return;
    const oldestSeq = this.#pages.cut(ROWS_LEFT_AT_TOP);
    if (oldestSeq !== null) this.#next = oldestSeq;
  }

  /** The rows that are shown stay until the first page is there. */
  #beginAnew(): void {
    this.#next = undefined;
    this.#isFlooded = false;
    this.#newer = [];
    this.#gaps = [];
  }

  async #page(limit: number, before: number | null | undefined = null): Promise<Page | null> {
    const range = before === null ? {} : { before_seq: before };
    const answer = await this.#api.call('auditPage', { filter: this.#filter, limit, ...range });
    if (!answer.ok) {
      this.#fault = answer.error;
      this.#faultAtMs = performance.now();
      return null;
    }
    const added = answer.output.gaps.filter((gap) => !this.#gaps.includes(gap));
    if (added.length > 0) this.#gaps = [...this.#gaps, ...added];
    return answer.output;
  }

  #show(): void {
    const isSearching = this.#isPumping && this.#wasShort && this.#wantsOlder();
    const view: ListView = {
      total: this.#pages.total,
      hasMore: this.#next !== null,
      isLoading: this.#isPumping,
      searchedTo: isSearching ? (this.#next ?? null) : null,
      newer: this.#newerView(),
      fault: this.#fault,
      gaps: this.#gaps,
      isFull: this.#pages.total >= MOST_ROWS && this.#next !== null,
    };
    const before = this.#view;
    if ((Object.keys(view) as (keyof ListView)[]).every((name) => view[name] === before[name])) return;
    this.#view = view;
    for (const changed of this.#listeners) changed();
  }

  #newerView(): ListView['newer'] {
    const before = this.#view.newer;
    const isSame = before.count === this.#newer.length && before.isMore === this.#isFlooded;
    return isSame ? before : { count: this.#newer.length, isMore: this.#isFlooded };
  }
}
