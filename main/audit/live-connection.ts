import type { Database, Statement } from 'better-sqlite3';
import type { AuditEntry, AuditHead } from './audit-log.ts';
import { sealRow } from './chain.ts';
import type { ClosedSegments } from './closed-segments.ts';
import { type Cell, INSERT_ROW, type RowStamp, storedText, toCells } from './columns.ts';
import { CommandLookup } from './command-lookup.ts';
import { isOpenState, stateAfter } from './command-record.ts';
import { CLAIM_OF_KEY, CommandRows } from './command-rows.ts';

/**
 * Pages that the write-ahead log gathers before they go to the file, 16 MiB. Most of them are written again and again (the
 * ends of the table and of its indices), so that SQLite's own 1,000 would take each to the file four times as often.
 */
const CHECKPOINT_AFTER_PAGES = 4_000;

/** Everything that is bound to one connection to the live file: its statements, and how a row is written with them. */
export class LiveConnection {
  readonly db: Database;
  /** Commands of this file, and of the closed ones. */
  readonly commands: CommandLookup;
  readonly #stamp: RowStamp;
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #rollback: Statement<[]>;
  readonly #insert: Statement<Cell[]>;
  readonly #open: Statement<[number]>;
  readonly #settle: Statement<[string, string]>;

  constructor(db: Database, closed: ClosedSegments, stamp: RowStamp) {
    this.db = db;
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_AFTER_PAGES}`);
    this.commands = new CommandLookup(new CommandRows(db), closed);
    this.#stamp = stamp;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#insert = db.prepare(INSERT_ROW);
    this.#open = db.prepare('INSERT INTO open_command (seq) VALUES (?)');
    this.#settle = db.prepare(`DELETE FROM open_command WHERE seq = (${CLAIM_OF_KEY})`);
  }

  begin(): void {
    this.#begin.run();
  }

  commit(): void {
    this.#commit.run();
  }

  rollback(): void {
    this.#rollback.run();
  }

  /** Writes the row after `head`, and gives the head after it. `isClaim`: it takes its command's key. */
  insert(entry: AuditEntry, head: AuditHead, isClaim: boolean): AuditHead {
    const cells = toCells(entry, head.seq + 1, isClaim, this.#stamp);
    const next = sealRow(head, cells);
    this.#insert.run(...cells);
    this.#keepOpenCommands(entry, next.seq, isClaim);
    return next;
  }

  #keepOpenCommands({ type, status, actor, reqId }: AuditEntry, seq: number, isClaim: boolean): void {
    const state = stateAfter({ type, claimed: isClaim, ...(status === undefined ? {} : { status }) });
    if (state === null || reqId === undefined) return;
    const isOpen = isOpenState(state);
    if (isClaim && isOpen) this.#open.run(seq);
    else if (!isClaim && !isOpen) this.#settle.run(storedText(reqId), storedText(actor));
  }
}
