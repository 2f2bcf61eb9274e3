import { assertNever } from '../assert-never.ts';
import type { AuditHead, OpenedLog } from './audit-log.ts';
import { describeError, isDamage } from './damage.ts';
import { LiveConnection } from './live-connection.ts';
import { LogFolder, type LogFolderOptions } from './log-folder.ts';

/** What a look at the month came to, where there is something to tell. */
export type MonthReport =
  | { readonly kind: 'month closed'; readonly head: AuditHead }
  /** Its file could not be closed; it is tried again. */
  | { readonly kind: 'month kept'; readonly why: string }
  | { readonly kind: 'moved aside'; readonly head: AuditHead; readonly fault: string };

/** How often it is looked whether the month is over, in milliseconds. */
const MONTH_LOOK_EVERY_MS = 60_000;

/**
 * The live file in its writer's hands: the connection, the last row, and what is done when one of them is in doubt. After a
 * failed commit the file is opened anew, a damaged one is replaced, and at the end of a month it is closed.
 */
export class LiveLog {
  /** What the log said when it was opened. */
  readonly opened: OpenedLog;
  /** Last row: on disk, or in the transaction under way. */
  head: AuditHead;
  readonly #folder: LogFolder;
  readonly #options: LogFolderOptions;
  #connection: LiveConnection | null;
  /** That a damaged file was moved aside, until it has been told; and which was told last. */
  #movedAside: string | null = null;
  #lastTold: string | null;
  /** Head of the file that took a damaged one's place, when it had just begun. */
  #replacedAtSeq: number | null = null;
  #nextMonthLookMs = 0;

  /** Opens the log. Throws where the live file is not damaged and cannot be used either. */
  constructor(options: LogFolderOptions) {
    this.#options = options;
    this.#folder = new LogFolder(options);
    const { db, opened, head } = this.#folder.openLive(null);
    this.#connection = new LiveConnection(db, this.#folder.closed, options.stamp);
    this.opened = opened;
    this.#lastTold = opened.quarantined ?? null;
    this.head = head;
  }

  /** The connection; opens another where it was lost. Throws where that fails. */
  connection(): LiveConnection {
    if (this.#connection !== null) return this.#connection;
    const { db, head, opened } = this.#folder.openLive(this.head);
    this.#noteQuarantine(opened);
    try {
      // Pages that a failed fsync left in the system's cache alone are written again before anything is built on them.
      db.pragma('wal_checkpoint(TRUNCATE)');
      this.#connection = new LiveConnection(db, this.#folder.closed, this.#options.stamp);
      this.head = head;
      return this.#connection;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Something has failed after `before` had been the last row. After a failed commit only the file can tell which rows it
   * has, and after damage none can.
   */
  recover(error: unknown, before: AuditHead, isCommit: boolean): void {
    this.head = before;
    if (isDamage(error)) this.#replaceDamaged(error);
    else if (isCommit) this.#reopen();
    else this.#rollBack();
  }

  /** That a damaged file was moved aside, as opening the log anew has shown since the last call, one sentence; else null. */
  takeMovedAside(): string | null {
    const movedAside = this.#movedAside;
    this.#movedAside = null;
    return movedAside;
  }

  /**
   * Closes the file where it is of another month than now, no command of it is open and nobody else reads it, and begins the
   * next. Looks once a minute, or each time while only a command stands against it.
   */
  lookAtMonth(): MonthReport | null {
    const nowMs = this.#options.clock.monoMs();
    if (this.#connection === null || nowMs < this.#nextMonthLookMs) return null;
    this.#nextMonthLookMs = nowMs + MONTH_LOOK_EVERY_MS;
    const before = this.head;
    try {
      return this.#closeMonth(this.#connection);
    } catch (error) {
      this.recover(error, before, true);
      const fault = this.takeMovedAside();
      if (fault !== null) return { kind: 'moved aside', head: this.head, fault };
      return { kind: 'month kept', why: describeError(error) };
    }
  }

  /** Notes beside the log how far it has come. */
  noteHead(): void {
    this.#folder.noteHead(this.head);
  }

  /** Closes all files; what is asked after that opens them again. */
  close(): void {
    this.noteHead();
    this.#closeLive();
    this.#folder.close();
  }

  #closeMonth({ db }: LiveConnection): MonthReport | null {
    const look = this.#folder.closeMonthIfOver(db);
    switch (look) {
      case 'not due':
        return null;
      case 'commands open':
        this.#nextMonthLookMs = 0;
        return null;
      case 'in use':
        return { kind: 'month kept', why: 'another connection is open on the live file' };
      case 'closed':
        this.#connection = null;
        this.connection();
        return { kind: 'month closed', head: this.head };
      default:
        return assertNever(look, 'look at the month');
    }
  }

  #noteQuarantine({ quarantined }: OpenedLog): void {
    if (quarantined === undefined || quarantined === this.#lastTold) return;
    this.#movedAside = quarantined;
    this.#lastTold = quarantined;
  }

  #rollBack(): void {
    const connection = this.#connection;
    // SQLite rolls back by itself on some errors (full disk, I/O).
    if (connection?.db.inTransaction !== true) return;
    try {
      connection.rollback();
    } catch {
      this.#dropConnection();
    }
  }

  #reopen(): void {
    this.#dropConnection();
    try {
      this.connection();
    } catch {
      // The next batch tries again, and says why it cannot.
    }
  }

  /** Once: a new file that is damaged before it has taken a row is the disk's fault, and a third would be no better. */
  #replaceDamaged(error: unknown): void {
    this.#dropConnection();
    if (this.#replacedAtSeq === this.head.seq) return;
    try {
      this.#folder.moveAside(describeError(error), this.head);
      this.connection();
      this.#replacedAtSeq = this.head.seq;
    } catch {
      // The next batch tries again, and says why it cannot.
    }
  }

  #dropConnection(): void {
    try {
      this.#closeLive();
    } catch {
      // A connection that cannot be closed is not used any more either.
    }
  }

  #closeLive(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.db.close();
  }
}
