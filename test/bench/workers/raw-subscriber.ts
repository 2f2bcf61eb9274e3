// Subscribers that only count frames and look for gaps in `seq`: ZeroMQ over plain sockets, without libzmq.
import { RawConnection } from '../raw-connection.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';
import { FrameCount } from '../frame-count.ts';

const QUIET_MS = 200;
const SETTLE_TIMEOUT_MS = 20_000;
const port = Number(process.argv[2]);
let counts: readonly FrameCount[] = [];
let connections: readonly RawConnection[] = [];

await serveTasks({ connect, received, reset, settle });

/** Connects `count` subscribers to everything. */
async function connect({ count = 1 }: Parameters) {
  counts = Array.from({ length: count }, () => new FrameCount());
  connections = await Promise.all(
    counts.map((frames) =>
      RawConnection.open(port, 'SUB', (bytes, start, end) => {
        frames.take(bytes, start, end);
      }),
    ),
  );
  for (const connection of connections) connection.subscribe('');
  return {};
}

/** What the slowest has by now. */
function received() {
  return Promise.resolve({ slowest: Math.min(...counts.map(({ frames }) => frames)) });
}

/** Counts from nought again. */
function reset() {
  for (const frames of counts) frames.reset();
  return Promise.resolve({});
}

/** Waits until nothing comes any more; what the slowest got, when, and the gaps that any of them saw. */
async function settle() {
  const until = sharedMs() + SETTLE_TIMEOUT_MS;
  const all = () => counts.reduce((sum, { frames }) => sum + frames, 0);
  for (let before = -1; all() !== before && sharedMs() < until;) {
    before = all();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
  return {
    slowest: Math.min(...counts.map(({ frames }) => frames)),
    lastAtMs: Math.max(...counts.map(({ lastAtMs }) => lastAtMs)),
    missing: Math.max(...counts.map(({ missing }) => missing)),
    rate: Math.min(...counts.map((frames) => frames.rate)),
  };
}
