import { hasSystemPackage } from '../../system-packages.ts';
import { AccountTally } from '../account-tally.ts';
import { Chance } from '../chance.ts';
import type { Effort, PartResult } from '../part.ts';
import { injectedRound } from './injected-round.ts';
import type { Injection } from './injection.ts';

/** Syncs of a start on an empty folder, and of the first orders after it. */
const SYNCS = 25;
const CYCLES_A_ROUND = 4;
/** Later syncs are like those before. */
const MOST_ROUNDS = 50;

/** The disk refuses one fsync: every one of the first after a start in turn, or as many of them as there are rounds. */
export async function fsyncPart({ cycles, seed, say }: Effort): Promise<PartResult> {
  if (!hasSystemPackage('strace')) return { kind: 'not-run', why: 'strace is not installed' };
  const rounds = Math.min(MOST_ROUNDS, Math.ceil(cycles / CYCLES_A_ROUND));
  const chance = new Chance(seed);
  const tally = new AccountTally('fsync fails');
  for (let round = 1; round <= rounds; round += 1) {
    const at = rounds < SYNCS ? Math.round((round * SYNCS) / rounds) : round;
    const injection: Injection = { call: 'fsync', error: 'EIO', at, lasting: round % 5 === 0 };
    await injectedRound(injection, chance, tally);
    say(`fsync: ${round} of ${rounds} faults, ${tally.text}`);
  }
  return tally.result();
}
