import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { foldersIn, type TerminalRoot } from './terminal-roots.ts';
import { readText } from './text-file.ts';

/** A MetaTrader 5 terminal on this machine. */
export interface Terminal {
  /** For people: the installation folder's name, else the data folder's. */
  readonly name: string;
  /** Where its `MQL5` folder is. */
  readonly dataFolder: string;
  /** Where `terminal64.exe` is; null when it has gone, or is not known. */
  readonly installFolder: string | null;
  /** `metaeditor64.exe` of that installation; null when it is not there. */
  readonly editor: string | null;
}

/** Every terminal below the roots that MetaTrader knows of, the ones whose installation is there first. */
export function findTerminals(roots: readonly TerminalRoot[]): Terminal[] {
  const found = roots.flatMap((root) =>
    foldersIn(root.folder)
      .filter((name) => /^[0-9A-F]{32}$/i.test(name))
      .map((name) => join(root.folder, name))
      .filter((folder) => isMetaTrader5(folder, root))
      .map((folder) => terminalOf(folder, originOf(folder, root))),
  );
  return found.toSorted((a, b) => Number(a.installFolder === null) - Number(b.installFolder === null));
}

/** The terminal in a folder that a user names: a data folder, or an installation that runs with /portable; else null. */
export function terminalAt(folder: string, roots: readonly TerminalRoot[]): Terminal | null {
  const named = resolve(folder);
  const known = findTerminals(roots).find(({ dataFolder }) => isSameFolder(dataFolder, named));
  if (known !== undefined) return known;
  if (fileIn(named, 'terminal64.exe') !== null) return terminalOf(named, named);
  return existsSync(join(named, 'MQL5')) ? terminalOf(named, originNamed(named)) : null;
}

/** The data folder of an installation that has been started without /portable too; null when there is none. */
export function otherDataFolder(terminal: Terminal, roots: readonly TerminalRoot[]): string | null {
  const { installFolder, dataFolder } = terminal;
  if (installFolder === null || installFolder !== dataFolder) return null;
  const other = findTerminals(roots).find((known) => isSameFolder(known.installFolder ?? '', installFolder));
  return other?.dataFolder ?? null;
}

function terminalOf(dataFolder: string, installFolder: string | null): Terminal {
  const isThere = installFolder !== null && existsSync(installFolder);
  return {
    name: basename(installFolder ?? dataFolder),
    dataFolder,
    installFolder: isThere ? installFolder : null,
    editor: isThere ? fileIn(installFolder, 'metaeditor64.exe') : null,
  };
}

// MetaTrader 4 keeps its data folders in the same place.
function isMetaTrader5(folder: string, root: TerminalRoot): boolean {
  if (existsSync(join(folder, 'MQL5'))) return true;
  const origin = originOf(folder, root);
  return origin !== null && fileIn(origin, 'terminal64.exe') !== null;
}

/** The installation that a data folder belongs to, which MetaTrader notes in `origin.txt`. */
function originOf(folder: string, root: TerminalRoot): string | null {
  const path = readText(join(folder, 'origin.txt'))?.trim() ?? '';
  return path === '' ? null : root.localPath(path);
}

function originNamed(folder: string): string | null {
  const path = readText(join(folder, 'origin.txt'))?.trim() ?? '';
  return path !== '' && existsSync(path) ? path : null;
}

// Wine keeps names as they were written, and MetaEditor64.exe has been written in several ways.
function fileIn(folder: string, name: string): string | null {
  try {
    const found = readdirSync(folder).find((entry) => entry.toLowerCase() === name);
    return found === undefined ? null : join(folder, found);
  } catch {
    return null;
  }
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a).toLowerCase() === realpathSync(b).toLowerCase();
  } catch {
    return false;
  }
}
