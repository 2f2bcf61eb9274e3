import { workerFile, type WorkerFile } from '../worker-file.ts';

const WORKERS = {
  writer: { source: './writer-worker.ts', built: 'audit-writer.js' },
  reader: { source: './reader-worker.ts', built: 'audit-reader.js' },
} as const satisfies Record<string, WorkerFile>;

/** Where a worker's entry is, seen from this module. */
export function workerUrl(name: keyof typeof WORKERS, here: string = import.meta.url): URL {
  return workerFile(WORKERS[name], here);
}
