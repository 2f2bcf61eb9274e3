// zeromq.js with nothing around it: a PUB that stringifies and sends each tick.
import { Publisher } from 'zeromq';
import { floodTicks } from '../flood-ticks.ts';
import { serveTasks } from '../worker-tasks.ts';

const publisher = new Publisher({ linger: 0, sendHighWaterMark: 10_000, sendTimeout: 0 });
await publisher.bind('tcp://127.0.0.1:*');
const port = Number(publisher.lastEndpoint?.split(':').at(-1));
const seqs = new Map<string, number>();

await serveTasks({
  port: () => Promise.resolve({ port }),
  flood: ({ ms = 500, perSecond = 0 }) =>
    floodTicks(ms, Infinity, perSecond, (ticks) => {
      for (const { symbol, timeMsc, ...prices } of ticks) {
        const seq = (seqs.get(symbol) ?? 0) + 1;
        seqs.set(symbol, seq);
        const tick = { symbol, ...prices, timestamp: timeMsc / 1000, time_msc: timeMsc, seq };
        // With a timeout of 0 every send is done when it returns; a PUB drops what a slow subscriber has no room for.
        publisher.send(JSON.stringify(tick)).catch(() => {});
      }
    }),
});
