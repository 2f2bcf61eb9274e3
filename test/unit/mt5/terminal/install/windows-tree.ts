import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorLauncher } from '../../../../../main/mt5/terminal/install/compile.ts';
import { findTerminals, type Terminal } from '../../../../../main/mt5/terminal/install/find-terminals.ts';
import type { Wanted } from '../../../../../main/mt5/terminal/install/install-plan.ts';
import { readProgramSource } from '../../../../../main/mt5/terminal/install/program-source.ts';
import { wineLocalPath, type TerminalRoot } from '../../../../../main/mt5/terminal/install/terminal-roots.ts';
import { temporaryFolder } from '../../../../fakes/temporary-folder.ts';

export const TOKEN = '0123456789abcdef0123456789abcdef';
export const FIRST_ID = 'D0E8209F77C8CF37AD8BF550E51FF075';
export const SECOND_ID = 'AB12209F77C8CF37AD8BF550E51FF075';

/** What the stand-in for MetaEditor does. */
export type EditorManner = 'compiles' | 'warns' | 'finds errors' | 'writes no program' | 'writes no log' | 'hangs';

/** A made-up drive C with MetaTrader terminals, as Windows lays them out. */
export class WindowsTree {
  readonly drive = temporaryFolder();
  readonly root: TerminalRoot = {
    folder: join(this.drive, 'drive_c', 'users', 'me', 'AppData', 'Roaming', 'MetaQuotes', 'Terminal'),
    localPath: (path) => wineLocalPath(this.drive, path),
  };

  /** An installation with its data folder; gives the data folder. */
  addTerminal(id: string, name: string, manner: EditorManner | 'no editor' = 'compiles'): string {
    const installFolder = join(this.drive, 'drive_c', 'Program Files', name);
    this.addInstallation(installFolder, manner);
    return this.addDataFolder(id, `C:\\Program Files\\${name}`);
  }

  addInstallation(folder: string, manner: EditorManner | 'no editor' = 'compiles'): string {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'terminal64.exe'), '');
    if (manner !== 'no editor') writeEditor(join(folder, 'MetaEditor64.exe'), manner);
    return folder;
  }

  addDataFolder(id: string, installPath: string, language = 'MQL5'): string {
    const folder = join(this.root.folder, id);
    mkdirSync(join(folder, language), { recursive: true });
    writeFileSync(join(folder, 'origin.txt'), Buffer.from(`\ufeff${installPath}`, 'utf16le'));
    return folder;
  }

  terminal(): Terminal {
    return findTerminals([this.root])[0]!;
  }
}

/** Sources of a small program, at a version. */
export function programFolder(version = '1.0.0'): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'MT5Fabric'));
  writeFileSync(
    join(folder, 'MT5FabricBridge.mq5'),
    [
      '#property strict',
      'input group "Link"',
      'input string InpPipe = "mt5-fabric"; // Name of the pipe',
      'input int    InpTcpPort=5558;        // TCP port',
      'input string InpTokenFile = "MT5Fabric\\\\token.txt";',
      '#include "MT5Fabric/Link.mqh"',
      '',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'MT5Fabric', 'Link.mqh'), `#define BRIDGE_VERSION "${version}"\n`);
  return folder;
}

export function wantedOf(folder: string, inputs: Record<string, string> = {}): Wanted {
  return { source: readProgramSource(folder)!, token: TOKEN, inputs };
}

/** Runs the stand-in itself, with the words that MetaEditor gets on Windows. */
export const direct: EditorLauncher = {
  runner: null,
  words: (source, log) => [`/compile:"${source}"`, `/log:"${log}"`],
  verbatim: false,
  environment: () => ({}),
};

export const wide = (path: string): string => readFileSync(path).toString('utf16le');

const SUCCESS = "Result: 0 errors, 0 warnings, 417 msec elapsed, cpu='X64 Regular'";
const LOGS: Readonly<Record<EditorManner, readonly string[]>> = {
  compiles: [' : information: generating code 100%', SUCCESS],
  warns: ['C:\\x\\Link.mqh(7,3) : warning 43: possible loss of data', 'Result: 0 errors, 1 warnings, 9 msec elapsed'],
  'finds errors': [
    "C:\\x\\Experts\\MT5Fabric\\MT5FabricBridge.mq5(12,5) : error 256: 'Foo' - undeclared identifier",
    'C:\\x\\Experts\\MT5Fabric\\MT5Fabric\\Link.mqh(7,3) : warning 43: possible loss of data',
    'Result: 1 errors, 1 warnings',
  ],
  'writes no program': [SUCCESS],
  'writes no log': [],
  hangs: [],
};

function writeEditor(path: string, manner: EditorManner): void {
  const lines = LOGS[manner];
  writeFileSync(`${path}.log`, Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le'));
  const script = [
    '#!/bin/sh',
    'for word; do case $word in /compile:*) source=${word#/compile:} ;; /log:*) log=${word#/log:} ;; esac; done',
    'source=${source#\\"}; source=${source%\\"}; log=${log#\\"}; log=${log%\\"}',
    manner === 'hangs' ? 'exec sleep 30' : '',
    lines.length > 0 ? `cp '${path}.log' "$log"` : '',
    manner === 'compiles' || manner === 'warns' ? 'echo program > "${source%.mq5}.ex5"' : '',
    'exit 1',
  ];
  writeFileSync(path, `${script.join('\n')}\n`);
  chmodSync(path, 0o755);
}
