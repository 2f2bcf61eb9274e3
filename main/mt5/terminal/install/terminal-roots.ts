import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A place where MetaTrader keeps the data folders of its terminals, and how Windows paths in it are reached from here. */
export interface TerminalRoot {
  /** Like `%APPDATA%\MetaQuotes\Terminal`. */
  readonly folder: string;
  /** A Windows path as this system reaches it. */
  localPath(windowsPath: string): string;
}

/** What is asked of the system to find them. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly homeDir: string;
}

/** Where terminals may be: of this Windows user, or, on other systems, of each user of the Wine prefix. */
export function terminalRoots({ platform, environment, homeDir }: Surroundings): TerminalRoot[] {
  if (platform === 'win32') {
    const appData = environment['APPDATA'];
    return appData ? [{ folder: join(appData, 'MetaQuotes', 'Terminal'), localPath: (path) => path }] : [];
  }
  const prefixes = [environment['WINEPREFIX'], join(homeDir, '.wine'), join(homeDir, '.mt5')];
  return [...new Set(prefixes)].flatMap((prefix) => (prefix ? wineRoots(prefix) : []));
}

function wineRoots(prefix: string): TerminalRoot[] {
  const users = join(prefix, 'drive_c', 'users');
  return foldersIn(users).map((user) => ({
    folder: join(users, user, 'AppData', 'Roaming', 'MetaQuotes', 'Terminal'),
    localPath: (path) => wineLocalPath(prefix, path),
  }));
}

/** Names of a folder's folders; none when it is not there. */
export function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** A path of a Wine prefix as Linux sees it: drive C is the prefix's own folder, Z the whole system. */
export function wineLocalPath(prefix: string, windowsPath: string): string {
  const [, drive = '', rest = ''] = /^([A-Za-z]):[\\/]*(.*)$/.exec(windowsPath) ?? [];
  const parts = rest.split(/[\\/]+/);
  if (drive === '') return join(prefix, windowsPath);
  if (drive.toLowerCase() === 'c') return join(prefix, 'drive_c', ...parts);
  if (drive.toLowerCase() === 'z') return join('/', ...parts);
  return join(prefix, 'dosdevices', `${drive.toLowerCase()}:`, ...parts);
}
