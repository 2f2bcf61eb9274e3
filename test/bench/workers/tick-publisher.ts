// The gateway's own tick publisher, driven without a terminal: the same class, the same socket.
import { Context } from 'zeromq';
import { systemClock } from '../../../main/clock.ts';
import { TickPublisher } from '../../../main/gateway/tick-publisher.ts';
import { silentLog } from '../../../main/log.ts';
import { FLOOD_SYMBOLS, floodTicks } from '../flood-ticks.ts';
import { serveTasks } from '../worker-tasks.ts';

const DAY_TIMEOUT_MS = 30_000;

const publisher = new TickPublisher(
  new Context(),
  { maxSubscriptions: 10_000, guarded: null },
  {
    clock: systemClock,
    log: silentLog,
    digitsOf: () => 5,
    onDemand: () => {},
  },
);
const bound = await publisher.start('tcp://127.0.0.1:*');
if (!bound.ok) throw new Error(bound.message);
const port = Number(bound.endpoint.split(':').at(-1));
const publish = publisher.publish.bind(publisher);

await serveTasks({
  port: () => Promise.resolve({ port }),
  flood: ({ ms = 500, perSecond = 0 }) => floodTicks(ms, Infinity, perSecond, publish),
  day: ({ seconds = 86_400 }) => floodTicks(DAY_TIMEOUT_MS, seconds * FLOOD_SYMBOLS.length, 0, publish),
});
