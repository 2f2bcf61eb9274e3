import { Worker } from 'node:worker_threads';
import type { AuditHead } from './audit-log.ts';
import type { WrittenExport } from './export-file.ts';
import type { ExportJob } from './export-folder.ts';
import type { Page, PageRequest, Shown, ShowRequest } from './reader.ts';
import type { FromReader, ReaderCalls } from './reader-protocol.ts';
import type { VerifyResult } from './verify.ts';
import { workerUrl } from './worker-url.ts';

/** Called as a verification goes on: the row up to which the chain holds, and how many rows there are. */
export type VerifyProgress = (verified: AuditHead, rows: number) => void;

/** Questions about the log that are answered in a worker, on a connection of its own. Each rejects where the file cannot be read. */
export interface AuditQueries {
  list(request: PageRequest): Promise<Page>;
  show(request: ShowRequest): Promise<Shown>;
  /** Checks the whole chain; `witness` is a head that was noted elsewhere. */
  verify(onProgress?: VerifyProgress, witness?: AuditHead): Promise<VerifyResult>;
  /** Writes the rows that match into a file of a folder, with a manifest. One at a time. */
  export(job: ExportJob): Promise<WrittenExport>;
  /** Ends the worker; questions without an answer are rejected. May be called twice. */
  stop(): Promise<void>;
}

/** Makes the reader of a data folder's log. Its worker starts with the first question, and anew after it has died. */
export function openAuditReader({ dataDir }: { readonly dataDir: string }): AuditQueries {
  return new ReaderWorker(dataDir);
}

interface Waiting {
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: VerifyProgress | undefined;
}

class ReaderWorker implements AuditQueries {
  readonly #dataDir: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #stopped = false;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  list(request: PageRequest): Promise<Page> {
    return this.#ask('list', request);
  }

  show(request: ShowRequest): Promise<Shown> {
    return this.#ask('show', request);
  }

  verify(onProgress?: VerifyProgress, witness?: AuditHead): Promise<VerifyResult> {
    return this.#ask('verify', witness === undefined ? {} : { witness }, onProgress);
  }

  export(job: ExportJob): Promise<WrittenExport> {
    return this.#ask('export', job);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker?.terminate();
  }

  #ask<K extends keyof ReaderCalls>(
    call: K,
    input: ReaderCalls[K]['input'],
    onProgress?: VerifyProgress,
  ): Promise<ReaderCalls[K]['output']> {
    if (this.#stopped) return Promise.reject(new Error('the audit reader is closed'));
    const worker = (this.#worker ??= this.#start());
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      worker.postMessage({ id, call, input });
    });
  }

  #start(): Worker {
    const worker = new Worker(workerUrl('reader'), { workerData: { dataDir: this.#dataDir }, name: 'audit-reader' });
    worker.on('message', (message: FromReader) => this.#receive(message));
    worker.on('error', (error) => this.#gone(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#gone(worker, new Error('the audit reader has ended')));
    return worker;
  }

  #receive(message: FromReader): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'progress') {
      waiting.onProgress?.(message.verified, message.rows);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting.resolve(message.output as never);
    else waiting.reject(new Error(message.message));
  }

  #gone(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
