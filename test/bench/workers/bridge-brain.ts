// A strategy behind the bridge: the client that ships, its orders one after the other, its ticks counted and timed.
import { brain } from '../../brain-library.ts';
import { percentile } from '../statistics.ts';
import { sinceStampMs } from '../tick-stamp.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const QUIET_MS = 2_000;
const LOOK_MS = 50;
const [reqPort, subPort] = process.argv.slice(2, 4).map(Number);
const symbols = process.argv.slice(4);
const client = new brain.ZmqClient({ host: '127.0.0.1', reqPort, subPort, timeoutMs: 2_000 });

const lastSeq = new Map<string, number>();
let ticks = { count: 0, missing: 0, firstAtMs: 0, lastAtMs: 0, delaysMs: [] as number[] };

void listen();
await serveTasks({ trade, ask, kill, reset, settle });

/** Opens a position and closes it again, so many times; each answer timed. */
async function trade({ count = 100 }: Parameters) {
  const openMs: number[] = [];
  const closeMs: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const ticket = await timed(openMs, open);
    await timed(closeMs, () => close(ticket));
  }
  return {
    ...{ openP50: percentile(openMs, 50), openP99: percentile(openMs, 99) },
    ...{ closeP50: percentile(closeMs, 50), closeP99: percentile(closeMs, 99) },
  };
}

async function ask({ count = 100 }: Parameters) {
  const positionsMs: number[] = [];
  for (let done = 0; done < count; done += 1) await timed(positionsMs, () => client.sendCommand('GET_POSITIONS'));
  return { positionsP50: percentile(positionsMs, 50), positionsP99: percentile(positionsMs, 99) };
}

/** A kill of an empty book: answered once the terminal, which reads the halt first, has told what there is to close. */
async function kill() {
  const killMs: number[] = [];
  const reply = await timed(killMs, () => client.sendCommand('KILL_SWITCH', { flatten: 'account' }));
  if (reply.status !== 'SUCCESS' || reply.data.flatten !== 'EMPTY')
    throw new Error(`not killed: ${JSON.stringify(reply)}`);
  return { ms: killMs[0]! };
}

async function open() {
  const reply = await client.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
  if (reply.status !== 'SUCCESS' || reply.data.ticket === undefined)
    throw new Error(`no order: ${JSON.stringify(reply)}`);
  return reply.data.ticket;
}

async function close(ticket: Awaited<ReturnType<typeof open>>): Promise<void> {
  const reply = await client.sendCommand('CLOSE_POSITION', { ticket });
  if (reply.status !== 'SUCCESS') throw new Error(`not closed: ${JSON.stringify(reply)}`);
}

async function timed<T>(timesMs: number[], command: () => Promise<T>): Promise<T> {
  const startMs = sharedMs();
  const answer = await command();
  timesMs.push(sharedMs() - startMs);
  return answer;
}

async function listen(): Promise<void> {
  for await (const { symbol, seq, volume } of client.streamData({ symbols })) {
    ticks.lastAtMs = sharedMs();
    if (ticks.count === 0) ticks.firstAtMs = ticks.lastAtMs;
    ticks.count += 1;
    ticks.missing += seq - (lastSeq.get(symbol) ?? seq - 1) - 1;
    lastSeq.set(symbol, seq);
    ticks.delaysMs.push(sinceStampMs(volume));
  }
}

/** Counts ticks from nought, but remembers each symbol's last `seq`. */
function reset() {
  ticks = { count: 0, missing: 0, firstAtMs: 0, lastAtMs: 0, delaysMs: [] };
  return Promise.resolve({});
}

/** Waits for so many ticks, or until none comes any more; how many did, what `seq` says is missing, how fast, and how long each took. */
async function settle({ expected = Infinity }: Parameters) {
  for (let quietMs = 0; ticks.count < expected && quietMs < QUIET_MS; quietMs += LOOK_MS) {
    const before = ticks.count;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (ticks.count > before) quietMs = 0;
  }
  const { count, missing, firstAtMs, lastAtMs, delaysMs } = ticks;
  const delays = delaysMs.length === 0 ? [Infinity] : delaysMs;
  return {
    ...{ count, missing, rate: count < 2 ? 0 : ((count - 1) * 1000) / (lastAtMs - firstAtMs) },
    ...{ delayP50: percentile(delays, 50), delayP99: percentile(delays, 99) },
  };
}
