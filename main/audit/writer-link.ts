import type { Worker } from 'node:worker_threads';
import { assertNever } from '../assert-never.ts';
import type { Clock } from '../clock.ts';
import type { AuditHead, OpenedLog } from './audit-log.ts';
import type { FromWriter, ToWriter } from './writer-protocol.ts';

/** How long after its end a writer is started anew, by how often in a row that was needed; the last for all that follow. */
const RESTART_AFTER_MS = [100, 500, 2_000, 10_000] as const;
/** How long `stop` waits for the writer, in milliseconds, before it ends it. */
const STOP_TIMEOUT_MS = 5_000;

/** What a writer says once it has opened the log. */
export type WriterMessage = Exclude<FromWriter, { kind: 'opened' | 'failed' }>;

export interface WriterEvents {
  readonly said: (message: WriterMessage) => void;
  /** The writer has ended by itself: what it was asked and has not answered may or may not be done. */
  readonly lost: (why: string) => void;
  /** Another writer has opened the log again. */
  readonly reopened: (opened: OpenedLog, head: AuditHead) => void;
}

/** The way to the writer's thread: starts another when one has ended by itself, with growing pauses. */
export class WriterLink {
  readonly #start: () => Worker;
  readonly #clock: Clock;
  readonly #events: WriterEvents;
  #worker: Worker | null;
  /** Why nothing can be asked at the moment; null while the log is open. */
  #down: string | null = null;
  #restarts = 0;
  #cancelRestart = () => {};
  #stopping: Promise<void> | null = null;
  #ended = () => {};

  /** Takes over a writer that has opened its file. `start` makes another. */
  constructor(worker: Worker, start: () => Worker, clock: Clock, events: WriterEvents) {
    this.#start = start;
    this.#clock = clock;
    this.#events = events;
    this.#worker = worker;
    this.#listen(worker);
  }

  /** Why nothing can be asked at the moment, or null. */
  get down(): string | null {
    return this.#down;
  }

  /** Sends a message; nothing happens while there is no writer. */
  post(message: ToWriter): void {
    this.#worker?.postMessage(message);
  }

  /** Lets the writer finish what it has, and starts no other. May be called twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cancelRestart();
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.post({ kind: 'stop' });
    const cancel = this.#clock.after(STOP_TIMEOUT_MS, () => void worker.terminate());
    await ended;
    cancel();
  }

  #listen(worker: Worker): void {
    worker.on('message', (message: FromWriter) => this.#receive(message));
    worker.on('error', (error) => this.#goDown(`the audit writer failed: ${describe(error)}`));
    // Only now is its connection to the file closed, so that another writer can have it.
    worker.on('exit', () => {
      this.#worker = null;
      this.#goDown('the audit writer has ended');
      this.#ended();
      this.#restartLater();
    });
  }

  #receive(message: FromWriter): void {
    switch (message.kind) {
      case 'opened':
        this.#down = null;
        this.#events.reopened(message.opened, message.head);
        return;
      case 'failed':
        this.#down = `the audit log cannot be opened: ${message.message}`;
        return;
      case 'ran':
        if (message.fault === null) this.#restarts = 0;
        this.#events.said(message);
        return;
      case 'month closed':
      case 'month kept':
      case 'moved aside':
        this.#events.said(message);
        return;
      default:
        assertNever(message, 'message of the audit writer');
    }
  }

  #goDown(why: string): void {
    if (this.#down !== null) return;
    this.#down = why;
    this.#events.lost(why);
  }

  #restartLater(): void {
    if (this.#stopping !== null) return;
    const delayMs = RESTART_AFTER_MS[this.#restarts] ?? RESTART_AFTER_MS[3];
    this.#restarts += 1;
    this.#cancelRestart = this.#clock.after(delayMs, () => this.#restart());
  }

  #restart(): void {
    try {
      this.#worker = this.#start();
    } catch (error) {
      this.#down = `the audit writer cannot be started: ${describe(error)}`;
      this.#restartLater();
      return;
    }
    this.#listen(this.#worker);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
