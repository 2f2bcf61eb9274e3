import type { Database, Statement } from 'better-sqlite3';
import type { AuditEntry, AuditFailure, AuditHead, OpenedLog } from './audit-log.ts';
import { rowHash } from './chain.ts';
import { COLUMNS, type Cell, type RowStamp, storedText, toCells } from './columns.ts';
import { isOpenState, stateAfter } from './command-record.ts';
import { CLAIM_OF_KEY, CommandRows } from './command-rows.ts';
import { isWrite, type Operation, type OperationResult, type ReadOperation, type WriteOperation } from './operation.ts';
import { readHead, readOpenedLog } from './opened-log.ts';

/** Everything that is bound to one connection. */
interface Connection {
  readonly db: Database;
  readonly commands: CommandRows;
  readonly begin: Statement<[]>;
  readonly commit: Statement<[]>;
  readonly rollback: Statement<[]>;
  readonly insert: Statement<Cell[]>;
  readonly open: Statement<[number]>;
  readonly settle: Statement<[string, string]>;
}

/** What a batch came to. `fault` is null when everything that had to be written was. */
export interface BatchResult {
  readonly results: readonly OperationResult[];
  readonly head: AuditHead;
  readonly fault: string | null;
}

type CommitResult = { readonly ok: true; readonly results: readonly OperationResult[] } | CommitFailure;
interface CommitFailure extends AuditFailure {
  /** One row was refused, not the disk: the others of its batch may still be written without it. */
  readonly isRefusedRow: boolean;
}

/**
 * The one writer of the log, synchronous: a batch of operations is one transaction and one fsync. After a failure it
 * tries anew with the next batch, on a fresh connection where a commit itself had failed.
 */
export class AuditWriter {
  /** What the log said when it was opened. */
  readonly opened: OpenedLog;
  /** Transactions committed so far. */
  commits = 0;
  readonly #open: () => Database;
  readonly #stamp: RowStamp;
  #connection: Connection | null;
  #head: AuditHead;

  /** `open` makes a connection that is ready to write; throws what it throws. */
  constructor(open: () => Database, stamp: RowStamp) {
    this.#open = open;
    this.#stamp = stamp;
    this.#connection = connect(open());
    this.opened = readOpenedLog(this.#connection.db);
    this.#head = readHead(this.#connection.db);
  }

  /** Last row on disk. */
  get head(): AuditHead {
    return this.#head;
  }

  /** Runs a batch: its writes in one transaction, in order, then its reads, which see all of them. */
  run(operations: readonly Operation[]): BatchResult {
    const writes = operations.filter(isWrite);
    const { results: written, fault } = this.#write(writes);
    const answers = written.values();
    const results = operations.map((operation) => (isWrite(operation) ? take(answers) : this.#read(operation)));
    return { results, head: this.#head, fault };
  }

  /** Closes the file; a batch after that opens it again. */
  close(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.db.close();
  }

  #write(writes: readonly WriteOperation[]): Pick<BatchResult, 'results' | 'fault'> {
    if (writes.length === 0) return { results: [], fault: null };
    const outcome = this.#tryCommit(writes);
    if (outcome.ok) return { results: outcome.results, fault: null };
    if (outcome.isRefusedRow && writes.length > 1) return this.#writeOneByOne(writes);
    return { results: writes.map(() => toFailure(outcome)), fault: outcome.message };
  }

  /** One refused row must not take the rest of its batch with it. */
  #writeOneByOne(writes: readonly WriteOperation[]): Pick<BatchResult, 'results' | 'fault'> {
    const outcomes = writes.map((write) => this.#write([write]));
    return {
      results: outcomes.flatMap((outcome) => outcome.results),
      fault: outcomes.find((outcome) => outcome.fault !== null)?.fault ?? null,
    };
  }

  #tryCommit(writes: readonly WriteOperation[]): CommitResult {
    const before = this.#head;
    let connection: Connection;
    let results: OperationResult[];
    try {
      connection = this.#connected();
      connection.begin.run();
      results = writes.map((write) => this.#apply(connection, write));
    } catch (error) {
      this.#rollBack(before);
      return { ok: false, ambiguous: false, isRefusedRow: isRefusedRow(error), message: describe(error) };
    }
    try {
      // Without a new row there is nothing to make durable: claims of taken keys alone.
      if (this.#head === before) connection.rollback.run();
      else this.#commit(connection);
      return { ok: true, results: results.map((result) => this.#withHead(result)) };
    } catch (error) {
      this.#reopen(before);
      return { ok: false, ambiguous: true, isRefusedRow: false, message: describe(error) };
    }
  }

  #commit(connection: Connection): void {
    connection.commit.run();
    this.commits += 1;
  }

  #apply(connection: Connection, write: WriteOperation): OperationResult {
    if (write.kind === 'claim') {
      const record = connection.commands.find(write.key);
      if (record !== null) return { ok: true, kind: 'existing', record };
    }
    for (const [at, entry] of write.entries.entries()) {
      this.#insert(connection, entry, write.kind === 'claim' && at === 0);
    }
    return write.kind === 'claim' ? { ok: true, kind: 'claimed', head: this.#head } : { ok: true, head: this.#head };
  }

  #insert(connection: Connection, entry: AuditEntry, isClaim: boolean): void {
    const { seq: lastSeq, hash: prevHash } = this.#head;
    const seq = lastSeq + 1;
    const cells = toCells(entry, seq, isClaim, this.#stamp);
    const hash = rowHash(prevHash, cells);
    cells.push(prevHash, hash);
    connection.insert.run(...cells);
    this.#head = { seq, hash };
    this.#keepOpenCommands(connection, entry, seq, isClaim);
  }

  #keepOpenCommands(connection: Connection, entry: AuditEntry, seq: number, isClaim: boolean): void {
    const { type, status, actor, reqId } = entry;
    const state = stateAfter({ type, claimed: isClaim, ...(status === undefined ? {} : { status }) });
    if (state === null || reqId === undefined) return;
    const isOpen = isOpenState(state);
    if (isClaim && isOpen) connection.open.run(seq);
    else if (!isClaim && !isOpen) connection.settle.run(storedText(reqId), storedText(actor));
  }

  #read(operation: ReadOperation): OperationResult {
    try {
      const { commands } = this.#connected();
      return operation.kind === 'find'
        ? { kind: 'found', record: commands.find(operation.key) }
        : { kind: 'list', records: commands.unsettled() };
    } catch (error) {
      return { kind: 'failed', message: describe(error) };
    }
  }

  /** Every answer of a batch carries the head of its commit. */
  #withHead(result: OperationResult): OperationResult {
    return 'head' in result ? { ...result, head: this.#head } : result;
  }

  #rollBack(before: AuditHead): void {
    this.#head = before;
    const connection = this.#connection;
    // SQLite rolls back by itself on some errors (full disk, I/O).
    if (connection?.db.inTransaction !== true) return;
    try {
      connection.rollback.run();
    } catch {
      this.#dropConnection();
    }
  }

  /** After a failed commit only the file can tell which rows it has. */
  #reopen(before: AuditHead): void {
    this.#head = before;
    this.#dropConnection();
    try {
      this.#connected();
    } catch {
      // The next batch tries again, and says why it cannot.
    }
  }

  #dropConnection(): void {
    try {
      this.close();
    } catch {
      // A connection that cannot be closed is not used any more either.
    }
  }

  #connected(): Connection {
    if (this.#connection !== null) return this.#connection;
    const db = this.#open();
    try {
      // Pages that a failed fsync left in the system's cache alone are written again before anything is built on them.
      db.pragma('wal_checkpoint(TRUNCATE)');
      this.#head = readHead(db);
      this.#connection = connect(db);
      return this.#connection;
    } catch (error) {
      db.close();
      throw error;
    }
  }
}

function connect(db: Database): Connection {
  const places = COLUMNS.map(() => '?').join(', ');
  return {
    db,
    commands: new CommandRows(db),
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    insert: db.prepare(`INSERT INTO audit (${COLUMNS.join(', ')}) VALUES (${places})`),
    open: db.prepare('INSERT INTO open_command (seq) VALUES (?)'),
    settle: db.prepare(`DELETE FROM open_command WHERE seq = (${CLAIM_OF_KEY})`),
  };
}

function take(answers: Iterator<OperationResult, undefined>): OperationResult {
  const next = answers.next();
  if (next.done === true) throw new Error('a batch answered less than it was asked');
  return next.value;
}

function toFailure({ ambiguous, message }: AuditFailure): AuditFailure {
  return { ok: false, ambiguous, message };
}

function isRefusedRow(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || code === 'SQLITE_TOOBIG';
}

/** What went wrong, with SQLite's own name for it. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  return code === '' ? message : `${message} (${code})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
