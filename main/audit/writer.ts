import { assertNever } from '../assert-never.ts';
import type { AuditFailure, AuditHead, OpenedLog } from './audit-log.ts';
import { describeError, isDamage, sqliteCode } from './damage.ts';
import type { LiveConnection } from './live-connection.ts';
import { LiveLog, type MonthReport } from './live-log.ts';
import type { LogFolderOptions } from './log-folder.ts';
import { isWrite, type Operation, type OperationResult, type ReadOperation, type WriteOperation } from './operation.ts';

/** What a batch came to. */
export interface BatchResult {
  readonly results: readonly OperationResult[];
  readonly head: AuditHead;
  /** Why something could not be written or read; null when all went well. */
  readonly fault: string | null;
  /** The fault says that a damaged file was moved aside: the log goes on in a new one. */
  readonly hasMovedAside: boolean;
}

type CommitResult = { readonly ok: true; readonly results: readonly OperationResult[] } | CommitFailure;
interface CommitFailure extends AuditFailure {
  /** One row was refused, not the disk: the others of its batch may still be written without it. */
  readonly isRefusedRow: boolean;
}

/**
 * The one writer of the log, synchronous: a batch of operations is one transaction and one fsync. After a failure it
 * tries anew with the next batch: on a fresh connection where a commit itself had failed, in a new file where the old one
 * is damaged.
 */
export class AuditWriter {
  /** Transactions committed so far. */
  commits = 0;
  readonly #live: LiveLog;

  /** Opens the log. Throws where the live file is not damaged and cannot be used either. */
  constructor(options: LogFolderOptions) {
    this.#live = new LiveLog(options);
  }

  /** What the log said when it was opened. */
  get opened(): OpenedLog {
    return this.#live.opened;
  }

  /** Last row on disk. */
  get head(): AuditHead {
    return this.#live.head;
  }

  /** Runs a batch: its writes in one transaction, in order, then its reads, which see all of them. */
  run(operations: readonly Operation[]): BatchResult {
    const writes = operations.filter(isWrite);
    const { results: written, fault } = this.#write(writes);
    const answers = written.values();
    const results = operations.map((operation) => (isWrite(operation) ? take(answers) : this.#read(operation)));
    const movedAside = this.#live.takeMovedAside();
    return { results, head: this.#live.head, fault: movedAside ?? fault, hasMovedAside: movedAside !== null };
  }

  /** Looks whether a month's file is to be closed; to be called between batches. Null where there is nothing to tell. */
  lookAtMonth(): MonthReport | null {
    return this.#live.lookAtMonth();
  }

  /** Notes beside the log how far it has come. */
  noteHead(): void {
    this.#live.noteHead();
  }

  /** Closes all files; a batch after that opens them again. */
  close(): void {
    this.#live.close();
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
    let connection: LiveConnection;
    try {
      connection = this.#live.connection();
    } catch (error) {
      return { ok: false, ambiguous: false, isRefusedRow: false, message: describeError(error) };
    }
    const before = this.#live.head;
    let results: OperationResult[];
    try {
      connection.begin();
      results = writes.map((write) => this.#apply(connection, write));
    } catch (error) {
      return this.#failed(error, before, false);
    }
    try {
      // Without a new row there is nothing to make durable: claims of taken keys alone.
      if (this.#live.head === before) connection.rollback();
      else this.#commit(connection);
      return { ok: true, results: results.map((result) => this.#withHead(result)) };
    } catch (error) {
      return this.#failed(error, before, true);
    }
  }

  #commit(connection: LiveConnection): void {
    connection.commit();
    this.commits += 1;
  }

  #apply(connection: LiveConnection, write: WriteOperation): OperationResult {
    if (write.kind === 'claim') {
      const record = connection.commands.find(write.key);
      if (record !== null) return { ok: true, kind: 'existing', record };
    }
    for (const [at, entry] of write.entries.entries()) {
      this.#live.head = connection.insert(entry, this.#live.head, write.kind === 'claim' && at === 0);
    }
    return write.kind === 'claim'
      ? { ok: true, kind: 'claimed', head: this.#live.head }
      : { ok: true, head: this.#live.head };
  }

  #read(operation: ReadOperation): OperationResult {
    try {
      return this.#look(this.#live.connection(), operation);
    } catch (error) {
      this.#live.recover(error, this.#live.head, false);
      return { kind: 'failed', message: describeError(error) };
    }
  }

  #look({ commands }: LiveConnection, operation: ReadOperation): OperationResult {
    switch (operation.kind) {
      case 'find':
        return { kind: 'found', record: commands.find(operation.key) };
      case 'unsettled':
        return { kind: 'list', records: commands.unsettled() };
      case 'knows':
        return { kind: 'known', isKnown: commands.knows(operation.mark) };
      default:
        return assertNever(operation, 'question to the audit log');
    }
  }

  /** Every answer of a batch carries the head of its commit. */
  #withHead(result: OperationResult): OperationResult {
    return 'head' in result ? { ...result, head: this.#live.head } : result;
  }

  #failed(error: unknown, before: AuditHead, isCommit: boolean): CommitFailure {
    this.#live.recover(error, before, isCommit);
    const ambiguous = isCommit || isDamage(error);
    return { ok: false, ambiguous, isRefusedRow: isRefusedRow(error), message: describeError(error) };
  }
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
  return /^SQLITE_(?:CONSTRAINT|MISMATCH$|TOOBIG$)/.test(sqliteCode(error));
}
