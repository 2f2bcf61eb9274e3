import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standInPlugin } from './stand-in-plugin.ts';

/** Plugins of NSIS that electron-builder's script calls, by what it calls of each. */
const PLUGINS: Readonly<Record<string, readonly string[]>> = {
  StdUtils: ['ExecShellAsUser', 'GetAllParameters', 'GetParentPath', 'TestParameter'],
  UAC: ['_'],
  WinShell: ['SetLnkAUMI', 'UninstAppUserModelId', 'UninstShortcut'],
  nsProcess: ['_FindProcess', '_KillProcess', '_CloseProcess', '_Unload'],
  nsis7z: ['Extract', 'ExtractWithDetails', 'ExtractWithCallback'],
};

/** Keeps the words and the script of each compilation beside it, and hands both to the real compiler. */
const MAKENSIS = `#!/bin/sh
n=$(ls "$KEPT_SCRIPTS" | grep -c nsi$)
printf '%s\\n' "$@" >"$KEPT_SCRIPTS/$n.words"
tee "$KEPT_SCRIPTS/$n.nsi" | makensis "$@"
`;
/** Makes the archive of the name that it is told, with the list of what would go in. */
const SEVEN_ZIP = `#!/bin/sh
for word in "$@"; do
  case "$word" in *.7z) find . -type f | sort >>"$word" ;; esac
done
`;
/** Running the first installer writes the uninstaller; this only leaves a file of that name. */
const WINE = `#!/bin/sh
echo uninstaller >"\${1%exe}__uninstaller.exe"
`;

/**
 * What electron-builder would fetch to make an installer, made in a folder: Debian's makensis, plugins without code, and
 * an archiver and a Wine that leave the files that are asked of them. The environment that makes it use them.
 */
export function makeStandInTools(folder: string, keptScripts: string): NodeJS.ProcessEnv {
  const plugins = join(folder, 'resources', 'plugins', 'x86-unicode');
  mkdirSync(plugins, { recursive: true });
  for (const [name, exports] of Object.entries(PLUGINS)) {
    writeFileSync(join(plugins, `${name}.dll`), standInPlugin(exports));
  }
  mkdirSync(keptScripts, { recursive: true });
  writeFileSync(join(folder, 'elevate.exe'), '');
  writeProgram(join(folder, 'makensis'), MAKENSIS);
  writeProgram(join(folder, '7za'), SEVEN_ZIP);
  mkdirSync(join(folder, 'bin'));
  writeProgram(join(folder, 'bin', 'wine'), WINE);
  return {
    ELECTRON_BUILDER_NSIS_DIR: folder,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'resources'),
    ELECTRON_BUILDER_7ZIP_PATH: join(folder, '7za'),
    KEPT_SCRIPTS: keptScripts,
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
  };
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
