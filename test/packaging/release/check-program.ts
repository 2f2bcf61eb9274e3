// On Windows, after `npm run pack:windows`: the packed program, before anybody installs it.
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuseFaults } from '../../../resources/build/fuses.mjs';
import { VERSION } from '../../../main/version.ts';
import { endAll, PackedProgram } from './packed-program.ts';
import { runSteps } from './steps.ts';
import { tamper } from './tamper.ts';

const START_TIMEOUT_MS = 60_000;
const NO_START_MS = 20_000;

const work = mkdtempSync(join(tmpdir(), 'mt5-fabric-release-'));
const program = new PackedProgram(join('dist', 'installers', 'win-unpacked'));

/** A copy of the program whose archive was changed. */
function changed(where: 'code' | 'header'): PackedProgram {
  const copy = new PackedProgram(join(work, `changed-${where}`));
  cpSync(program.folder, copy.folder, { recursive: true });
  tamper(copy.archive, where);
  return copy;
}

/** Neither as the desktop nor as a local command. */
async function doesNotStart(broken: PackedProgram, name: string): Promise<void> {
  notEqual(broken.command('--version').code, 0);
  const dataDir = join(work, `data-${name}`);
  const child = broken.start(dataDir);
  // Asked through the sound program: the broken one could not ask either.
  const status = await program.status(dataDir, NO_START_MS);
  endAll(child);
  equal(status, null);
}

await runSteps([
  ['every fuse is as it must be', async () => deepEqual(await fuseFaults(program.executable), [])],
  [
    'a local command tells its version on the console',
    () => deepEqual(program.command('--version'), { code: 0, stdout: `${VERSION}\n`, stderr: '' }),
  ],
  [
    'a local command that nobody answers ends with its own code',
    () => equal(program.command('--status', '--data-dir', work).code, 75),
  ],
  [
    'the desktop starts on the paper account, its gateway answers, and a kill halts it',
    async () => {
      const dataDir = join(work, 'data');
      const child = program.start(dataDir);
      try {
        match((await program.status(dataDir, START_TIMEOUT_MS)) ?? 'no answer', /"mode":/);
        equal(program.command('--kill', '--data-dir', dataDir).code, 0);
        match((await program.status(dataDir, START_TIMEOUT_MS)) ?? 'no answer', /"HALTED"/);
      } finally {
        endAll(child);
      }
    },
  ],
  ['it does not start where a byte of its code was changed', () => doesNotStart(changed('code'), 'code')],
  ['it does not start where a byte of its header was changed', () => doesNotStart(changed('header'), 'header')],
]);
