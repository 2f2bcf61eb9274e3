import { BenchChild } from '../child.ts';
import { more, noWorseThanPython, times } from '../figures.ts';
import type { Effort, Goal, Row, Sample, Side } from '../row.ts';
import { askEach, OWN_CLIENTS, startCommandServers } from '../servers.ts';

const CLIENT_COUNTS = [1, 8, 32];
const aim = times('aim', 0.9, 'bare');

/** How many requests a second a gateway answers to clients of its own kind. */
export const requests: Row = {
  name: 'requests',
  about:
    'HEARTBEATs a second, each client waiting for its answer; each gateway with its own clients, all in one process',
  // One client alone is the round trip, which has a row of its own.
  figures: rates((count) => (count === 32 ? [noWorseThanPython, aim] : [aim])),
  open: (stage, effort) => race(stage, effort, (port, side) => OWN_CLIENTS[side](port)),
};

/** The same with clients that cost next to nothing, so that only the gateways differ. */
export const requestsSameClient: Row = {
  name: 'requests-same-client',
  about: 'HEARTBEATs a second, each client waiting for its answer; clients without libzmq, in one process',
  figures: rates(() => [aim]),
  open: (stage, effort) => race(stage, effort, (port) => BenchChild.node('raw-client.ts', port)),
};

function rates(goals: (count: number) => readonly Goal[]): Row['figures'] {
  return CLIENT_COUNTS.map((count) =>
    more(`rate${count}`, `${count} ${count === 1 ? 'client' : 'clients'}`, '/s', ...goals(count)),
  );
}

async function race(
  stage: Parameters<Row['open']>[0],
  effort: Effort,
  client: (port: number, side: Side) => BenchChild,
): ReturnType<Row['open']> {
  const { ports } = await startCommandServers(stage, effort);
  return askEach(stage, ports, client, async (child) => {
    const sample: Record<string, number> = {};
    for (const count of CLIENT_COUNTS) {
      const { rate } = await child.ask('throughput', { count, ms: effort.quick ? 250 : 1_000 });
      sample[`rate${count}`] = rate!;
    }
    return sample satisfies Sample;
  });
}
