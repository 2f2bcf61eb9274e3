import { BenchChild } from '../child.ts';
import { less, times } from '../figures.ts';
import type { Contest, Effort, Row } from '../row.ts';
import { askEach, OWN_CLIENTS, startCommandServers } from '../servers.ts';

/** A heartbeat and its answer, as a strategy sees it. */
export const roundTrip: Row = {
  name: 'round-trip',
  rounds: 7,
  about: 'a HEARTBEAT and its answer, each gateway with its own client: brain library, zeromq.js REQ, pyzmq REQ',
  figures: [
    less('p50', 'p50', 'µs', times('must', 1.3, 'bare')),
    less('p99', 'p99', 'µs', times('aim', 1.3, 'bare')),
    less('p999', 'p99.9', 'µs', times('aim', 1.3, 'bare')),
  ],
  async open(stage, effort) {
    const { ports } = await startCommandServers(stage, effort);
    const contest = askEach(
      stage,
      ports,
      (port, side) => OWN_CLIENTS[side](port),
      (child) => child.ask('latency', { count: samples(effort) }),
    );
    await warmUp(contest);
    return contest;
  },
};

/** The same with one client for all, so that only the gateways differ. */
export const roundTripSameClient: Row = {
  name: 'round-trip-same-client',
  about: 'a HEARTBEAT and its answer, all with the same client: ZeroMQ over a plain socket, without libzmq',
  figures: [less('p50', 'p50', 'µs', times('aim', 1.3, 'bare')), less('p99', 'p99', 'µs', times('aim', 1.3, 'bare'))],
  async open(stage, effort) {
    const contest = askEach(
      stage,
      (await startCommandServers(stage, effort)).ports,
      (port) => BenchChild.node('raw-client.ts', port),
      (child) => child.ask('latency', { count: samples(effort) }),
    );
    await warmUp(contest);
    return contest;
  },
};

/** Until both ends of every side are compiled: what is measured is the gateway, not its start. */
async function warmUp(contest: Contest): Promise<void> {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    for (const measure of Object.values(contest)) await measure();
  }
}

const WARM_UP_ROUNDS = 5;

function samples({ quick }: Effort): number {
  return quick ? 2_000 : 10_000;
}
