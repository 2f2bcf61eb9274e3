import { equal, match, ok } from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './run-steps.ts';
import type { Scene } from './scene.ts';

/** A terminal as MetaTrader's own installation leaves it, with a stand-in for its compiler. */
function installTerminal({ prefix, binaries, installFolder, terminalFolder }: Scene): void {
  mkdirSync(installFolder, { recursive: true });
  writeFileSync(join(installFolder, 'terminal64.exe'), '');
  copyFileSync(binaries.editor, join(installFolder, 'metaeditor64.exe'));
  mkdirSync(join(terminalFolder, 'MQL5'), { recursive: true });
  writeFileSync(join(terminalFolder, 'origin.txt'), `\uFEFF${prefix.windowsPath(installFolder)}`, 'utf16le');
}

export const INSTALL_STEPS: readonly Step[] = [
  [
    '--install-bridge finds the terminal in %APPDATA%, installs the program and compiles it there',
    async (scene) => {
      installTerminal(scene);
      const { code, stdout, stderr } = await scene.runAtGateway('--install-bridge');
      equal(code, 0, `${stdout}${stderr}`);
      match(stdout, /compiled {2}without errors, 0 warnings/);
      const experts = join(scene.terminalFolder, 'MQL5', 'Experts', 'MT5Fabric');
      equal(readFileSync(join(experts, 'MT5FabricBridge.ex5'), 'utf8'), 'EX5');
      ok(existsSync(join(experts, 'MT5Fabric', 'Transport.mqh')));
      const token = join(scene.terminalFolder, 'MQL5', 'Files', 'MT5Fabric', 'token.txt');
      equal(readFileSync(token, 'utf8'), readFileSync(join(scene.dataFolder, 'bridge.token'), 'utf8'));
    },
  ],
];
