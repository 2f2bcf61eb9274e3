import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTerminals, otherDataFolder, terminalAt } from '../../../../../main/mt5/terminal/install/find-terminals.ts';
import { terminalRoots, wineLocalPath } from '../../../../../main/mt5/terminal/install/terminal-roots.ts';
import { temporaryFolder } from '../../../../fakes/temporary-folder.ts';
import { FIRST_ID, SECOND_ID, WindowsTree } from './windows-tree.ts';

describe('the terminals of a machine', () => {
  it('are found with their installation and their MetaEditor, whatever the case of its name', () => {
    const tree = new WindowsTree();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    const installFolder = join(tree.drive, 'drive_c', 'Program Files', 'MetaTrader 5');
    expect(findTerminals([tree.root])).toEqual([
      { name: 'MetaTrader 5', dataFolder, installFolder, editor: join(installFolder, 'MetaEditor64.exe') },
    ]);
  });

  it('are none where there is no MetaTrader at all', () => {
    expect(findTerminals([{ folder: join(temporaryFolder(), 'none'), localPath: (path) => path }])).toEqual([]);
  });

  it('do not include MetaTrader 4, shared folders and the like', () => {
    const tree = new WindowsTree();
    tree.addDataFolder(FIRST_ID, 'C:\\Program Files\\MetaTrader 4', 'MQL4');
    for (const name of ['Common', 'Help', 'Community'])
      mkdirSync(join(tree.root.folder, name, 'MQL5'), { recursive: true });
    expect(findTerminals([tree.root])).toEqual([]);
  });

  it('come last when their installation has gone', () => {
    const tree = new WindowsTree();
    tree.addDataFolder(FIRST_ID, 'C:\\Program Files\\Gone');
    tree.addTerminal(SECOND_ID, 'Broker');
    const [first, second] = findTerminals([tree.root]);
    expect(first).toMatchObject({ name: 'Broker' });
    expect(second).toMatchObject({ installFolder: null, editor: null });
  });
});

describe('a terminal that the user names', () => {
  it('is a data folder that MetaTrader knows', () => {
    const tree = new WindowsTree();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    expect(terminalAt(dataFolder, [tree.root])).toMatchObject({ dataFolder, name: 'MetaTrader 5' });
  });

  it('is an installation that runs with /portable: its own data folder', () => {
    const tree = new WindowsTree();
    const folder = tree.addInstallation(join(tree.drive, 'portable'));
    const terminal = terminalAt(folder, [tree.root])!;
    expect(terminal).toMatchObject({ dataFolder: folder, installFolder: folder });
    expect(otherDataFolder(terminal, [tree.root])).toBeNull();
  });

  it('tells the data folder that the same installation uses without /portable', () => {
    const tree = new WindowsTree();
    const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5');
    const named = terminalAt(join(tree.drive, 'drive_c', 'Program Files', 'MetaTrader 5'), [tree.root])!;
    expect(otherDataFolder(named, [tree.root])).toBe(dataFolder);
  });

  it('is nothing when the folder has neither MQL5 nor a terminal', () => {
    expect(terminalAt(temporaryFolder(), [])).toBeNull();
    expect(terminalAt('/no/such/folder', [])).toBeNull();
  });
});

describe('the places to look in', () => {
  it("is the user's application data on Windows", () => {
    const found = terminalRoots({ platform: 'win32', environment: { APPDATA: '/appdata' }, homeDir: '/home' });
    expect(found.map(({ folder }) => folder)).toEqual([join('/appdata', 'MetaQuotes', 'Terminal')]);
    expect(terminalRoots({ platform: 'win32', environment: {}, homeDir: '/home' })).toEqual([]);
  });

  it('is every user of a Wine prefix elsewhere', () => {
    const prefix = temporaryFolder();
    mkdirSync(join(prefix, 'drive_c', 'users', 'me'), { recursive: true });
    const found = terminalRoots({ platform: 'linux', environment: { WINEPREFIX: prefix }, homeDir: '/none' });
    expect(found.map(({ folder }) => folder)).toEqual([
      join(prefix, 'drive_c', 'users', 'me', 'AppData', 'Roaming', 'MetaQuotes', 'Terminal'),
    ]);
  });

  it.each([
    ['C:\\Program Files\\MT5', '/p/drive_c/Program Files/MT5'],
    ['c:\\', '/p/drive_c'],
    ['Z:\\home\\me', '/home/me'],
    ['D:\\MT5', '/p/dosdevices/d:/MT5'],
  ])('reaches %s of a prefix', (windows, local) => {
    expect(wineLocalPath('/p', windows).replace(/\/$/, '')).toBe(local);
  });
});
