import { BenchGateway } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, noWorseThanPython } from '../figures.ts';
import type { Effort, Row, Sample, Stage } from '../row.ts';

const SLOW_ORDER_MS = 3_000;
const QUEUED = 10_000;

/** How long a KILL_SWITCH with nothing to flatten takes on a connection of its own, from sending to the reply. */
export const kill: Row = {
  name: 'kill',
  about: 'KILL_SWITCH at a second client, flatten none, resumed after each; clients without libzmq',
  figures: [
    less('idle', 'empty book, idle', 'ms', fixed('aim', 5)),
    less('queued', `behind ${QUEUED} messages of a client that reads no answer`, 'ms', fixed('aim', 50)),
    less('slow', 'with a 3 s order under way', 'ms', noWorseThanPython, fixed('aim', 5)),
  ],
  async open(stage, effort) {
    const ours = await openOurs(stage, effort);
    return effort.python ? { ours, python: await openPython(stage) } : { ours };
  },
};

async function openOurs(stage: Stage, { quick }: Effort): Promise<() => Promise<Sample>> {
  const fast = stage.use(await BenchGateway.start());
  const slow = stage.use(await BenchGateway.start('--paper-latency-ms', String(SLOW_ORDER_MS)));
  const killer = stage.use(BenchChild.node('raw-client.ts', fast.ports.command));
  const slowKiller = stage.use(BenchChild.node('raw-client.ts', slow.ports.command));
  await Promise.all([killer, slowKiller].map((client) => client.ask('latency', { count: 500 })));
  const repeats = quick ? 2 : 10;
  return async () => ({
    idle: await worst(repeats, () => killAndResume(fast, killer)),
    queued: await worst(repeats, () => killBehindFlood(fast, killer)),
    slow: await killWithOrder(slow, slowKiller),
  });
}

async function worst(count: number, once: () => Promise<number>): Promise<number> {
  let worstMs = 0;
  for (let done = 0; done < count; done += 1) worstMs = Math.max(worstMs, await once());
  return worstMs;
}

async function killAndResume(gateway: BenchGateway, killer: BenchChild): Promise<number> {
  const { ms } = await killer.ask('kill');
  await gateway.resume();
  return ms!;
}

async function killBehindFlood(gateway: BenchGateway, killer: BenchChild): Promise<number> {
  await using other = BenchChild.node('raw-client.ts', gateway.ports.command);
  await other.ask('flood', { count: QUEUED });
  return await killAndResume(gateway, killer);
}

async function killWithOrder(gateway: BenchGateway, killer: BenchChild): Promise<number> {
  await using trader = BenchChild.node('raw-client.ts', gateway.ports.command);
  await trader.ask('sendOrder');
  return await killAndResume(gateway, killer);
}

async function openPython(stage: Stage): Promise<() => Promise<Sample>> {
  const gateway = stage.use(BenchChild.python('baseline_gateway.py', 'command', 0, SLOW_ORDER_MS / 1000));
  const port = await gateway.port();
  const killer = stage.use(BenchChild.node('raw-client.ts', port));
  await killer.ask('latency', { count: 500 });
  return async () => {
    await using trader = BenchChild.node('raw-client.ts', port);
    await trader.ask('sendOrder');
    const { ms } = await killer.ask('kill');
    return { slow: ms! };
  };
}
