const WORKERS = {
  writer: { source: './writer-worker.ts', built: 'audit-writer.js' },
  reader: { source: './reader-worker.ts', built: 'audit-reader.js' },
} as const;

/**
 * Where a worker's entry is, seen from this module: the TypeScript beside it when it runs from source, else the bundle of
 * its own in the folder of the built program (one up when this module was put into a shared chunk).
 */
export function workerUrl(name: keyof typeof WORKERS, here: string = import.meta.url): URL {
  const { source, built } = WORKERS[name];
  if (here.endsWith('.ts')) return new URL(source, here);
  return new URL(/\/chunks\/[^/]+$/.test(here) ? `../${built}` : `./${built}`, here);
}
