// The simulated broker as a process of its own: answers orders at once, and pushes ticks at a pace.
import { SimBroker } from '../../mql5/broker/sim-broker.ts';
import { FLOOD_SYMBOLS } from '../flood-ticks.ts';
import { microsecondStamp } from '../tick-stamp.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

/** Most ticks of one turn: also flat out the terminal is written to many times. */
const MOST_A_TURN = 200;

const broker = await SimBroker.start({ tcp: true });

await serveTasks({
  port: () => Promise.resolve({ port: Number(broker.address.split(':').at(-1)) }),
  flood,
});

/** Pushes ticks of the first `symbols` for `ms`, or until `limit` are out, at `perSecond` or flat out where that is 0. Answers how many. */
async function flood({ ms = Infinity, limit = Infinity, perSecond = 0, symbols = FLOOD_SYMBOLS.length }: Parameters) {
  const startMs = sharedMs();
  let pushed = 0;
  for (let passedMs = 0; passedMs < ms && pushed < limit; passedMs = sharedMs() - startMs) {
    const due = perSecond === 0 ? MOST_A_TURN : Math.floor((passedMs * perSecond) / 1000) - pushed;
    const count = Math.min(due, MOST_A_TURN, limit - pushed);
    for (let left = count; left > 0; left -= 1) push(pushed++, symbols);
    await new Promise((resolve) => (due > count || perSecond === 0 ? setImmediate(resolve) : setTimeout(resolve, 1)));
  }
  return { pushed, tookMs: sharedMs() - startMs };
}

/** The volume says when, so that a subscriber can tell how long the tick was on its way. */
function push(index: number, symbols: number): void {
  const symbol = FLOOD_SYMBOLS[index % symbols]!;
  const bid = 1.1 + (index % 1000) / 1e5;
  broker.quote(symbol, bid, bid + 0.0001, { volume: microsecondStamp() });
}
