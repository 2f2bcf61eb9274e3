import { BenchGateway } from '../bench-gateway.ts';
import { BenchChild } from '../child.ts';
import { fixed, less, more } from '../figures.ts';
import type { Row } from '../row.ts';

const SECONDS_OF_A_DAY = 86_400;
const TICKS_PER_SECOND = 500;

/** The three performance tests that the original system had planned, under their own names. */
export const originalRows: readonly Row[] = [
  {
    name: 'command-latency-under-100-ms',
    about: 'heartbeat, account, positions, open and close in turn through the brain library, paper terminal',
    figures: [less('p99', 'slowest action p99', 'ms', fixed('must', 100)), less('max', 'slowest answer', 'ms')],
    async open(stage, { quick }) {
      const gateway = stage.use(await BenchGateway.start());
      const brain = stage.use(BenchChild.node('brain-client.ts', gateway.ports.command, gateway.ports.data));
      await brain.ask('actions', { count: 20 });
      return { ours: () => brain.ask('actions', { count: quick ? 100 : 500 }) };
    },
  },
  {
    name: 'over-1000-ticks-per-second',
    about: `${TICKS_PER_SECOND} ticks a second and symbol from the paper terminal, through the gateway, parsed by one brain`,
    figures: [
      more('rate', 'ticks a second', '/s', fixed('must', 1_000)),
      less('missing', 'gaps in seq', '', fixed('must', 0)),
    ],
    async open(stage, { quick }) {
      const gateway = stage.use(await BenchGateway.start('--paper-ticks-per-second', String(TICKS_PER_SECOND)));
      const brain = stage.use(BenchChild.node('brain-client.ts', gateway.ports.command, gateway.ports.data));
      await brain.ask('ticks', { ms: 200 });
      return { ours: () => brain.ask('ticks', { ms: quick ? 1_000 : 5_000 }) };
    },
  },
  {
    name: 'a-day-of-ticks',
    about: `${SECONDS_OF_A_DAY} ticks of each of five symbols flat out to one subscriber, and the publisher's memory`,
    figures: [
      less('tookMs', 'a day of ticks', 'ms'),
      less('lost', 'lost', '%', fixed('must', 0)),
      less('startMb', 'publisher at the start', 'MB'),
      less('middleMb', 'half way', 'MB'),
      less('endMb', 'at the end', 'MB'),
      less('growthMb', 'grown in the second half', 'MB', fixed('must', 5)),
    ],
    async open(stage) {
      const publisher = stage.use(BenchChild.node('tick-publisher.ts'));
      const subscribers = stage.use(BenchChild.node('raw-subscriber.ts', await publisher.port()));
      await subscribers.ask('connect', { count: 1 });
      return {
        ours: async () => {
          await subscribers.ask('reset');
          const day = await publisher.ask('day', { seconds: SECONDS_OF_A_DAY });
          const { slowest } = await subscribers.ask('settle');
          const lost = (100 * (day['published']! - slowest!)) / day['published']!;
          return { ...day, lost, growthMb: day['endMb']! - day['middleMb']! };
        },
      };
    },
  },
];
