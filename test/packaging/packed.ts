import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeStandInElectron } from './stand-in-electron.ts';
import { makeStandInTools } from './stand-in-tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACK_TIMEOUT_MS = 240_000;

/** What electron-builder made of this checkout. */
export interface Packed {
  /** The program as it is installed. */
  readonly folder: string;
  readonly installer: string;
  /** Scripts and words of each compilation: 0 is the uninstaller's, 1 the installer's. */
  readonly scripts: string;
}

/**
 * Packs the built program for Windows with the project's own configuration, by electron-builder itself, with stand-ins
 * for what it would fetch: Electron, the compiler's plugins, the archiver and Wine. Throws with what it said.
 */
export function packForWindows(folder: string, words: readonly string[] = []): Packed {
  const [electron, output, scripts] = [join(folder, 'electron'), join(folder, 'out'), join(folder, 'scripts')];
  makeStandInElectron(electron, '1.0.0');
  const environment = { ...makeStandInTools(join(folder, 'tools'), scripts), ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  const done = spawnSync(
    process.execPath,
    [
      ...['node_modules/electron-builder/cli.js', '--win', 'nsis', '--x64', '--publish', 'never'],
      ...[`-c.electronDist=${electron}`, `-c.directories.output=${output}`, ...words],
    ],
    { cwd: ROOT, env: { ...process.env, ...environment }, encoding: 'utf8', timeout: PACK_TIMEOUT_MS },
  );
  if (done.status !== 0) throw new Error(`electron-builder: ${done.error?.message ?? `${done.stdout}${done.stderr}`}`);
  const installer = readdirSync(output).find((name) => name.endsWith('.exe')) ?? 'none';
  return { folder: join(output, 'win-unpacked'), installer: join(output, installer), scripts };
}

/** The files below a folder by their paths from it, with forward slashes, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
