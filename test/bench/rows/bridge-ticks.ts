import { flood, openBridge, warmUpTicks, type BridgeStand } from '../bridge-stand.ts';
import { fixed, less, more } from '../figures.ts';
import { residentMb } from '../resident-memory.ts';
import type { Row, Sample } from '../row.ts';

/** A little more than what has to be sustained, so that the clock of the last tick decides nothing. */
const PACE = 20_500;
const SUSTAINED = 20_000;
const FLAT_OUT = 0;
const TRIES = 6;
const SLOWER = 0.85;

/** Ticks from the broker through program and gateway to one brain, which counts them and reads how long each took. */
export const bridgeTicks: Row = {
  name: 'bridge-ticks',
  about: `ticks of five symbols from a simulated broker through bridge program and gateway to one brain library: ${PACE} a second, then as many as get there without a loss`,
  figures: [
    more('rate', `at the brain, of ${PACE} /s`, '/s', fixed('must', SUSTAINED)),
    less('lost', 'lost of them', '', fixed('must', 0)),
    less('missing', 'of those, gaps in seq', '', fixed('must', 0)),
    less('delayP50', 'on their way p50', 'ms'),
    less('delayP99', 'on their way p99', 'ms'),
    more('highest', 'highest rate without a loss', '/s', fixed('aim', 30_000)),
  ],
  async open(stage, { quick, compiler }) {
    if (!compiler) return {};
    const stand = await openBridge(stage);
    await warmUpTicks(stand);
    const ms = quick ? 2_000 : 5_000;
    const highest = await highestPace(stand, ms / 2);
    return { ours: () => measure(stand, ms, highest) };
  },
};

async function measure(stand: BridgeStand, ms: number, highest: number): Promise<Sample> {
  const sustained = await flood(stand, { perSecond: PACE, ms });
  const fast = await flood(stand, { perSecond: highest, ms: ms / 2 });
  const { rate, lost, missing, delayP50, delayP99 } = sustained;
  return { rate, lost, missing, delayP50, delayP99, highest: fast.lost === 0 ? fast.rate : 0 };
}

/** Ticks a second at which nothing is lost: flat out where that is so, else a little less than what arrived, and so on. */
async function highestPace(stand: BridgeStand, ms: number): Promise<number> {
  let pace = FLAT_OUT;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { rate, lost } = await flood(stand, { perSecond: pace, ms });
    if (lost === 0) break;
    pace = Math.round((pace === FLAT_OUT ? rate : Math.min(rate, pace)) * SLOWER);
  }
  return pace;
}

const MILLION = 1_000_000;
const HALF = MILLION / 2;
const MEMORY_PACE = SUSTAINED;
const MEMORY_LIMIT_MS = 120_000;

/** What the program keeps of the ticks that went through it: nothing. */
export const bridgeMemory: Row = {
  name: 'bridge-memory',
  rounds: 1,
  isSlow: true,
  about: `resident memory of the bridge program inside the simulated terminal, which keeps up to 200,000 ticks of a symbol itself; ${MILLION} ticks of one symbol`,
  figures: [
    less('start', 'before the first tick', 'MB'),
    less('half', `after ${HALF} ticks`, 'MB'),
    less('end', `after ${MILLION} ticks`, 'MB'),
    less('grown', 'grown in the second half', 'MB', fixed('must', 1)),
    less('lost', 'of them, not at the brain', ''),
  ],
  async open(stage, { compiler }) {
    if (!compiler) return {};
    const stand = await openBridge(stage);
    await warmUpTicks(stand);
    return { ours: () => weigh(stand) };
  },
};

async function weigh(stand: BridgeStand): Promise<Sample> {
  const { pid } = stand.program;
  const halfMillion = () => flood(stand, { perSecond: MEMORY_PACE, limit: HALF, symbols: 1 }, MEMORY_LIMIT_MS);
  const start = residentMb(pid);
  const first = await halfMillion();
  const half = residentMb(pid);
  const second = await halfMillion();
  const end = residentMb(pid);
  return { start, half, end, grown: end - half, lost: first.lost + second.lost };
}
