// The client of this project, as a strategy uses it: the bundle that ships.
import { brain } from '../../brain-library.ts';
import { percentile } from '../statistics.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const [ports, [connectionFile]] = [process.argv.slice(2, 4).map(Number), process.argv.slice(4)];
const [reqPort, subPort] = ports;
const connection = connectionFile === undefined ? undefined : brain.readConnectionFile(connectionFile);
const open = () => new brain.ZmqClient({ host: '127.0.0.1', reqPort, subPort, timeoutMs: 2_000, connection });
const client = open();

const clients = [client];

await serveTasks({ latency, throughput, actions, ticks, reconnect });

async function throughput({ count = 1, ms = 500 }: Parameters) {
  while (clients.length < count) clients.push(open());
  const start = sharedMs();
  const done = await Promise.all(clients.slice(0, count).map((by) => heartbeats(by, start + ms)));
  return { rate: (done.reduce((sum, one) => sum + one, 0) * 1000) / (sharedMs() - start) };
}

async function heartbeats(by: typeof client, untilMs: number): Promise<number> {
  let done = 0;
  for (; sharedMs() < untilMs; done += 1) await by.sendCommand('HEARTBEAT');
  return done;
}

async function latency({ count = 1000 }: Parameters) {
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    times.push((await timed(() => client.sendCommand('HEARTBEAT'))) * 1000);
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99), p999: percentile(times, 99.9) };
}

/** Every action of protocol 1.0 but the kill, in turn. */
async function actions({ count = 100 }: Parameters) {
  const times: Record<string, number[]> = {};
  const note = async (name: string, command: () => Promise<unknown>) => {
    (times[name] ??= []).push(await timed(command));
  };
  for (let done = 0; done < count; done += 1) {
    await note('heartbeat', () => client.sendCommand('HEARTBEAT'));
    await note('account', () => client.sendCommand('GET_ACCOUNT_INFO'));
    let opened: Awaited<ReturnType<typeof openOrder>> | undefined;
    await note('open', async () => (opened = await openOrder()));
    await note('positions', () => client.sendCommand('GET_POSITIONS'));
    if (opened?.status !== 'SUCCESS') throw new Error(`no order: ${opened?.error}`);
    const { ticket } = opened.data;
    if (ticket === undefined) throw new Error('an order without a ticket');
    await note('close', () => client.sendCommand('CLOSE_POSITION', { ticket }));
  }
  const all = Object.values(times);
  return { p99: Math.max(...all.map((one) => percentile(one, 99))), max: Math.max(...all.flat()) };
}

function openOrder() {
  return client.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
}

/** Ticks of all symbols for `ms`: how many a second, and what is missing by their `seq`. */
async function ticks({ ms = 1000 }: Parameters) {
  const last = new Map<string, number>();
  let got = 0;
  let missing = 0;
  let startMs = 0;
  for await (const { symbol, seq } of client.streamData()) {
    if (startMs === 0) startMs = sharedMs();
    const before = last.get(symbol);
    if (before !== undefined) missing += seq - before - 1;
    last.set(symbol, seq);
    got += 1;
    if (sharedMs() - startMs >= ms) break;
  }
  return { rate: (got * 1000) / (sharedMs() - startMs), missing };
}

/** Heartbeats until one is answered after one was not, for at most `ms`; 0 where none ever is. */
async function reconnect({ ms = 3000 }: Parameters) {
  const until = sharedMs() + ms;
  let missed = false;
  while (sharedMs() < until) {
    const good = await client.sendCommand('HEARTBEAT', {}, { timeoutMs: 100 }).then(
      () => true,
      () => false,
    );
    if (good && missed) return { goodAtMs: sharedMs() };
    missed ||= !good;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { goodAtMs: 0 };
}

async function timed(command: () => Promise<unknown>): Promise<number> {
  const start = sharedMs();
  await command();
  return sharedMs() - start;
}
