import type { Worker } from 'node:worker_threads';
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
import { isWrite, type Operation, type OperationResult } from './operation.ts';
import type { FromWriter, ToWriter } from './writer-protocol.ts';

/** Rows that may wait for the disk. Claims end first, so that outcomes and kill rows of what runs still find room. */
const MAX_WAITING_FOR_CLAIM = 10_000;
const MAX_WAITING_FOR_APPEND = 20_000;
/** How long `stop` waits for the writer, in milliseconds, before it ends it. */
const STOP_TIMEOUT_MS = 5_000;

interface Waiting {
  readonly rows: number;
  readonly settle: (result: OperationResult) => void;
}

/** The audit log on the gateway's thread: gathers what is called in one turn of the event loop, posts it to the writer, never blocks. */
export class WorkerAuditLog implements AuditLog {
  readonly opened: OpenedLog;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #faultListeners = new Set<(fault: string) => void>();
  readonly #waiting: Waiting[] = [];
  #waitingRows = 0;
  #turn: Operation[] = [];
  #head: AuditHead;
  #fault: string | null = null;
  #closed: string | null = null;
  #stopping: Promise<void> | null = null;

  /** Takes over a writer that has opened its file. */
  constructor(worker: Worker, opened: OpenedLog, head: AuditHead) {
    this.opened = opened;
    this.#worker = worker;
    this.#head = head;
    worker.on('message', (message: FromWriter) => this.#receive(message));
    worker.on('error', (error) => this.#die(`the audit writer failed: ${describe(error)}`));
    this.#exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#die('the audit writer has ended');
        resolve();
      });
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

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#flush();
    this.#closed ??= 'the audit log is closed';
    this.#post({ kind: 'stop' });
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  #ask(operation: Operation): Promise<OperationResult> {
    if (this.#closed !== null) return Promise.resolve({ kind: 'failed', message: this.#closed });
    return this.#call(operation);
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
    this.#post({ kind: 'run', operations });
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWriter): void {
    if (message.kind !== 'ran') return;
    this.#head = message.head;
    this.#noteFault(message.fault, message.results.some(isWritten));
    for (const [at, waiting] of this.#waiting.splice(0, message.results.length).entries()) {
      this.#waitingRows -= waiting.rows;
      const result = message.results[at];
      if (result !== undefined) waiting.settle(result);
    }
  }

  #noteFault(fault: string | null, hasWritten: boolean): void {
    if (fault === null) {
      if (hasWritten) this.#fault = null;
      return;
    }
    const isNew = this.#fault === null;
    this.#fault = fault;
    if (isNew) for (const listener of this.#faultListeners) listener(fault);
  }

  /** The writer is gone: what waited may or may not be on disk. */
  #die(reason: string): void {
    const isAsked = this.#stopping !== null;
    const message = this.#closed ?? reason;
    this.#closed = message;
    this.#turn = [];
    this.#waitingRows = 0;
    for (const waiting of this.#waiting.splice(0)) waiting.settle({ ok: false, ambiguous: true, message });
    if (!isAsked) this.#noteFault(message, false);
  }

  #barred(rows: number, limit: number): AuditFailure | null {
    if (this.#closed !== null) return { ok: false, ambiguous: false, message: this.#closed };
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

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
