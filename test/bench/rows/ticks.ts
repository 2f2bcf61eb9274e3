import { BenchChild } from '../child.ts';
import { fixed, less, more, noWorseThanPython, times } from '../figures.ts';
import { SIDES, type Contest, type Effort, type Row, type Sample, type Side, type Stage } from '../row.ts';

const PUBLISHERS = {
  ours: () => BenchChild.node('tick-publisher.ts'),
  bare: () => BenchChild.node('bare-publisher.ts'),
  python: () => BenchChild.python('baseline_gateway.py', 'ticks'),
} as const satisfies Record<Side, () => BenchChild>;

/** Ticks that a publisher gets to the slowest of several subscribers while it publishes as fast as it can. */
export const tickRows: readonly Row[] = [ticksTo(1, 3), ticksTo(5, 2), ticksTo(20, 1.7)];

function ticksTo(subscribers: number, aim: number): Row {
  return {
    name: `ticks-${subscribers}`,
    about: `ticks a second to the slowest of ${subscribers} subscribers, published flat out; subscribers without libzmq count frames and gaps`,
    figures: [
      more('rate', `${subscribers} subscribers`, '/s', noWorseThanPython, times('aim', aim, 'python')),
      less('lost', 'lost', '%', noWorseThanPython, fixed('aim', 0)),
    ],
    async open(stage, effort) {
      const contest: Contest = {};
      for (const side of SIDES) {
        if (side !== 'python' || effort.python)
          contest[side] = await openFlood(stage, PUBLISHERS[side](), subscribers, effort);
      }
      return contest;
    },
  };
}

/** Connects subscribers to a publisher and warms both up; the returned call floods once. */
async function openFlood(
  stage: Stage,
  started: BenchChild,
  count: number,
  { quick }: Effort,
): Promise<() => Promise<Sample>> {
  const publisher = stage.use(started);
  const subscribers = stage.use(BenchChild.node('raw-subscriber.ts', await publisher.port()));
  await subscribers.ask('connect', { count });
  const flood = async (ms: number) => {
    await subscribers.ask('reset');
    const { published } = await publisher.ask('flood', { ms });
    const { slowest, rate } = await subscribers.ask('settle');
    return { rate: rate!, lost: (100 * (published! - slowest!)) / published! };
  };
  await flood(200);
  return () => flood(quick ? 400 : 1_500);
}
