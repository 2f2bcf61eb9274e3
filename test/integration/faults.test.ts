import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fsyncPart } from '../faults/disk/fsync-part.ts';
import { fullPart } from '../faults/disk/full-part.ts';
import { SmallDisk } from '../faults/disk/small-disk.ts';
import { killPart } from '../faults/kill/kill-part.ts';
import type { Part, Tally } from '../faults/part.ts';
import { powerPart } from '../faults/power/power-part.ts';
import { failures } from '../faults/verdict.ts';
import { hasSystemPackage } from '../system-packages.ts';

const hasStrace = hasSystemPackage('strace');
const hasSmallDisks = canMount();

/** Runs a part; whatever it finds fails the test, with the whole list. */
async function run(part: Part, cycles: number): Promise<readonly Tally[]> {
  const result = await part({ cycles, seed: 1, say: () => {} });
  if (result.kind === 'not-run') throw new Error(result.why);
  expect([...failures(result.tallies), ...result.notes]).toEqual([]);
  return result.tallies;
}

describe('nothing is lost, doubled or left open', () => {
  it('when the gateway is killed 50 times under load, also while it starts', async () => {
    const [tally] = await run(killPart, 50);
    expect(tally!.faults).toBeGreaterThanOrEqual(50);
    expect(tally!.acknowledged).toBeGreaterThan(200);
    expect(tally!.resent).toBeGreaterThan(100);
  }, 240_000);

  it.runIf(hasStrace)(
    'when the disk refuses an fsync',
    async () => {
      const [tally] = await run(fsyncPart, 12);
      expect(tally!.faults).toBe(3);
    },
    120_000,
  );

  it.runIf(hasStrace && hasSmallDisks)(
    'when the disk runs full',
    async () => {
      const [filled, refused] = await run(fullPart, 8);
      expect(filled).toMatchObject({ faults: 1 });
      expect(filled!.acknowledged).toBeGreaterThan(20);
      expect(refused).toMatchObject({ faults: 2 });
    },
    120_000,
  );

  it.runIf(hasStrace)(
    'when the power is cut, as far as a model tells; and with synchronous=NORMAL rows are lost',
    async () => {
      const [full, control] = await run(powerPart, 3);
      expect(full!.faults).toBeGreaterThan(60);
      expect(control).toMatchObject({ isControl: true });
      expect(control!.violations.filter(({ kind }) => kind === 'lost').length).toBeGreaterThan(60);
    },
    300_000,
  );
});

describe('npm run faults', () => {
  it('refuses arguments that it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, ['test/faults/faults.ts', '--only', 'fire']);
    expect(status).toBe(64);
    expect(String(stderr)).toContain('kill, fsync, full, power');
  });
});

function canMount(): boolean {
  const disk = SmallDisk.mount(1);
  disk?.unmount();
  return disk !== null;
}
