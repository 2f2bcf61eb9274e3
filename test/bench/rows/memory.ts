import { BenchChild } from '../child.ts';
import { fixed, less } from '../figures.ts';
import { residentMb } from '../resident-memory.ts';
import type { Row, Sample } from '../row.ts';
import { startCommandServers } from '../servers.ts';

const REQUESTS = 10_000;

/** Resident memory, as the system counts it. */
export const memory: Row = {
  name: 'memory',
  rounds: 1,
  about: `resident memory in MB of 1,048,576 bytes: a program that has loaded the client and had one answer, then ${REQUESTS} more, with the flags of the brain's launcher; the gateway after them`,
  figures: [
    less('idle', 'client, idle', 'MB', fixed('must', 50), fixed('aim', 48)),
    less('active', `client, after ${REQUESTS} requests`, 'MB', fixed('must', 50)),
    less('gateway', 'headless gateway', 'MB', fixed('aim', 85)),
  ],
  async open(stage, effort) {
    const { gateway, ports } = await startCommandServers(stage, effort);
    return {
      ours: async () => ({
        ...(await weigh(BenchChild.brain('memory-probe.cjs', 'brain', gateway.ports.command, REQUESTS))),
        gateway: residentMb(gateway.pid),
      }),
      bare: () => weigh(BenchChild.node('memory-probe.cjs', 'zeromq', ports.bare!, REQUESTS)),
      ...(ports.python === undefined ? {} : { python: () => weighPython(ports.python!) }),
    };
  },
};

async function weigh(started: BenchChild): Promise<Sample> {
  await using program = started;
  return await program.ask('weigh');
}

async function weighPython(port: number): Promise<Sample> {
  await using client = BenchChild.python('baseline_client.py', port);
  await client.ask('latency', { count: 1 });
  const idle = residentMb(client.pid);
  await client.ask('latency', { count: REQUESTS });
  return { idle, active: residentMb(client.pid) };
}
