import { deepEqual, equal, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../main/exit-codes.ts';
import type { Step } from './run-steps.ts';

interface Doctor {
  readonly ok: boolean;
  readonly checks: readonly { readonly link: string; readonly state: string }[];
}

export const LINK_STEPS: readonly Step[] = [
  [
    'the gateway gets ready in %LOCALAPPDATA%, SUSPENDED until a terminal has linked',
    async (scene) => {
      equal(await scene.startGateway(), 'SUSPENDED');
      equal(existsSync(join(scene.dataFolder, 'audit.sqlite')), true);
    },
  ],
  [
    'the program links through the named pipe, both ends say so, and the unknown account is HALTED',
    async (scene) => {
      scene.startProgram();
      equal(await scene.linked(), 'pipe');
      match(await scene.program.waitForLine('linked', 5_000), /pipe mt5-fabric/);
      await scene.waitForMode('HALTED');
    },
  ],
  [
    'a second gateway in the same data folder is refused with 78',
    async (scene) => {
      const { code, stderr } = await scene.runAtGateway('--headless');
      equal(code, EXIT.configuration, stderr);
      match(stderr, /another gateway is running in this data folder/);
    },
  ],
  [
    '--resume reaches the gateway through its control pipe, and trading is on',
    async (scene) => {
      await scene.resume('looked at for the first time');
    },
  ],
  [
    '--doctor finds each link of the chain in place',
    async (scene) => {
      const { stdout, stderr } = await scene.runAtGateway('--doctor', '--json');
      const { ok, checks } = JSON.parse(stdout) as Doctor;
      deepEqual(
        checks.filter(({ state }) => state === 'wrong'),
        [],
        stderr,
      );
      equal(ok, true);
      const good = checks.filter(({ state }) => state === 'good').map(({ link }) => link);
      for (const link of ['Data folder', 'Gateway', 'Bridge pipe', 'Bridge port', 'Link', 'Account', 'Trading'])
        equal(good.includes(link), true, `${link} is not good: ${stdout}`);
    },
  ],
];
