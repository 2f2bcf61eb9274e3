// zeromq.js with nothing around it: a REQ socket, a body of a heartbeat's length, no JSON.
import { Request } from 'zeromq';
import { percentile } from '../statistics.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const BODY = Buffer.alloc(250, 'x');
const socket = new Request({ linger: 0 });
socket.connect(`tcp://127.0.0.1:${process.argv[2]}`);

await serveTasks({ latency, reconnect });

async function latency({ count = 1000 }: Parameters) {
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const start = sharedMs();
    await exchange();
    times.push((sharedMs() - start) * 1000);
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99), p999: percentile(times, 99.9) };
}

async function exchange(): Promise<void> {
  await socket.send(BODY);
  await socket.receive();
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
