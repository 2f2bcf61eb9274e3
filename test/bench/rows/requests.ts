import { BenchChild } from '../child.ts';
import { more, noWorseThanPython, times } from '../figures.ts';
import type { Row } from '../row.ts';
import { askEach, startCommandServers } from '../servers.ts';

const CLIENT_COUNTS = [1, 8, 32];

/** How many requests a second a gateway answers. */
export const requests: Row = {
  name: 'requests',
  about: 'HEARTBEATs a second, each client waiting for its answer; clients without libzmq, in one process',
  figures: CLIENT_COUNTS.map((count) =>
    more(
      `rate${count}`,
      `${count} ${count === 1 ? 'client' : 'clients'}`,
      '/s',
      noWorseThanPython,
      times('aim', 0.9, 'bare'),
    ),
  ),
  async open(stage, effort) {
    const { ports } = await startCommandServers(stage, effort);
    return askEach(
      stage,
      ports,
      (port) => BenchChild.node('raw-client.ts', port),
      async (child) => {
        const sample: Record<string, number> = {};
        for (const count of CLIENT_COUNTS) {
          const { rate } = await child.ask('throughput', { count, ms: effort.quick ? 300 : 1_000 });
          sample[`rate${count}`] = rate!;
        }
        return sample;
      },
    );
  },
};
