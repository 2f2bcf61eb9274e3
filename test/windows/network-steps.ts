import { equal, match, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../main/exit-codes.ts';
import { runProgram } from '../running-gateway.ts';
import type { Step } from './run-steps.ts';
import type { Scene } from './scene.ts';

const BRAIN = 'alpha';
/** Long enough for an answer on this machine, though it is loaded. */
const TURNED_AWAY_MS = '3000';

/** A brain whom the gateway must not let in. */
async function staysOutside(...where: readonly string[]): Promise<void> {
  const { code, stdout } = await runProgram('--brain', 'positions', '--json', ...where, '--timeout-ms', TURNED_AWAY_MS);
  equal(code, EXIT.unavailable, stdout);
}

async function pair(scene: Scene): Promise<void> {
  const file = join(scene.dataFolder, `${BRAIN}.connection.json`);
  const out = ['--out', scene.prefix.windowsPath(file)];
  const { code, stdout, stderr } = await scene.runAtGateway('--pair', BRAIN, '--role', 'trade', ...out);
  equal(code, 0, `${stdout}${stderr}`);
  scene.connectWith(file);
}

/** The same data folder open to the network, with CURVE and ZAP as Windows' libzmq does them. */
export const NETWORK_STEPS: readonly Step[] = [
  [
    'after Ctrl+C the gateway starts encrypted, has its keys in keys.json, and sees strangers turned away',
    async (scene) => {
      await scene.startGateway('--security', 'encrypted');
      equal(existsSync(join(scene.dataFolder, 'keys.json')), true);
      await staysOutside(...scene.openWords);
    },
  ],
  [
    'a brain on Linux with the file of --pair gets ticks and trades, since a start after Ctrl+C is no crash',
    async (scene) => {
      await pair(scene);
      await scene.linked();
      await scene.waitForMode('TRADING');
      match(await scene.brain('ticks', 'EURUSD', '--count', '3'), /"symbol":"EURUSD"/);
      const before = scene.broker.positions.length;
      await scene.brain('open', 'EURUSD', '0.01', 'buy');
      const opened = scene.broker.positions.at(-1);
      ok(opened !== undefined && scene.broker.positions.length === before + 1);
      await scene.brain('close', String(opened.ticket));
      equal(scene.broker.positions.length, before);
    },
  ],
  [
    'after --revoke that brain is turned away',
    async (scene) => {
      const { code, stderr } = await scene.runAtGateway('--revoke', BRAIN, '--reason', 'the drill is over');
      equal(code, 0, stderr);
      await staysOutside(...scene.brainWords);
    },
  ],
];
