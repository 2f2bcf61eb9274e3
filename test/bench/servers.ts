import { BenchGateway } from './bench-gateway.ts';
import { BenchChild } from './child.ts';
import { SIDES, type Contest, type Effort, type Sample, type Side, type Stage } from './row.ts';

/** Command ports of the gateways that are compared; Python's only where it can be run. */
export type CommandPorts = Partial<Record<Side, number>>;

/** The gateways that are compared. */
export interface CommandServers {
  readonly gateway: BenchGateway;
  readonly ports: CommandPorts;
}

/** Starts our gateway, a bare ROUTER echo and the pyzmq gateway, each in a process of its own. */
export async function startCommandServers(stage: Stage, effort: Effort): Promise<CommandServers> {
  const gateway = stage.use(await BenchGateway.start());
  const bare = stage.use(BenchChild.node('bare-router.ts'));
  const ports = { ours: gateway.ports.command, bare: await bare.port() };
  if (!effort.python) return { gateway, ports };
  const python = stage.use(BenchChild.python('baseline_gateway.py', 'command'));
  return { gateway, ports: { ...ports, python: await python.port() } };
}

/** Each side's own client: the brain library, a zeromq.js REQ socket, a pyzmq REQ socket. */
export const OWN_CLIENTS = {
  ours: (port: number) => BenchChild.node('brain-client.ts', port),
  bare: (port: number) => BenchChild.node('bare-client.ts', port),
  python: (port: number) => BenchChild.python('baseline_client.py', port),
} as const satisfies Record<Side, (port: number) => BenchChild>;

/** A contest in which every side that has a port is asked the same, by a child that `client` starts for it. */
export function askEach(
  stage: Stage,
  ports: CommandPorts,
  client: (port: number, side: Side) => BenchChild,
  measure: (child: BenchChild) => Promise<Sample>,
): Contest {
  const sides = SIDES.flatMap((side) => {
    const port = ports[side];
    if (port === undefined) return [];
    const child = stage.use(client(port, side));
    return [[side, () => measure(child)] as const];
  });
  return Object.fromEntries(sides);
}
