import { equal, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Step } from './run-steps.ts';

const run = promisify(execFile);

const PYTHON = '/usr/bin/python3';
const PYTHON_CLIENT = join(import.meta.dirname, '../python/pyzmq_client.py');
const PYTHON_TIMEOUT_MS = 60_000;
/** From here on a reader that knows only doubles would round. */
const INEXACT = 2n ** 53n;

export const TRADING_STEPS: readonly Step[] = [
  [
    'a brain on Linux gets ticks from the gateway on Windows',
    async (scene) => {
      const tick = JSON.parse(await scene.brain('ticks', 'EURUSD', '--count', '3')) as Record<string, unknown>;
      equal(tick['symbol'], 'EURUSD');
      ok(Number(tick['bid']) > 1 && Number(tick['ask']) > Number(tick['bid']));
    },
  ],
  [
    'OPEN_ORDER, GET_POSITIONS and CLOSE_POSITION work with a ticket above 2^53',
    async (scene) => {
      const opened = await scene.brain('open', 'EURUSD', '0.01', 'buy');
      const [position, ...others] = scene.broker.positions;
      equal(others.length, 0);
      ok(position !== undefined && position.ticket > INEXACT);
      const ticket = `"ticket":${position.ticket}`;
      ok(opened.includes(ticket), opened);
      const listed = await scene.brain('positions');
      ok(listed.includes(ticket), listed);
      await scene.brain('close', String(position.ticket));
      equal(scene.broker.positions.length, 0);
    },
  ],
  [
    'KILL_SWITCH closes everything, and --resume lets trade again',
    async (scene) => {
      await scene.brain('open', 'EURUSD', '0.02', 'sell');
      await scene.brain('open', 'GBPUSD', '0.03', 'buy');
      equal(scene.broker.positions.length, 2);
      await scene.brain('kill');
      await scene.until('the book is empty', () => scene.broker.positions.length === 0);
      await scene.waitForMode('HALTED');
      await scene.resume('the kill was a drill');
      await scene.brain('open', 'EURUSD', '0.01', 'buy');
    },
  ],
];

export const PYTHON_STEPS: readonly Step[] = [
  [
    'a Python client that shares no code with this project trades, gets ticks and kills; then --resume lets trade again',
    async (scene) => {
      await run(PYTHON, [PYTHON_CLIENT, ...scene.brainWords], { timeout: PYTHON_TIMEOUT_MS });
      equal(scene.broker.positions.length, 0);
      await scene.resume('the kill was another drill');
    },
  ],
];
