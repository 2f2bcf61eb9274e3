// The client that all gateways have in common: ZeroMQ over a plain socket, without libzmq.
import { randomUUID } from 'node:crypto';
import { RawConnection } from '../raw-connection.ts';
import { percentile } from '../statistics.ts';
import { requestMessage } from '../zmtp.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const port = Number(process.argv[2]);
const connections: Client[] = [];

await serveTasks({ latency, throughput, orders, flood, sendOrder, kill });

/** One connection; answers wait for their turn, as with a REQ socket. */
interface Client {
  exchange(body: string): Promise<string>;
  readonly connection: RawConnection;
}

async function clients(count: number): Promise<readonly Client[]> {
  while (connections.length < count) connections.push(await connectClient());
  return connections.slice(0, count);
}

async function connectClient(): Promise<Client> {
  let answered: (reply: string) => void = () => {};
  const connection = await RawConnection.open(port, 'REQ', (bytes, start, end) => {
    answered(bytes.toString('latin1', start, end));
  });
  return {
    connection,
    exchange: (body) =>
      new Promise((resolve) => {
        answered = resolve;
        connection.request(Buffer.from(body));
      }),
  };
}

function request(action: string, payload: object): string {
  return JSON.stringify({ action, req_id: randomUUID(), timestamp: Date.now() / 1000, payload });
}

async function latency({ count = 1000 }: Parameters) {
  const [client] = await clients(1);
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const body = request('HEARTBEAT', {});
    const start = sharedMs();
    await client!.exchange(body);
    times.push((sharedMs() - start) * 1000);
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99), p999: percentile(times, 99.9) };
}

async function throughput({ count = 1, ms = 500 }: Parameters) {
  const all = await clients(count);
  const start = sharedMs();
  const done = await Promise.all(all.map((client) => heartbeats(client, start + ms)));
  return { rate: (done.reduce((sum, one) => sum + one, 0) * 1000) / (sharedMs() - start) };
}

async function heartbeats(client: Client, untilMs: number): Promise<number> {
  let done = 0;
  for (; sharedMs() < untilMs; done += 1) await client.exchange(request('HEARTBEAT', {}));
  return done;
}

/** Orders, each followed by its close, so that the book stays small; every order and every close counts. */
async function orders({ count = 1, ms = 500 }: Parameters) {
  const all = await clients(count);
  const start = sharedMs();
  const openMs: number[] = [];
  await Promise.all(all.map((client) => trade(client, start + ms, openMs)));
  return { rate: (openMs.length * 2000) / (sharedMs() - start), p50: percentile(openMs, 50) * 1000 };
}

async function trade(client: Client, untilMs: number, openMs: number[]): Promise<void> {
  while (sharedMs() < untilMs) {
    const body = request('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    const start = sharedMs();
    const reply = await client.exchange(body);
    openMs.push(sharedMs() - start);
    const ticket = /"ticket":(\d+)/.exec(reply)?.[1];
    if (ticket === undefined) throw new Error(`no order: ${reply}`);
    const closed = await client.exchange(
      request('CLOSE_POSITION', {}).replace('"payload":{}', `"payload":{"ticket":${ticket}}`),
    );
    if (!closed.includes('"status":"SUCCESS"')) throw new Error(`not closed: ${closed}`);
  }
}

/** Sends requests on a connection of their own and never reads an answer. */
async function flood({ count = 10_000 }: Parameters) {
  const connection = await RawConnection.open(port, 'DEALER', () => {});
  connection.pause();
  await connection.write(Buffer.concat(Array.from({ length: count }, heartbeatMessage)));
  return { sentAtMs: sharedMs() };
}

function heartbeatMessage(): Buffer {
  return requestMessage(Buffer.from(request('HEARTBEAT', {})));
}

/** Sends an order and goes on once the gateway has surely begun with it. */
async function sendOrder() {
  const [client] = await clients(1);
  client!.connection.request(Buffer.from(request('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' })));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {};
}

/** One kill, on a connection that has been idle until now. */
async function kill() {
  const [client] = await clients(1);
  const body = request('KILL_SWITCH', { flatten: 'none', reason: 'benchmark' });
  const start = sharedMs();
  const reply = await client!.exchange(body);
  if (!reply.includes('SUCCESS')) throw new Error(`not killed: ${reply}`);
  return { ms: sharedMs() - start };
}
