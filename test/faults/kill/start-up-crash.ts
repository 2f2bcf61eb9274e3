import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const PORTS = ['--command-port', '0', '--data-port', '0', '--event-port', '0'];

/** Starts a gateway and kills it while it starts, `afterMs` later. */
export async function crashInStartUp(dataDir: string, afterMs: number): Promise<void> {
  const words = ['dist/mt5-fabric.js', '--headless', '--json', '--data-dir', dataDir, '--host', '127.0.0.1', ...PORTS];
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await pause(afterMs);
  child.kill('SIGKILL');
  await ended;
}
