import { equal, match, ok } from 'node:assert/strict';
import { runProgram } from '../running-gateway.ts';
import type { Step } from './run-steps.ts';

/** The program gives a mute pipe 5 s. */
const FALLBACK_TIMEOUT_MS = 20_000;

export const RESTART_STEPS: readonly Step[] = [
  [
    'after the program was killed and started anew it is linked, and trading goes on',
    async (scene) => {
      const links = scene.links;
      await scene.program.kill();
      await scene.gateway.waitForLine('"event":"terminal-link-lost"', 10_000);
      scene.startProgram();
      equal(await scene.linked(links + 1), 'pipe');
      await scene.waitForMode('TRADING');
      await scene.brain('open', 'EURUSD', '0.01', 'buy');
    },
  ],
  [
    'after the gateway was killed and started anew the program comes back to it, HALTED, with the positions that are open',
    async (scene) => {
      const open = scene.broker.positions;
      await scene.gateway.kill();
      await scene.startGateway();
      equal(await scene.linked(), 'pipe');
      await scene.waitForMode('HALTED');
      const listed = await scene.brain('positions');
      for (const { ticket } of open) ok(listed.includes(`"ticket":${ticket}`), listed);
      await scene.resume('the machine had no power');
    },
  ],
  [
    'where the pipe tells nothing of what waits in it, as MetaTrader finds it under Wine, the program links over TCP and trades',
    async (scene) => {
      equal(await scene.stopProgram(), 0);
      scene.startProgram({ MT5_PIPE_BLIND: '1' });
      match(await scene.program.waitForLine('linked', FALLBACK_TIMEOUT_MS), /TCP 127\.0\.0\.1/);
      await scene.gateway.waitForLine('"transport":"tcp"', 5_000);
      await scene.waitForMode('TRADING');
      const [position] = scene.broker.positions;
      ok(position !== undefined);
      await scene.brain('close', String(position.ticket));
      ok(!scene.broker.positions.some(({ ticket }) => ticket === position.ticket));
    },
  ],
];

export const END_STEPS: readonly Step[] = [
  [
    'Ctrl+C ends the gateway in order, and the audit log that it wrote verifies on Linux',
    async (scene) => {
      equal(await scene.gateway.interrupt(), 0);
      const { code, stdout, stderr } = await runProgram('--audit', 'verify', '--data-dir', scene.dataFolder);
      equal(code, 0, `${stdout}${stderr}`);
    },
  ],
];
