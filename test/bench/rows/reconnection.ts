import { connect } from 'node:net';
import { BenchGateway } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, noWorseThanPython } from '../figures.ts';
import type { Row, Sample } from '../row.ts';
import { sharedMs } from '../worker-tasks.ts';

const DOWN_MS = 300;
/** How long a client is given after the server is surely there again. */
const PATIENCE_MS = 600;

/** A gateway that can be taken away and brought back on its port. */
interface Server {
  readonly port: number;
  stop(): Promise<void>;
  startAgain(): Promise<unknown>;
  /** How long it takes to start, at most. */
  readonly startMs: number;
}

/** From the gateway's port being open again to the client's next good answer; Infinity where none came in time. */
export const reconnection: Row = {
  name: 'reconnection',
  about: 'from the port being open again to the next good answer, each with its own client asking on',
  figures: [less('ms', 'port open to answer', 'ms', noWorseThanPython, fixed('aim', 100))],
  async open(stage, effort) {
    const gateway = stage.use(await BenchGateway.start());
    const port = gateway.ports.command;
    const brain = stage.use(BenchChild.node('brain-client.ts', port));
    const ours = { port, startMs: 3_000, stop: () => gateway.stop(), startAgain: () => gateway.startAgain() };
    return {
      ours: () => interrupt(ours, brain),
      bare: () =>
        interruptBaseline(
          (at) => BenchChild.node('bare-router.ts', at),
          (at) => BenchChild.node('bare-client.ts', at),
        ),
      ...(effort.python
        ? {
            python: () =>
              interruptBaseline(
                (at) => BenchChild.python('baseline_gateway.py', 'command', at),
                (at) => BenchChild.python('baseline_client.py', at),
              ),
          }
        : {}),
    };
  },
};

async function interrupt(server: Server, client: BenchChild): Promise<Sample> {
  await client.ask('latency', { count: 10 });
  const next = client.ask('reconnect', { ms: DOWN_MS + server.startMs + PATIENCE_MS });
  await server.stop();
  await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
  const [openAtMs] = await Promise.all([whenOpen(server.port), server.startAgain()]);
  const { goodAtMs } = await next;
  return { ms: goodAtMs === 0 ? Infinity : goodAtMs! - openAtMs };
}

/** The same for a baseline: its client gets stuck for good, so both are new in every round. */
async function interruptBaseline(
  startServer: (port: number) => BenchChild,
  startClient: (port: number) => BenchChild,
): Promise<Sample> {
  await using processes = new AsyncDisposableStack();
  let server = processes.use(startServer(0));
  const port = await server.port();
  const client = processes.use(startClient(port));
  const wrapped = {
    port,
    startMs: 500,
    stop: () => server[Symbol.asyncDispose](),
    startAgain: () => {
      server = processes.use(startServer(port));
      return server.port();
    },
  };
  return await interrupt(wrapped, client);
}

async function whenOpen(port: number): Promise<number> {
  const until = sharedMs() + 10_000;
  while (sharedMs() < until) {
    if (await accepts(port)) return sharedMs();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`port ${port} did not open again`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const say = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', say(true)).once('error', say(false));
  });
}
