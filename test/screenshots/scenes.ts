import { writeRows } from '../bench/million-rows.ts';
import { Brain } from '../e2e/brain.ts';
import { dataFolder } from '../e2e/data-folder.ts';
import type { View } from '../e2e/pages/frame.ts';
import type { PanelScreen } from '../e2e/panel-screen.ts';
import { runProgram } from '../running-gateway.ts';

const ROWS = 100_000;

/** What is to be seen: how a gateway gets there, and in which views it matters. */
export interface Scene {
  readonly name: string;
  readonly flags?: readonly string[];
  /** All of them where it does not say. */
  readonly views?: readonly View[];
  readonly dataFolder: () => ReturnType<typeof dataFolder>;
  readonly play: (screen: PanelScreen) => Promise<void>;
}

const newFolder = () => dataFolder();

/** A log that is there before the gateway starts. */
function longLog(): ReturnType<typeof dataFolder> {
  const folder = newFolder();
  writeRows(folder.path, ROWS);
  return folder;
}

/** Two brains trade for a while. */
async function trade(screen: PanelScreen): Promise<void> {
  const alpha = new Brain(screen, 'alpha');
  const beta = new Brain(screen, 'beta');
  await alpha.ask('open', 'EURUSD', '0.10', 'buy');
  await beta.ask('open', 'XAUUSD', '0.02', 'sell');
  await alpha.ask('open', 'GBPUSD', '0.30', 'buy', '--type', 'limit', '--price', '1.0');
  await beta.ask('open', 'NOTHING', '0.10', 'buy');
}

/** Every scene. */
export const SCENES: readonly Scene[] = [
  { name: 'day', dataFolder: newFolder, play: trade },
  { name: 'first-run', views: ['overview', 'brains', 'audit'], dataFolder: newFolder, play: () => Promise.resolve() },
  {
    name: 'halted',
    views: ['overview'],
    dataFolder: newFolder,
    play: async (screen) => {
      await trade(screen);
      await runProgram('--kill', '--reason', 'the spread is too wide', '--data-dir', screen.dataDir);
      await new Brain(screen, 'alpha').ask('open', 'EURUSD', '0.10', 'buy');
    },
  },
  {
    name: 'terminal-down',
    flags: ['--terminal', 'bridge', '--bridge-port', '0'],
    views: ['overview', 'metatrader'],
    dataFolder: newFolder,
    play: () => Promise.resolve(),
  },
  {
    name: 'encrypted',
    flags: ['--security', 'encrypted'],
    views: ['brains', 'settings'],
    dataFolder: newFolder,
    play: async ({ dataDir }) => {
      await runProgram('--pair', 'alpha', '--role', 'trade', '--data-dir', dataDir);
      await runProgram('--pair', 'guard', '--role', 'kill', '--expires', '10d', '--data-dir', dataDir);
    },
  },
  {
    name: 'plain-network',
    flags: ['--security', 'plain-network', '--allow-from', '127.0.0.0/8', '--accept-unencrypted', 'true'],
    views: ['overview', 'brains', 'settings'],
    dataFolder: newFolder,
    play: trade,
  },
  { name: 'long-log', views: ['audit'], dataFolder: longLog, play: () => Promise.resolve() },
];
