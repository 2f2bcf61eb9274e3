import { join } from 'node:path';
import { runProgram } from '../../running-gateway.ts';
import { BenchGateway } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, more } from '../figures.ts';
import type { Effort, Row, Sample, Stage } from '../row.ts';

const CLIENTS = 8;
const TICKS_PER_SECOND = 1_000;

/** The same gateway, brain library and work in security mode local and encrypted, in turn. */
export const encrypted: Row = {
  name: 'encrypted',
  about: `a HEARTBEAT, ${CLIENTS} clients flat out, OPEN_ORDER to CLOSE_POSITION, and all ticks of the paper terminal at ${TICKS_PER_SECOND} a second and symbol: in mode encrypted (CURVE and a proof with each request) against local`,
  figures: [
    less('plainP50', 'HEARTBEAT p50, local', 'µs'),
    less('curveP50', 'HEARTBEAT p50, encrypted', 'µs'),
    less('timesP50', 'times local', '', fixed('aim', 2)),
    less('plainP99', 'HEARTBEAT p99, local', 'µs'),
    less('curveP99', 'HEARTBEAT p99, encrypted', 'µs'),
    more('plainRate', `${CLIENTS} clients, local`, '/s'),
    more('curveRate', `${CLIENTS} clients, encrypted`, '/s'),
    more('timesRate', 'times local', '', fixed('aim', 0.5)),
    less('plainOrders', 'slowest action p99, local', 'ms'),
    less('curveOrders', 'slowest action p99, encrypted', 'ms', fixed('must', 100)),
    more('plainTicks', 'ticks, local', '/s'),
    more('curveTicks', 'ticks, encrypted', '/s', fixed('must', 1_000)),
    less('curveMissing', 'gaps in seq, encrypted', '', fixed('must', 0)),
  ],
  async open(stage, effort) {
    const local = await brainAt(stage, await start(stage, 'local'));
    const curve = await brainAt(stage, await start(stage, 'encrypted'), true);
    await measure(local, { ...effort, quick: true });
    await measure(curve, { ...effort, quick: true });
    return {
      ours: async () => {
        const [plain, encrypted] = [await measure(local, effort), await measure(curve, effort)];
        return {
          ...named('plain', plain),
          ...named('curve', encrypted),
          timesP50: encrypted.p50 / plain.p50,
          timesRate: encrypted.rate / plain.rate,
        };
      },
    };
  },
};

async function start(stage: Stage, security: 'local' | 'encrypted'): Promise<BenchGateway> {
  const ticks = ['--paper-ticks-per-second', String(TICKS_PER_SECOND)];
  return stage.use(await BenchGateway.start('--security', security, '--requests-per-second', '0', ...ticks));
}

async function brainAt(stage: Stage, { ports, dataDir }: BenchGateway, isPaired = false): Promise<BenchChild> {
  if (!isPaired) return stage.use(BenchChild.node('brain-client.ts', ports.command, ports.data));
  const file = join(dataDir, 'bench.connection.json');
  const { code, stderr } = await runProgram('--pair', 'bench', '--role', 'trade', '--out', file, '--data-dir', dataDir);
  if (code !== 0) throw new Error(`--pair ended with ${code}: ${stderr}`);
  return stage.use(BenchChild.node('brain-client.ts', ports.command, ports.data, file));
}

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
  readonly orders: number;
  readonly ticks: number;
  readonly missing: number;
}

async function measure(brain: BenchChild, { quick }: Effort): Promise<Measured> {
  const { p50, p99 } = await brain.ask('latency', { count: quick ? 1_000 : 5_000 });
  const { rate } = await brain.ask('throughput', { count: CLIENTS, ms: quick ? 300 : 1_500 });
  const orders = await brain.ask('actions', { count: quick ? 30 : 200 });
  const ticks = await brain.ask('ticks', { ms: quick ? 500 : 3_000 });
  return {
    p50: p50!,
    p99: p99!,
    rate: rate!,
    orders: orders['p99']!,
    ticks: ticks['rate']!,
    missing: ticks['missing']!,
  };
}

function named(prefix: string, { p50, p99, rate, orders, ticks, missing }: Measured): Sample {
  const values = { P50: p50, P99: p99, Rate: rate, Orders: orders, Ticks: ticks, Missing: missing };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}
