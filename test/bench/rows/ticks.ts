import { BenchChild } from '../child.ts';
import { fixed, less, more, noWorseThanPython, times } from '../figures.ts';
import { SIDES, type Contest, type Effort, type Row, type Sample, type Side, type Stage } from '../row.ts';

const PUBLISHERS = {
  ours: () => BenchChild.node('tick-publisher.ts'),
  bare: () => BenchChild.node('bare-publisher.ts'),
  python: () => BenchChild.python('baseline_gateway.py', 'ticks'),
} as const satisfies Record<Side, () => BenchChild>;

/** Ticks that a publisher gets to the slowest of several subscribers, at the fastest pace at which it loses none. */
export const tickRows: readonly Row[] = [ticksTo(1, 3), ticksTo(5, 2), ticksTo(20, 1.7)];

function ticksTo(subscribers: number, aim: number): Row {
  return {
    name: `ticks-${subscribers}`,
    about: `ticks a second to the slowest of ${subscribers} subscribers: flat out, or where that loses any, at the pace found to lose none; subscribers without libzmq count frames and gaps`,
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

/** Connects subscribers to a publisher, warms both up and finds the pace; the returned call floods once. */
async function openFlood(
  stage: Stage,
  started: BenchChild,
  count: number,
  { quick }: Effort,
): Promise<() => Promise<Sample>> {
  const publisher = stage.use(started);
  const subscribers = stage.use(BenchChild.node('raw-subscriber.ts', await publisher.port()));
  await subscribers.ask('connect', { count });
  const ms = quick ? 300 : 1_500;
  const flood = async (perSecond: number) => {
    await subscribers.ask('reset');
    const { published } = await publisher.ask('flood', { ms, perSecond });
    const { slowest, rate } = await subscribers.ask('settle');
    return { rate: rate!, lost: (100 * (published! - slowest!)) / published! };
  };
  await flood(FLAT_OUT);
  const pace = await findPace(flood);
  return () => flood(pace);
}

const FLAT_OUT = 0;
const TRIES = 4;

/** Ticks a second at which nothing is lost: flat out where that is so, else a little less than what arrived, and so on. */
async function findPace(flood: (perSecond: number) => Promise<{ rate: number; lost: number }>): Promise<number> {
  let pace = FLAT_OUT;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { rate, lost } = await flood(pace);
    if (lost === 0) return pace;
    pace = Math.round((pace === FLAT_OUT ? rate : Math.min(rate, pace)) * 0.85);
  }
  return pace;
}
