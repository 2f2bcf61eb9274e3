import { hasSystemPackage } from '../../system-packages.ts';
import { Chance } from '../chance.ts';
import type { Effort, PartResult, Tally } from '../part.ts';
import type { Violation } from '../violation.ts';
import { DiskModel, type Survival } from './disk-model.ts';
import { RecoveryBench } from './recovered-log.ts';
import { traceWriter, type Synchronous } from './traced-writer.ts';

const CUTS_A_CYCLE = 6;
const MOST_CUTS = 200;
/** Nothing is synced between checkpoints with NORMAL, so each of its cuts has far more to rebuild. */
const MOST_CUTS_OF_CONTROL = 60;
const LEAST_COMMITS = 60;
const MOST_COMMITS = 400;

/**
 * Power cuts in a model: what a writer does to its disk is recorded, then the disk is rebuilt as it may be after a cut at
 * many points, with what was synced and, of the rest, nothing or anything. With FULL no acknowledged row may be missing;
 * the same with NORMAL is the control, which has to lose.
 */
export async function powerPart({ cycles, seed, say }: Effort): Promise<PartResult> {
  if (!hasSystemPackage('strace')) return { kind: 'not-run', why: 'strace is not installed' };
  const commits = Math.min(MOST_COMMITS, LEAST_COMMITS + 2 * cycles);
  const tallies: Tally[] = [];
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    const most = synchronous === 'FULL' ? MOST_CUTS : MOST_CUTS_OF_CONTROL;
    const tally = await cutPower(synchronous, commits, Math.min(most, cycles * CUTS_A_CYCLE), new Chance(seed));
    const lost = tally.violations.filter(({ kind }) => kind === 'lost').length;
    say(`power: synchronous=${synchronous}: ${lost} of ${tally.faults} cuts lose acknowledged rows`);
    tallies.push(tally);
  }
  return { kind: 'ran', tallies, notes: [] };
}

async function cutPower(synchronous: Synchronous, commits: number, cuts: number, chance: Chance): Promise<Tally> {
  const { events, folder } = await traceWriter(synchronous, commits);
  const disk = new DiskModel(folder);
  const violations: Violation[] = [];
  using bench = new RecoveryBench();
  let acknowledged = 0;
  let faults = 0;
  for (const [at, event] of events.entries()) {
    if (event.kind === 'acknowledged') acknowledged = event.rows;
    else disk.apply(event);
    // The moment after an acknowledgement is the one that counts; the others are for what is half done.
    const isCut = event.kind === 'acknowledged' ? chance.is(cuts / commits) : chance.is(cuts / events.length);
    if (!isCut) continue;
    for (const [name, survives] of outcomes(chance)) {
      faults += 1;
      const { rows, fault } = bench.recover(disk.afterPowerCut(survives));
      const where = `synchronous=${synchronous}, cut after step ${at} of ${events.length}, unsynced writes ${name}`;
      if (fault !== null) violations.push({ kind: 'contradicted', what: `${where}: ${fault}` });
      if (rows < acknowledged) {
        const what = `${where}: ${acknowledged - rows} of ${acknowledged} acknowledged rows are missing`;
        violations.push({ kind: 'lost', what });
      }
    }
  }
  return {
    name: synchronous === 'FULL' ? 'power cut (model)' : 'power cut, NORMAL: the control',
    ...{ faults, commands: commits, acknowledged, resent: 0, violations },
    ...(synchronous === 'NORMAL' ? { isControl: true } : {}),
  };
}

/** What may become of writes that were not synced. */
function outcomes(chance: Chance): readonly (readonly [string, Survival])[] {
  return [
    ['gone', () => false],
    ['gone or whole', (what) => what === 'change' && chance.is(0.5)],
    ['torn', (what) => chance.is(what === 'change' ? 0.3 : 0.5)],
  ];
}
