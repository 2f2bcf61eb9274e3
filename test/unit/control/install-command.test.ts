import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInstallCommand, type InstallIo } from '../../../main/control/install-command.ts';
import { readBridgeToken } from '../../../main/mt5/terminal/bridge-token.ts';
import { placesIn } from '../../../main/mt5/terminal/install/install-plan.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { direct, FIRST_ID, programFolder, SECOND_ID, wide, WindowsTree } from '../mt5/terminal/install/windows-tree.ts';

function rig() {
  const tree = new WindowsTree();
  const sources = programFolder();
  const dataDir = join(temporaryFolder(), 'data');
  const run = async (folder?: string, changes: Partial<InstallIo> = {}) => {
    const said = { stdout: '', stderr: '' };
    const code = await runInstallCommand(folder, {
      ...{ dataDir, sources, roots: [tree.root], launcher: direct, json: false },
      settings: { bridgePipe: 'mt5-fabric', bridgePort: 5558 },
      stdout: (text) => void (said.stdout += text),
      stderr: (text) => void (said.stderr += text),
      ...changes,
    });
    return { code, ...said };
  };
  return { tree, dataDir, run };
}

describe('--install-bridge', () => {
  it('installs into the only terminal and says what remains to be done by hand', async () => {
    const { tree, dataDir, run } = rig();
    const terminal = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    tree.addDataFolder(SECOND_ID, 'C:\\Program Files\\Gone');
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('compiled  without errors, 0 warnings');
    expect(stdout).toContain('  1. In MetaTrader open the Navigator');
    expect(stdout).not.toContain('press Load');
    expect(readBridgeToken(dataDir)).not.toBeNull();
    expect(existsSync(placesIn(terminal).compiled)).toBe(true);
  });

  it('says the second time that everything is up to date', async () => {
    const { tree, run } = rig();
    tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    await run();
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('Everything is up to date (version 1.0.0); nothing was changed.');
  });

  it('has the preset loaded where pipe or port are not the usual ones', async () => {
    const { tree, run } = rig();
    const terminal = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    const { stdout } = await run(undefined, { settings: { bridgePipe: 'second', bridgePort: 5600 } });
    expect(stdout).toContain('press Load and choose MT5FabricBridge.set');
    expect(wide(placesIn(terminal).preset)).toContain('InpPipe=second\r\nInpTcpPort=5600\r\n');
  });

  it('lists several terminals and installs into none, until one is named', async () => {
    const { tree, run } = rig();
    const first = tree.addTerminal(FIRST_ID, 'Broker A');
    const second = tree.addTerminal(SECOND_ID, 'Broker B');
    const refused = await run();
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toContain(`--terminal-folder "${first}"`);
    expect(refused.stderr).toContain('Broker B');
    expect(existsSync(placesIn(first).source)).toBe(false);
    expect(await run(second)).toMatchObject({ code: 0 });
    expect(existsSync(placesIn(second).source)).toBe(true);
    expect(existsSync(placesIn(first).source)).toBe(false);
  });

  it('installs into a portable installation, and tells the other folder of the same one', async () => {
    const { tree, run } = rig();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    const folder = join(tree.drive, 'drive_c', 'Program Files', 'MetaTrader 5');
    const { code, stdout } = await run(folder);
    expect(code).toBe(0);
    expect(existsSync(placesIn(folder).compiled)).toBe(true);
    expect(stdout).toContain(`without it the terminal uses ${dataFolder}`);
  });

  it('names copies of changed files and a token that it replaced', async () => {
    const { tree, run } = rig();
    const places = placesIn(tree.addTerminal(FIRST_ID, 'MetaTrader 5'));
    await run();
    writeFileSync(places.source, '// mine');
    writeFileSync(places.token, 'f'.repeat(32));
    const { stdout } = await run();
    expect(stdout).toContain('it is in MT5FabricBridge.mq5.bak-1.0.0 now');
    expect(stdout).toContain('token     replaced');
  });

  it('shows the errors of a compilation with their lines, and ends with 1', async () => {
    const { tree, run } = rig();
    tree.addTerminal(FIRST_ID, 'MetaTrader 5', 'finds errors');
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain('NOT COMPILED: 1 errors');
    expect(stdout).toContain("MT5FabricBridge.mq5(12,5) error 256: 'Foo' - undeclared identifier");
    expect(stdout).not.toContain('Navigator');
  });

  it('says how to compile by hand where MetaEditor is missing or hangs', async () => {
    const missing = rig();
    missing.tree.addTerminal(FIRST_ID, 'MetaTrader 5', 'no editor');
    const hanging = rig();
    hanging.tree.addTerminal(FIRST_ID, 'MetaTrader 5', 'hangs');
    for (const { run } of [missing, hanging]) {
      const { code, stdout } = await run(undefined, { compileTimeoutMs: 300 });
      expect(code).toBe(1);
      expect(stdout).toContain('press F4, open Experts\\MT5Fabric\\MT5FabricBridge.mq5, press F7');
    }
  });

  it('is one line of JSON for programs', async () => {
    const { tree, run } = rig();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5', 'warns');
    const { stdout } = await run(undefined, { json: true });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ ok: true, version: '1.0.0', version_before: '', token: 'written', kept: [] },
      terminal: { dataFolder },
      compiled: { kind: 'compiled', warnings: [{ file: 'Link.mqh', line: 7 }] },
      steps: expect.any(Array) as unknown,
    });
  });

  it.each([
    ['no terminal at all', undefined, 'no MetaTrader 5 was found'],
    ['a folder that is none', '/no/such', '/no/such is no folder of a MetaTrader 5'],
  ])('refuses %s', async (_, folder, message) => {
    const { code, stderr } = await rig().run(folder);
    expect(code).toBe(78);
    expect(stderr).toContain(message);
  });

  it('refuses when its own sources are missing, and where only gone installations are left', async () => {
    const { tree, run } = rig();
    tree.addDataFolder(FIRST_ID, 'C:\\Program Files\\Gone');
    expect((await run()).stderr).toContain('no terminal has its installation any more');
    expect((await run(undefined, { sources: '/no/such' })).stderr).toContain('sources are missing: /no/such');
  });

  it('refuses a data folder that cannot keep the token', async () => {
    const { tree, dataDir, run } = rig();
    tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    writeFileSync(dataDir, 'a file in the way');
    const { code, stderr } = await run();
    expect(code).toBe(78);
    expect(stderr).toContain(`cannot keep the token in ${dataDir}`);
  });

  it('refuses a folder that it cannot write to, and names what is in the way', async () => {
    const { tree, run } = rig();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    writeFileSync(join(dataFolder, 'MQL5', 'Experts'), 'a file in the way');
    const { code, stderr } = await run();
    expect(code).toBe(78);
    expect(stderr).toContain('cannot install into');
  });
});
