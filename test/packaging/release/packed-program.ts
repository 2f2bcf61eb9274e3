import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const COMMAND_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 500;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The packed program in its folder, on Windows. */
export class PackedProgram {
  readonly folder: string;
  readonly executable: string;
  readonly archive: string;

  constructor(folder: string) {
    this.folder = folder;
    this.executable = join(folder, 'MT5 Fabric.exe');
    this.archive = join(folder, 'resources', 'app.asar');
  }

  /** A local command, as somebody types it: through bin\mt5-fabric.cmd. No word may hold a sign of cmd's. */
  command(...words: readonly string[]): Ended {
    const quoted = words.map((word) => (word.includes(' ') ? `"${word}"` : word));
    const line = `""${join(this.folder, 'bin', 'mt5-fabric.cmd')}" ${quoted.join(' ')}"`;
    const options = { encoding: 'utf8', timeout: COMMAND_TIMEOUT_MS, windowsVerbatimArguments: true } as const;
    const { status, stdout, stderr } = spawnSync('cmd.exe', ['/d', '/s', '/c', line], options);
    return { code: status, stdout, stderr };
  }

  /** Starts the desktop on the paper account. */
  start(dataDir: string): ChildProcess {
    const ports = ['command', 'data', 'event'].flatMap((channel) => [`--${channel}-port`, '0']);
    const words = ['--data-dir', dataDir, '--terminal', 'paper', '--hidden', ...ports];
    return spawn(this.executable, words, { stdio: 'ignore' });
  }

  /** The status that its gateway tells within the time; null where it tells none. */
  async status(dataDir: string, withinMs: number): Promise<string | null> {
    const until = performance.now() + withinMs;
    while (performance.now() < until) {
      const { code, stdout } = this.command('--status', '--json', '--data-dir', dataDir);
      if (code === 0) return stdout;
      await sleep(LOOK_AGAIN_MS);
    }
    return null;
  }
}

/** Ends a program with all that it has started. */
export function endAll(child: ChildProcess): void {
  spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
}
