import { BenchGateway } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, more } from '../figures.ts';
import type { Row, Sample } from '../row.ts';

const CLIENT_COUNTS = [1, 8, 32];
const AIMED_RATES = [1_800, 9_500, 20_000];

/** Orders on the paper terminal, each recorded on disk before it runs and after. Neither baseline records anything. */
export const orders: Row = {
  name: 'orders',
  about:
    'OPEN_ORDER and its CLOSE_POSITION on the paper terminal, both counted, recorded with fsync; clients without libzmq',
  figures: [
    ...CLIENT_COUNTS.map((count, index) =>
      more(`rate${count}`, `${count} ${count === 1 ? 'client' : 'clients'}`, '/s', fixed('aim', AIMED_RATES[index]!)),
    ),
    less('p50', 'OPEN_ORDER p50', 'µs'),
    less('commit', 'one durable commit p50', 'µs'),
    less('commits', 'OPEN_ORDER over HEARTBEAT, in commits', '', fixed('aim', 2.5)),
  ],
  async open(stage, { quick }) {
    const gateway = stage.use(await BenchGateway.start());
    const client = stage.use(BenchChild.node('raw-client.ts', gateway.ports.command));
    const disk = stage.use(BenchChild.node('commit-probe.ts', gateway.dataDir));
    const ms = quick ? 300 : 1_500;
    return {
      ours: async () => {
        const sample: Record<string, number> = {};
        for (const count of CLIENT_COUNTS) {
          const { rate, p50 } = await client.ask('orders', { count, ms });
          sample[`rate${count}`] = rate!;
          if (count === 1) sample['p50'] = p50!;
        }
        const { p50: commit } = await disk.ask('commit', { count: 200 });
        const { p50: heartbeat } = await client.ask('latency', { count: 500 });
        return { ...sample, ...inCommits(sample['p50']!, heartbeat!, commit!) };
      },
    };
  },
};

function inCommits(orderUs: number, heartbeatUs: number, commitUs: number): Sample {
  return { commit: commitUs, commits: (orderUs - heartbeatUs) / commitUs };
}
