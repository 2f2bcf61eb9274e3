import { setTimeout as pause } from 'node:timers/promises';
import { hasSystemPackage } from '../../system-packages.ts';
import { RunningGateway } from '../../running-gateway.ts';
import { AccountRig } from '../account-rig.ts';
import { AccountTally } from '../account-tally.ts';
import { Chance } from '../chance.ts';
import { MixedLoad } from '../mixed-load.ts';
import type { Effort, PartResult } from '../part.ts';
import { expectHalted, expectKillWorks, expectRecovery } from './halted-account.ts';
import { injectedRound } from './injected-round.ts';
import type { Injection } from './injection.ts';
import { SmallDisk } from './small-disk.ts';

const DISK_MIB = 24;
const FREE_STEPS_KIB = [2_048, 512, 128, 32, 0];
const STEP_MS = 150;
const CYCLES_A_DISK = 25;
const CYCLES_A_WRITE = 4;
/** Later writes are like those before. */
const MOST_WRITES = 50;
/** Writes to the write-ahead log in a start on an empty folder, and in the first orders after it. */
const FIRST_WRITE = 70;
const WRITES_A_ROUND = 29;
// So small a disk would be reported as full from the beginning.
const NO_THRESHOLDS = ['--disk-warn-mib', '0', '--disk-reduce-mib', '0'];

/** The disk runs full under load: a real one that is filled step by step, and single writes that are refused. */
export async function fullPart({ cycles, seed, say }: Effort): Promise<PartResult> {
  const chance = new Chance(seed);
  const disks = new AccountTally('disk runs full');
  const rounds = Math.ceil(cycles / CYCLES_A_DISK);
  for (let round = 1; round <= rounds; round += 1) {
    const disk = SmallDisk.mount(DISK_MIB);
    if (disk === null) return { kind: 'not-run', why: 'a small tmpfs cannot be mounted here (that takes root)' };
    await fillUnderLoad(disk, chance, disks);
    say(`full: ${round} of ${rounds} disks, ${disks.text}`);
  }
  if (!hasSystemPackage('strace')) return { kind: 'not-run', why: 'strace is not installed' };
  const writes = await refusedWrites(Math.min(MOST_WRITES, Math.ceil(cycles / CYCLES_A_WRITE)), chance, say);
  return { kind: 'ran', tallies: [disks.tally, writes.tally], notes: [...disks.notes, ...writes.notes] };
}

async function fillUnderLoad(disk: SmallDisk, chance: Chance, tally: AccountTally): Promise<void> {
  const rig = new AccountRig(disk.folder, NO_THRESHOLDS);
  await rig.noteIfItThrows(async () => {
    const gateway = await rig.start();
    const clients = await rig.connect(gateway);
    const load = new MixedLoad({ chance, targets: rig.targets, sent: rig.sent, onReply: () => {} });
    const running = load.run(clients);
    for (const freeKib of FREE_STEPS_KIB) {
      await pause(STEP_MS);
      disk.fillTo(freeKib * 1_024);
    }
    await expectHalted(rig, 'the disk ran full');
    await expectKillWorks(rig, 'the disk ran full');
    load.stop();
    await running;
    for (const client of clients) client.close();
    await gateway.crash();
    disk.makeRoom();
    await expectRecovery(rig, chance);
  });
  await RunningGateway.stopAll();
  tally.add(rig, 'the disk ran full', 1);
  disk.unmount();
}

async function refusedWrites(rounds: number, chance: Chance, say: Effort['say']): Promise<AccountTally> {
  const tally = new AccountTally('write refused');
  for (let round = 0; round < rounds; round += 1) {
    const at = FIRST_WRITE + round * WRITES_A_ROUND + chance.whole(0, WRITES_A_ROUND - 1);
    const isFull = round % 2 === 0;
    const injection: Injection = { call: 'pwrite64', error: isFull ? 'ENOSPC' : 'EIO', at, lasting: isFull };
    await injectedRound(injection, chance, tally);
    say(`full: ${round + 1} of ${rounds} refused writes, ${tally.text}`);
  }
  return tally;
}
