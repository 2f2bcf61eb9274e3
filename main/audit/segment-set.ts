import type { AuditHead } from './audit-log.ts';
import { AUDIT_FILE, auditFile } from './schema.ts';
import { GENESIS_HEAD } from './chain.ts';
import { readHead } from './opened-log.ts';
import { SegmentRows } from './segment-rows.ts';
import { type ClosedSegment, listClosedSegments, namesIn, type Segment } from './segments.ts';

/** A file of the log and which rows it is asked for. `toSeq` of the live one is the last row that it has now. */
export interface SegmentRange extends Segment {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Its rows; opened with the first call. Throws where the file cannot be read. */
  rows(): SegmentRows;
}

type Live =
  { readonly kind: 'open'; readonly rows: SegmentRows } | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * The files of a log as one row of numbers. Closed files stay open once they were used. The live one is opened before
 * the others are listed, since a writer cannot close it while it is open here: no row is missed or seen twice where a
 * month ends in between. `release` lets go of it.
 */
export class SegmentSet {
  readonly dataDir: string;
  readonly #closedRows = new Map<string, SegmentRows>();
  #live: Live | null = null;
  #closed: readonly ClosedSegment[] = [];
  #names = '';

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  /** The files, oldest first, as they are now. Throws where there are none, or one is missing. */
  list(): readonly SegmentRange[] {
    const closed = this.#listBoth();
    const ranges = closed.map((segment) => this.#closedRange(segment));
    if (this.#live !== null) return [...ranges, this.#liveRange(this.#live, lastSeqOf(closed) + 1)];
    if (ranges.length === 0) throw new Error('there is none; the gateway makes it when it first runs');
    return ranges;
  }

  /** Last row of the log. Throws where the live file cannot be read. */
  head(): AuditHead {
    const last = this.list().at(-1);
    const live = last?.isLive === true ? readHead(last.rows().db) : GENESIS_HEAD;
    if (last !== undefined && live.seq >= last.fromSeq) return live;
    const closed = this.#closed.at(-1)?.manifest;
    return closed === undefined ? GENESIS_HEAD : { seq: closed.last_seq, hash: closed.head_hash };
  }

  /** Lets the live file go, so that a writer can close it; the next question opens it again. */
  release(): void {
    if (this.#live?.kind === 'open') this.#live.rows.close();
    this.#live = null;
  }

  close(): void {
    this.release();
    for (const rows of this.#closedRows.values()) rows.close();
    this.#closedRows.clear();
  }

  /** Opens the live file, then lists the closed ones. */
  #listBoth(): readonly ClosedSegment[] {
    this.#live ??= openLive(this.dataDir);
    const closed = this.#listClosed();
    if (this.#live === null || !isClosedBy(this.#live, closed)) return closed;
    // What was opened has just become a closed file itself.
    this.release();
    this.#live = openLive(this.dataDir);
    return this.#listClosed();
  }

  /** Manifests never change, so they are read again only where a file has come or gone. */
  #listClosed(): readonly ClosedSegment[] {
    const names = namesIn(this.dataDir).join('/');
    if (names === this.#names) return this.#closed;
    this.#closed = listClosedSegments(this.dataDir);
    this.#names = names;
    return this.#closed;
  }

  #liveRange(live: Live, fromSeq: number): SegmentRange {
    const rows = () => {
      if (live.kind === 'unreadable') throw live.error;
      return live.rows;
    };
    return {
      ...{ file: auditFile(this.dataDir), isLive: true, manifest: null, fromSeq, rows },
      get toSeq() {
        return rows().lastSeq();
      },
    };
  }

  #closedRange(segment: ClosedSegment): SegmentRange {
    const { file, manifest } = segment;
    return {
      ...segment,
      fromSeq: manifest.first_seq,
      toSeq: manifest.last_seq,
      rows: () => {
        const open = this.#closedRows.get(file) ?? new SegmentRows(file);
        this.#closedRows.set(file, open);
        return open;
      },
    };
  }
}

/** Null where there is no live file. */
function openLive(dataDir: string): Live | null {
  if (!namesIn(dataDir).includes(AUDIT_FILE)) return null;
  try {
    return { kind: 'open', rows: new SegmentRows(auditFile(dataDir)) };
  } catch (error) {
    // It may have been moved between the look at the folder and the opening.
    return namesIn(dataDir).includes(AUDIT_FILE) ? { kind: 'unreadable', error } : null;
  }
}

function isClosedBy(live: Live, closed: readonly ClosedSegment[]): boolean {
  if (live.kind === 'unreadable') return false;
  try {
    return (live.rows.firstSeq() ?? Infinity) <= lastSeqOf(closed);
  } catch {
    // Damaged: whoever reads on in it is told.
    return false;
  }
}

function lastSeqOf(closed: readonly ClosedSegment[]): number {
  return closed.at(-1)?.manifest.last_seq ?? 0;
}
