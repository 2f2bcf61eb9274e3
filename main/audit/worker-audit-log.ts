import type { Worker } from 'node:worker_threads';
import { assertNever } from '../assert-never.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type {
  AppendResult,
  AuditEntry,
  AuditFailure,
  AuditHead,
  AuditLog,
  ClaimResult,
  CommandKey,
  CommandRecord,
  OpenedLog,
} from './audit-log.ts';
import type { Mark } from './command-rows.ts';
import { isWrite, type Operation, type OperationResult } from './operation.ts';
import type { BatchResult } from './writer.ts';
import { WriterLink, type WriterMessage } from './writer-link.ts';

/** Rows that may wait for the disk. Claims end first, so that outcomes and kill rows of what runs still find room. */
const MAX_WAITING_FOR_CLAIM = 10_000;
const MAX_WAITING_FOR_APPEND = 20_000;
const CLOSED = 'the audit log is closed';

interface Waiting {
  readonly rows: number;
  readonly settle: (result: OperationResult) => void;
}

/** What the log on the gateway's thread runs on. */
export interface WorkerAuditLogPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Starts another writer when one has ended by itself. */
  readonly startWriter: () => Worker;
}

/**
 * The audit log on the gateway's thread: gathers what is called in one turn of the event loop, posts it to the writer,
 * never blocks. A writer that has ended by itself is replaced; until the next has opened the log, calls fail at once.
 */
export class WorkerAuditLog implements AuditLog {
  readonly opened: OpenedLog;
  readonly #link: WriterLink;
  readonly #log: Log;
  readonly #faultListeners = new Set<(fault: string) => void>();
  readonly #waiting: Waiting[] = [];
  #waitingRows = 0;
  #turn: Operation[] = [];
  #head: AuditHead;
  #fault: string | null = null;
  #monthKept: string | null = null;
  #isStopped = false;

  /** Takes over a writer that has opened its file. */
  constructor(worker: Worker, opened: OpenedLog, head: AuditHead, { clock, log, startWriter }: WorkerAuditLogPorts) {
    this.opened = opened;
    this.#head = head;
    this.#log = log;
    this.#link = new WriterLink(worker, startWriter, clock, {
      said: (message) => this.#receive(message),
      lost: (why) => this.#lose(why),
      reopened: (again, lastRow) => this.#reopened(again, lastRow),
    });
  }

  head(): AuditHead {
    return this.#head;
  }

  onFault(listener: (fault: string) => void): () => void {
    this.#faultListeners.add(listener);
    return () => this.#faultListeners.delete(listener);
  }

  append(entries: readonly AuditEntry[]): Promise<AppendResult> {
    const barred = this.#barred(entries.length, MAX_WAITING_FOR_APPEND);
    if (barred !== null) return Promise.resolve(barred);
    return this.#call({ kind: 'append', entries }) as Promise<AppendResult>;
  }

  claim(key: CommandKey, entries: readonly AuditEntry[]): Promise<ClaimResult> {
    assertClaims(key, entries);
    const barred = this.#barred(entries.length, MAX_WAITING_FOR_CLAIM);
    if (barred !== null) return Promise.resolve(barred);
    return this.#call({ kind: 'claim', key, entries }) as Promise<ClaimResult>;
  }

  async findCommand(key: CommandKey): Promise<CommandRecord | null> {
    const result = await this.#ask({ kind: 'find', key });
    if ('kind' in result && result.kind === 'found') return result.record;
    throw unreadable(result);
  }

  async unsettled(): Promise<readonly CommandRecord[]> {
    const result = await this.#ask({ kind: 'unsettled' });
    if ('kind' in result && result.kind === 'list') return result.records;
    throw unreadable(result);
  }

  async knows(mark: Mark): Promise<boolean> {
    const result = await this.#ask({ kind: 'knows', mark });
    if ('kind' in result && result.kind === 'known') return result.isKnown;
    throw unreadable(result);
  }

  stop(): Promise<void> {
    this.#flush();
    this.#isStopped = true;
    return this.#link.stop();
  }

  #ask(operation: Operation): Promise<OperationResult> {
    const message = this.#closedBecause();
    return message === null ? this.#call(operation) : Promise.resolve({ kind: 'failed', message });
  }

  #call(operation: Operation): Promise<OperationResult> {
    const rows = isWrite(operation) ? operation.entries.length : 0;
    return new Promise((resolve) => {
      if (this.#turn.length === 0) setImmediate(() => this.#flush());
      this.#turn.push(operation);
      this.#waiting.push({ rows, settle: resolve });
      this.#waitingRows += rows;
    });
  }

  /** The end of a turn: everything that was called in it goes to the writer as one message. */
  #flush(): void {
    if (this.#turn.length === 0) return;
    const operations = this.#turn;
    this.#turn = [];
    this.#link.post({ kind: 'run', operations });
  }

  #receive(message: WriterMessage): void {
    switch (message.kind) {
      case 'ran':
        this.#settle(message);
        return;
      case 'month closed':
        this.#head = message.head;
        this.#monthKept = null;
        this.#log.info('audit month closed', { row: message.head.seq });
        return;
      case 'month kept':
        if (message.why !== this.#monthKept) this.#log.warn('audit month not closed yet', { why: message.why });
        this.#monthKept = message.why;
        return;
      case 'moved aside':
        this.#head = message.head;
        this.#tell(message.fault);
        return;
      default:
        return assertNever(message, 'message of the audit writer');
    }
  }

  #settle({ results, head, fault, hasMovedAside }: BatchResult): void {
    this.#head = head;
    // The log works again in its new file, so the next fault is another one.
    if (hasMovedAside) this.#tell(fault ?? 'a damaged file was moved aside');
    else this.#noteFault(fault, results.some(isWritten));
    for (const [at, waiting] of this.#waiting.splice(0, results.length).entries()) {
      this.#waitingRows -= waiting.rows;
      const result = results[at];
      if (result !== undefined) waiting.settle(result);
    }
  }

  #noteFault(fault: string | null, hasWritten: boolean): void {
    if (fault === null) {
      if (hasWritten) this.#fault = null;
      return;
    }
    const isNew = this.#fault === null;
    if (isNew) this.#tell(fault);
    this.#fault = fault;
  }

  #tell(fault: string): void {
    this.#fault = null;
    for (const listener of this.#faultListeners) listener(fault);
  }

  /** The writer is gone: what waited may or may not be on disk. */
  #lose(why: string): void {
    const message = this.#isStopped ? CLOSED : why;
    this.#turn = [];
    this.#waitingRows = 0;
    for (const waiting of this.#waiting.splice(0)) waiting.settle({ ok: false, ambiguous: true, message });
    if (!this.#isStopped) this.#noteFault(message, false);
  }

  #reopened({ quarantined }: OpenedLog, head: AuditHead): void {
    this.#head = head;
    this.#log.info('audit log open again', { row: head.seq });
    if (quarantined !== undefined) this.#tell(quarantined);
  }

  #closedBecause(): string | null {
    return this.#isStopped ? CLOSED : this.#link.down;
  }

  #barred(rows: number, limit: number): AuditFailure | null {
    const message = this.#closedBecause();
    if (message !== null) return { ok: false, ambiguous: false, message };
    if (this.#waitingRows + rows <= limit) return null;
    return { ok: false, ambiguous: false, message: `${this.#waitingRows} rows are waiting for the disk already` };
  }
}

/** Anything else would take one key and record another. */
function assertClaims({ client, reqId }: CommandKey, [first]: readonly AuditEntry[]): void {
  if (first?.actor === client && first.reqId === reqId && (first.type === 'INTENT' || first.type === 'REFUSED')) return;
  throw new Error(`the first row of a claim must be the INTENT or REFUSED of ${client} ${reqId}`);
}

function isWritten(result: OperationResult): boolean {
  return 'ok' in result && result.ok;
}

function unreadable(result: OperationResult): Error {
  return new Error(`the audit log cannot be read: ${'message' in result ? result.message : 'wrong answer'}`);
}
