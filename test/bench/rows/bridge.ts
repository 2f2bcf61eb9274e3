import * as z from 'zod';
import { openBridge, type BridgeStand } from '../bridge-stand.ts';
import { fixed, less } from '../figures.ts';
import type { Row, Sample } from '../row.ts';
import { median } from '../statistics.ts';
import { runProgram } from '../../running-gateway.ts';

const HIGHEST_MS = 5;
/** Until the gateway is compiled: what is measured is not its start. */
const WARM_UP_ORDERS = 400;
const SPANS = ['queue', 'commit', 'terminal', 'total'] as const;
const outcomeSchema = z.object({ latency_us: z.string() });
const latchedSchema = z.object({ terminal: z.object({ latched: z.literal(true) }) });
const latencySchema = z.record(z.enum(SPANS), z.number());

/** Commands through gateway, pipe, bridge program and broker, and what of their time each part takes. */
export const bridgeCommands: Row = {
  name: 'bridge',
  about:
    'OPEN_ORDER and its CLOSE_POSITION through the bridge program and a simulated broker that answers at once; brain library',
  figures: [
    less('openP50', 'OPEN_ORDER p50', 'ms', fixed('must', HIGHEST_MS)),
    less('openP99', 'OPEN_ORDER p99', 'ms'),
    less('closeP50', 'CLOSE_POSITION p50', 'ms', fixed('must', HIGHEST_MS)),
    less('closeP99', 'CLOSE_POSITION p99', 'ms'),
    less('total', 'OPEN_ORDER in the gateway p50', 'ms'),
    less('queue', 'of it: before its commit', 'ms'),
    less('commit', 'of it: the durable commit before the order', 'ms'),
    less('terminal', 'of it: pipe, program, broker and back', 'ms'),
    less('positionsP50', 'GET_POSITIONS p50', 'ms'),
    less('kill', 'KILL_SWITCH of an empty book, latched in the program, p50', 'ms'),
  ],
  async open(stage, { quick, compiler }) {
    if (!compiler) return {};
    const stand = await openBridge(stage);
    const orders = quick ? 100 : 300;
    const kills = quick ? 1 : 3;
    await stand.brain.ask('trade', { count: WARM_UP_ORDERS });
    return { ours: () => measure(stand, orders, kills) };
  },
};

async function measure(stand: BridgeStand, orders: number, kills: number): Promise<Sample> {
  const { brain, gateway } = stand;
  const trades = await brain.ask('trade', { count: orders });
  const spans = await openingSpans(gateway.dataDir, orders);
  const { positionsP50 } = await brain.ask('ask', { count: orders });
  const killsMs: number[] = [];
  for (let done = 0; done < kills; done += 1) killsMs.push(await killAndResume(stand));
  return { ...trades, ...spans, positionsP50: positionsP50!, kill: median(killsMs) };
}

/** What the audit log says of the last openings: medians in milliseconds. */
async function openingSpans(dataDir: string, count: number): Promise<Sample> {
  const filter = ['--type', 'OUTCOME', '--action', 'OPEN_ORDER', '--limit', String(count)];
  const { code, stdout, stderr } = await runProgram('--audit', 'list', ...filter, '--json', '--data-dir', dataDir);
  if (code !== 0) throw new Error(`--audit list ended with ${code}: ${stderr}`);
  const rows = stdout.trim().split('\n');
  const spans = rows.map((row) => latencySchema.parse(JSON.parse(outcomeSchema.parse(JSON.parse(row)).latency_us)));
  return Object.fromEntries(SPANS.map((span) => [span, median(spans.map((one) => one[span])) / 1000]));
}

/** A kill and its resume; how long the kill took. Throws where the program is not latched then. */
async function killAndResume({ brain, gateway }: BridgeStand): Promise<number> {
  const { ms } = await brain.ask('kill');
  const { stdout } = await runProgram('--status', '--json', '--data-dir', gateway.dataDir);
  latchedSchema.parse(JSON.parse(stdout));
  await gateway.resume();
  return ms!;
}
