import { deepEqual, equal, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../main/exit-codes.ts';
import { runProgram } from '../running-gateway.ts';
import type { Step } from './run-steps.ts';
import type { Scene } from './scene.ts';

interface Status {
  readonly state: { readonly mode: string; readonly causes: readonly { readonly kind: string }[] };
}

/** The data folder that is asked for, as that Windows names it. */
function asked({ prefix, askedFolder }: Scene): string {
  return prefix.windowsPath(askedFolder);
}

function startOnPaper(scene: Scene): Promise<string> {
  return scene.startGateway('--terminal', 'paper', '--data-dir', asked(scene));
}

async function statusOf(scene: Scene): Promise<Status['state']> {
  const { code, stdout, stderr } = await scene.runAtGateway('--status', '--json', '--data-dir', asked(scene));
  equal(code, 0, stderr);
  return (JSON.parse(stdout) as Status).state;
}

/** The gateway as a process of Windows: its folder, its ports, its control pipe and its end. */
export const GATEWAY_STEPS: readonly Step[] = [
  [
    'the gateway makes its data folder where it is asked for, and a brain on Linux trades on paper',
    async (scene) => {
      equal(await startOnPaper(scene), 'TRADING');
      equal(existsSync(join(scene.askedFolder, 'audit.sqlite')), true);
      match(await scene.brain('open', 'EURUSD', '0.01', 'buy'), /"status":"SUCCESS"/);
    },
  ],
  [
    'a second gateway is refused with 78 where its folder is the same, whatever its slashes and the case of its letters',
    async (scene) => {
      const folder = `${asked(scene).replaceAll('\\', '/').toUpperCase()}/`;
      const { code, stderr } = await scene.runAtGateway('--headless', '--data-dir', folder);
      equal(code, EXIT.configuration, stderr);
      match(stderr, /another gateway is running in this data folder/);
    },
  ],
  [
    'a port in use is refused with 78 and named, and nothing is written into the folder',
    async (scene) => {
      const { code, stderr } = await scene.runAtGateway('--headless');
      equal(code, EXIT.configuration, stderr);
      match(stderr, new RegExp(`port ${scene.ports.command} on 127\\.0\\.0\\.1 is in use`));
      equal(existsSync(join(scene.dataFolder, 'audit.sqlite')), false);
    },
  ],
  [
    'closing its console ends the gateway in order, and trading is on at the next start',
    async (scene) => {
      equal(await scene.closeConsole(), 0);
      equal(await startOnPaper(scene), 'TRADING');
    },
  ],
  [
    '--status and --halt are answered through the control pipe, and what is halted stays so over Ctrl+C',
    async (scene) => {
      deepEqual((await statusOf(scene)).causes, []);
      const halt = await scene.runAtGateway('--halt', '--data-dir', asked(scene));
      equal(halt.code, 0, halt.stderr);
      match(halt.stdout, /^HALTED/);
      const { mode, causes } = await statusOf(scene);
      equal(mode, 'HALTED');
      deepEqual(
        causes.map(({ kind }) => kind),
        ['OPERATOR'],
      );
      equal(await scene.gateway.interrupt(), 0);
      const words = ['--audit', 'verify', '--data-dir', scene.askedFolder];
      const { code, stdout, stderr } = await runProgram(...words);
      equal(code, 0, `${stdout}${stderr}`);
    },
  ],
];
