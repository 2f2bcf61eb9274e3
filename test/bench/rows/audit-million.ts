import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BenchGateway, newDataDir } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, more } from '../figures.ts';
import type { Row, Sample } from '../row.ts';
import { median } from '../statistics.ts';

const ROWS = 1_000_000;
const LONGEST_MS = 120_000;
const HEARTBEATS = 1_000;

/** What reading a year's audit log costs, and whether a gateway that trades on it notices. */
export const auditMillion: Row = {
  name: 'audit-million',
  rounds: 1,
  isSlow: true,
  about: `an audit log of ${ROWS} rows: newest pages under each filter in one step, verification, export, and HEARTBEATs of a gateway on that log meanwhile (p99 of each 1,000, median of those; client without libzmq)`,
  figures: [
    less('pageSlowest', 'newest 100 rows, one step: median of the slowest filter', 'ms', fixed('must', 5)),
    less('pageP99', 'the same, p99 of all filters', 'ms', fixed('aim', 5)),
    less('pageMax', 'the same, longest of all', 'ms'),
    less('whole', 'longest until a page of a rare combination is full', 'ms'),
    less('verify', '--audit verify, seconds', '', fixed('must', 30)),
    more('verifyRate', 'verified rows', '/s'),
    more('exportRate', 'exported as JSONL, MB/s', ''),
    less('grown', 'memory that the second half of an export adds', 'MB', fixed('must', 10)),
    less('idle', 'HEARTBEAT p99, idle', 'ms'),
    less('whileVerifying', 'HEARTBEAT p99 during --audit verify', 'ms', fixed('aim', 1.5)),
    less('whileExporting', 'HEARTBEAT p99 during --audit export', 'ms', fixed('aim', 1.5)),
  ],
  async open(stage) {
    const dataDir = newDataDir();
    const log = stage.use(BenchChild.node('audit-log.ts', dataDir));
    await log.ask('build', { count: ROWS }, LONGEST_MS);
    const gateway = stage.use(await BenchGateway.startIn(dataDir));
    const client = stage.use(BenchChild.node('raw-client.ts', gateway.ports.command));
    await client.ask('latency', { count: 5_000 });
    return { ours: () => measure(dataDir, log, client) };
  },
};

async function measure(dataDir: string, log: BenchChild, client: BenchChild): Promise<Sample> {
  const pages = await log.ask('pages', {}, LONGEST_MS);
  const exported = await log.ask('export', {}, LONGEST_MS);
  const idle = await p99While(client, new Promise((resolve) => setTimeout(resolve, 3_000)));
  const verifying = timed('--audit', 'verify', '--data-dir', dataDir);
  const whileVerifying = await p99While(client, verifying);
  const verifyMs = await timed('--audit', 'verify', '--data-dir', dataDir);
  const folder = join(dataDir, 'export');
  mkdirSync(folder);
  const out = join(folder, 'rows.jsonl');
  const exporting = timed('--audit', 'export', '--format', 'jsonl', '--out', out, '--data-dir', dataDir);
  const whileExporting = await p99While(client, exporting);
  return {
    pageSlowest: pages['slowest']!,
    pageP99: pages['p99']!,
    pageMax: pages['max']!,
    whole: pages['whole']!,
    verify: verifyMs / 1_000,
    verifyRate: (ROWS * 1_000) / verifyMs,
    exportRate: exported['rate']!,
    grown: exported['grown']!,
    ...{ idle, whileVerifying, whileExporting },
  };
}

/** Median of the p99s of batches of heartbeats, in milliseconds, as long as something goes on. */
async function p99While(client: BenchChild, something: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  const ended = something.finally(() => over.abort());
  const batches: number[] = [];
  do {
    const { p99 } = await client.ask('latency', { count: HEARTBEATS });
    batches.push(p99! / 1_000);
  } while (!over.signal.aborted);
  await ended;
  return median(batches);
}

/** How long a command of the built program takes, in milliseconds. Rejects where it does not end well. */
function timed(...words: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ['dist/mt5-fabric.js', ...words], { stdio: 'ignore', timeout: LONGEST_MS });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`${words.join(' ')} ended with ${code ?? signal}`));
    });
  });
}
