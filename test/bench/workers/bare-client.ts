// zeromq.js with nothing around it but the JSON that every program needs: a REQ socket, a request of a heartbeat reply's
// length, since the bare ROUTER sends it back as it came.
import { randomUUID } from 'node:crypto';
import { Request } from 'zeromq';
import { percentile } from '../statistics.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const PAYLOAD = { filler: 'x'.repeat(180) };
const socket = connect();
const others: Request[] = [socket];

await serveTasks({ latency, throughput, reconnect });

function connect(): Request {
  const opened = new Request({ linger: 0 });
  opened.connect(`tcp://127.0.0.1:${process.argv[2]}`);
  return opened;
}

async function latency({ count = 1000 }: Parameters) {
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const start = sharedMs();
    await exchange();
    times.push((sharedMs() - start) * 1000);
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99), p999: percentile(times, 99.9) };
}

async function exchange(by = socket): Promise<unknown> {
  const request = { action: 'HEARTBEAT', req_id: randomUUID(), timestamp: Date.now() / 1000, payload: PAYLOAD };
  await by.send(JSON.stringify(request));
  const [reply] = await by.receive();
  return JSON.parse(String(reply));
}

async function throughput({ count = 1, ms = 500 }: Parameters) {
  while (others.length < count) others.push(connect());
  const start = sharedMs();
  const done = await Promise.all(others.slice(0, count).map((by) => heartbeats(by, start + ms)));
  return { rate: (done.reduce((sum, one) => sum + one, 0) * 1000) / (sharedMs() - start) };
}

async function heartbeats(by: Request, untilMs: number): Promise<number> {
  let done = 0;
  for (; sharedMs() < untilMs; done += 1) await exchange(by);
  return done;
}

/** Exchanges until one succeeds after one has failed, for at most `ms`; 0 where none ever does. */
async function reconnect({ ms = 3000 }: Parameters) {
  socket.receiveTimeout = 100;
  socket.sendTimeout = 100;
  const until = sharedMs() + ms;
  let missed = false;
  while (sharedMs() < until) {
    const good = await exchange().then(
      () => true,
      () => false,
    );
    if (good && missed) return { goodAtMs: sharedMs() };
    missed ||= !good;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { goodAtMs: 0 };
}
