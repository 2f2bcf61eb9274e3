import type { Database } from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import type { AuditHead, OpenedLog } from './audit-log.ts';
import { beginSegment, type RowSource } from './begin-segment.ts';
import { GENESIS_HEAD } from './chain.ts';
import { closeMonth, holdsOpenCommands, monthToClose } from './close-month.ts';
import { ClosedSegments } from './closed-segments.ts';
import { DamagedLogError, describeError, isUnreadable, sqliteCode } from './damage.ts';
import { HeadFile } from './head-file.ts';
import { moveAside } from './move-aside.ts';
import { beginsAfter, readHead, readOpenedLog } from './opened-log.ts';
import { auditFile, isUnmade, openForWriting, openToInspect } from './schema.ts';
import { finishMoves, runToEnd } from './segment-moves.ts';

export interface LogFolderOptions extends RowSource {
  readonly dataDir: string;
  /** Opens the live file for its one writer; a test may give connections that fail. */
  readonly open?: (file: string) => Database;
}

/** The live file, ready to be written. */
export interface OpenLive {
  readonly db: Database;
  readonly opened: OpenedLog;
  readonly head: AuditHead;
}

/**
 * What became of a look whether the month's file is to be closed. `commands open`: one has no known end yet; `in use`:
 * another connection is open on the file. Only with `closed` is the connection closed too.
 */
export type MonthLook = 'not due' | 'commands open' | 'in use' | 'closed';

/** The files of the log in one data folder: opens the live one, closes a month's, moves a damaged one out of the way. */
export class LogFolder {
  /** Closed files, to look commands up in. */
  readonly closed: ClosedSegments;
  readonly #dataDir: string;
  readonly #live: string;
  readonly #source: RowSource;
  readonly #open: (file: string) => Database;
  readonly #headFile: HeadFile;

  constructor({ dataDir, stamp, clock, open = openForWriting }: LogFolderOptions) {
    this.#dataDir = dataDir;
    this.#live = auditFile(dataDir);
    this.#source = { stamp, clock };
    this.#open = open;
    this.#headFile = new HeadFile(dataDir);
    this.closed = new ClosedSegments(dataDir);
  }

  /**
   * Opens the live file; a damaged one is moved aside and a new one begun. `lastHead` is the last row that this writer knows
   * to be on disk, null before it has opened the log. Throws for a file that is not damaged and cannot be used either.
   */
  openLive(lastHead: AuditHead | null): OpenLive {
    finishMoves(this.#dataDir);
    this.closed.changed();
    try {
      return this.#openWhole(lastHead);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.moveAside(describeError(error), lastHead);
      return this.#openWhole(lastHead);
    }
  }

  /** Moves the live file aside, which nothing has open, and begins a new one. */
  moveAside(why: string, lastHead: AuditHead | null): void {
    const noted = this.#headFile.read();
    const written = [lastHead, noted].filter((head) => head !== null);
    runToEnd(moveAside(this.#dataDir, { why, base: this.#base(), written }, this.#source));
    this.closed.changed();
  }

  /** Closes the live file as a month's where its month is over and nothing stands against it. */
  closeMonthIfOver(db: Database): MonthLook {
    const month = monthToClose(db, this.#source.clock.nowMs());
    if (month === null) return 'not due';
    if (holdsOpenCommands(db)) return 'commands open';
    if (!beginsAfter(db, this.#base())) throw new Error('the live file does not follow the one before');
    try {
      runToEnd(closeMonth(this.#dataDir, db, month, this.#source));
    } catch (error) {
      if (sqliteCode(error) === 'SQLITE_BUSY' && db.open) return 'in use';
      throw error;
    }
    this.closed.changed();
    return 'closed';
  }

  /** Notes beside the log how far it has come. */
  noteHead(head: AuditHead): void {
    this.#headFile.note(head);
  }

  /** Closes what is open, except for the live file. */
  close(): void {
    this.closed.close();
    this.#headFile.close();
  }

  #openWhole(lastHead: AuditHead | null): OpenLive {
    const base = this.#base();
    if (!existsSync(this.#live)) this.#beginLive(base, lastHead);
    // Read first: a connection that may write would take a damaged file's write-ahead log away.
    const seen = holdsSomething(this.#live) ? this.#inspect(base) : null;
    this.#assertHolds(seen?.head ?? GENESIS_HEAD, lastHead);
    const db = this.#open(this.#live);
    try {
      const opened = seen?.opened ?? readOpenedLog(db, base);
      const tailIntact = opened.tailIntact && (lastHead !== null || this.#agreesWithNote(db, base));
      return { db, head: readHead(db), opened: { ...opened, tailIntact } };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Null for a file that a crash left in its first moment. */
  #inspect(base: AuditHead): Omit<OpenLive, 'db'> | null {
    const db = openToInspect(this.#live);
    try {
      if (isUnmade(db)) return null;
      return { opened: readOpenedLog(db, base), head: readHead(db) };
    } finally {
      db.close();
    }
  }

  /** There is no live file: the first run, or a crash between the end of one file and the next. Anything else is a loss. */
  #beginLive(base: AuditHead, lastHead: AuditHead | null): void {
    const lastSeq = (lastHead ?? this.#headFile.read())?.seq ?? 0;
    if (lastSeq > base.seq) throw new DamagedLogError(`it is missing, though row ${lastSeq} had been written`);
    if (existsSync(`${this.#live}-wal`)) throw new DamagedLogError('it is missing, and its write-ahead log is there');
    if (this.closed.newestFirst().length > 0) runToEnd(beginSegment(this.#dataDir, this.#source));
  }

  /** Rows that had been on disk cannot be gone. How far the log had come is known without `lastHead` for an empty file alone. */
  #assertHolds(head: AuditHead, lastHead: AuditHead | null): void {
    const follows = this.closed.newestFirst().length > 0;
    if (head.seq === 0 && follows) throw new DamagedLogError('it holds no row');
    const lastSeq = (lastHead ?? (head.seq === 0 ? this.#headFile.read() : null))?.seq ?? 0;
    if (lastSeq > head.seq) {
      throw new DamagedLogError(`it ends with row ${head.seq}, though row ${lastSeq} had been written`);
    }
  }

  /** Whether the log holds the row that was noted beside it: one whose end was cut off, or an older copy, does not. */
  #agreesWithNote(db: Database, base: AuditHead): boolean {
    const noted = this.#headFile.read();
    if (noted === null || noted.seq <= base.seq) return true;
    const hash = db.prepare<[number], string>('SELECT hash FROM audit WHERE seq = ?').pluck().get(noted.seq);
    return hash === noted.hash;
  }

  /** Last row of the closed files. */
  #base(): AuditHead {
    const [newest] = this.closed.newestFirst();
    if (newest === undefined) return GENESIS_HEAD;
    return { seq: newest.manifest.last_seq, hash: newest.manifest.head_hash };
  }
}

/** A file that was only just made holds nothing; what is no file is for the opening itself to refuse. */
function holdsSomething(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) return false;
  if (found.size === 0 && (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new DamagedLogError('it is empty, and its write-ahead log is not');
  }
  return found.size > 0;
}
