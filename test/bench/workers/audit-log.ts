// Builds and reads an audit log of a million rows, in a process of its own.
import { createWriteStream } from 'node:fs';
import { writeDrained } from '../../../main/audit/write-drained.ts';
import { exportRows } from '../../../main/audit/export-rows.ts';
import { AuditReader } from '../../../main/audit/reader.ts';
import type { RowFilter } from '../../../main/audit/row-filter.ts';
import { wholePage } from '../../../main/audit/whole-page.ts';
import { writeRows } from '../million-rows.ts';
import { median, percentile } from '../statistics.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const dataDir = process.argv[2]!;
const MIB = 1_048_576;

/** Each filter alone, with few, many and no rows; and two or three together that meet often, seldom and never. */
const FILTERS: readonly RowFilter[] = [
  {},
  ...[{ type: 'INTENT' }, { type: 'KILL_TRIGGER' }, { client: 'alpha' }, { client: 'midas' }, { client: 'nobody' }],
  ...[{ actorKind: 'client' }, { actorKind: 'operator' }, { action: 'OPEN_ORDER' }, { symbol: 'EURUSD' }],
  ...[{ symbol: 'XAUUSD' }, { status: 'DONE' }, { status: 'UNKNOWN' }, { code: 'STALE' }, { code: 'TIMEOUT' }],
  ...[{ reqId: 'bench-00000000' }, { reqId: 'none' }, { untilMs: 0 }, { sinceMs: 0 }],
  ...[
    { client: 'midas', symbol: 'EURUSD' },
    { client: 'alpha', symbol: 'XAUUSD' },
  ],
  ...[
    { client: 'alpha', symbol: 'EURUSD' },
    { client: 'alpha', code: 'STALE' },
    { type: 'REFUSED', status: 'DONE' },
  ],
  ...[
    { type: 'INTENT', status: 'DONE' },
    { type: 'OUTCOME', status: 'ACCEPTED', client: 'alpha' },
  ],
  ...[
    { client: 'beta', symbol: 'GBPUSD', type: 'OUTCOME' },
    { actorKind: 'operator', client: 'alpha' },
  ],
] as readonly RowFilter[];

await serveTasks({ build, pages, export: exportAll });

function build({ count = 1_000_000 }: Parameters) {
  const start = sharedMs();
  writeRows(dataDir, count);
  return Promise.resolve({ s: (sharedMs() - start) / 1_000 });
}

/** The newest 100 rows: what one step costs the worker, the opening of the file with it; and how long until a page is full. */
async function pages({ count = 40 }: Parameters) {
  const reader = new AuditReader(dataDir);
  const all: number[] = [];
  let [slowest, wholeMs] = [0, 0];
  for (const filter of FILTERS) {
    const steps = Array.from({ length: count }, () => pageMs(reader, filter));
    all.push(...steps);
    slowest = Math.max(slowest, median(steps));
    const start = sharedMs();
    await wholePage(reader, { ...filter, limit: 100 });
    wholeMs = Math.max(wholeMs, sharedMs() - start);
  }
  reader.close();
  return { slowest, p99: percentile(all, 99), max: Math.max(...all), whole: wholeMs };
}

function pageMs(reader: AuditReader, filter: RowFilter): number {
  const start = sharedMs();
  reader.list({ ...filter, limit: 100 });
  reader.release();
  return sharedMs() - start;
}

/** Every row as JSONL into nothing, and what the second half of it added to the memory. */
async function exportAll() {
  const reader = new AuditReader(dataDir);
  const nowhere = createWriteStream('/dev/null');
  const rows = reader.head().seq;
  let [written, halfRss] = [0, 0];
  const start = sharedMs();
  const { bytes } = await exportRows(reader, { format: 'jsonl', filter: {}, isMasked: false }, async (text) => {
    await writeDrained(nowhere, text);
    written += 1_000;
    if (halfRss === 0 && written >= rows / 2) halfRss = residentBytes();
  });
  const tookMs = sharedMs() - start;
  const grown = (residentBytes() - halfRss) / MIB;
  reader.close();
  return { rate: bytes / 1_000 / tookMs, grown, rss: halfRss / MIB };
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
