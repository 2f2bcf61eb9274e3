import { mkdirSync } from 'node:fs';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AuditLog } from './audit-log.ts';
import { auditFile } from './schema.ts';
import { WorkerAuditLog } from './worker-audit-log.ts';
import { workerUrl } from './worker-url.ts';
import type { FromWriter, WriterSettings } from './writer-protocol.ts';

/**
 * A row lives in the writer until it is on disk: a young generation of three times 1 MiB, V8's smallest, holds what is
 * underway, and its own default of 48 would only fill with garbage.
 */
const WRITER_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 3 };

export interface AuditLogOptions {
  /** Folder of `audit.sqlite`; made with mode 0700 where it is missing. */
  readonly dataDir: string;
  /** Id of this run of the gateway, on every row. */
  readonly session: string;
  readonly appVersion: string;
  /** Version of the terminal program, on every row. */
  readonly bridgeVersion?: string;
  readonly clock: Clock;
  readonly log: Log;
}

export type OpenAuditLogResult =
  { readonly ok: true; readonly log: AuditLog } | { readonly ok: false; readonly message: string };

/** Opens the audit log and starts its writer. `message` is one line that names the file and why it cannot be used. */
export async function openAuditLog(options: AuditLogOptions): Promise<OpenAuditLogResult> {
  const { dataDir, session, appVersion, bridgeVersion = null, clock, log } = options;
  const file = auditFile(dataDir);
  const startedMs = clock.monoMs();
  const settings: WriterSettings = { dataDir, stamp: { session, appVersion, bridgeVersion } };
  const startWriter = () =>
    new Worker(workerUrl('writer'), { workerData: settings, resourceLimits: WRITER_LIMITS, name: 'audit-writer' });
  let first: FromWriter;
  let worker: Worker;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    worker = startWriter();
    first = await firstMessage(worker);
  } catch (error) {
    return unusable(file, error instanceof Error ? error.message : String(error));
  }
  if (first.kind !== 'opened') return unusable(file, first.kind === 'failed' ? first.message : 'no answer');
  const { opened, head } = first;
  const tookMs = Math.round(clock.monoMs() - startedMs);
  log.info('audit log open', { file, rows: head.seq, tookMs, tailIntact: opened.tailIntact });
  if (opened.quarantined !== undefined) log.error('audit log damaged', { what: opened.quarantined });
  return { ok: true, log: new WorkerAuditLog(worker, opened, head, { clock, log, startWriter }) };
}

function unusable(file: string, why: string): OpenAuditLogResult {
  return { ok: false, message: `the audit log ${file} cannot be used: ${why}` };
}

function firstMessage(worker: Worker): Promise<FromWriter> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the writer ended before it had opened the file')));
  });
}
