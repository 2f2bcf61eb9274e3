import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspect } from '../../../../../main/mt5/terminal/install/inspect.ts';
import { installBridge, type Installed } from '../../../../../main/mt5/terminal/install/install-bridge.ts';
import { placesIn } from '../../../../../main/mt5/terminal/install/install-plan.ts';
import { isUnchanged } from '../../../../../main/mt5/terminal/install/install-text.ts';
import {
  direct,
  FIRST_ID,
  programFolder,
  TOKEN,
  wantedOf,
  wide,
  WindowsTree,
  type EditorManner,
} from './windows-tree.ts';

const options = { launcher: direct, timeoutMs: 10_000 };

function rig(manner: EditorManner | 'no editor' = 'compiles') {
  const tree = new WindowsTree();
  const dataFolder = tree.addTerminal(FIRST_ID, 'MetaTrader 5', manner);
  const terminal = tree.terminal();
  const install = async (version = '1.0.0', inputs: Record<string, string> = {}) => {
    const done = await installBridge(terminal, wantedOf(programFolder(version), inputs), options);
    if (done.kind !== 'installed') throw new Error(done.why);
    return done;
  };
  return { tree, terminal, install, dataFolder, places: placesIn(dataFolder) };
}

// Permissions do not hold root back.
const isRoot = process.geteuid?.() === 0;
const asNobody = () => {
  onTestFinished(asBefore);
  if (isRoot) process.seteuid?.(65_534);
};
const asBefore = () => {
  if (isRoot) process.seteuid?.(0);
};

const compiledOf = (done: Installed) => (done.kind === 'installed' ? done.compiled : done);
const changeAt = (path: string, text: string) => {
  writeFileSync(path, text);
  utimesSync(path, new Date(0), new Date(0));
};

describe('installing the program', () => {
  it('copies sources, token and preset, and compiles with the terminal’s own MetaEditor', async () => {
    const { install, places, terminal } = rig();
    const done = await install('1.0.0', { InpPipe: 'second', InpTcpPort: '5600' });
    expect(done).toMatchObject({
      versionBefore: '',
      token: 'written',
      kept: [],
      compiled: { kind: 'compiled', warnings: [] },
    });
    expect(done.written).toEqual([
      'MQL5/Experts/MT5Fabric/MT5Fabric/Link.mqh',
      'MQL5/Experts/MT5Fabric/MT5FabricBridge.mq5',
      'MQL5/Presets/MT5FabricBridge.set',
    ]);
    expect(readFileSync(places.token, 'utf8')).toBe(TOKEN);
    expect(statSync(places.token).mode & 0o777).toBe(0o600);
    expect(wide(places.preset)).toBe(
      '\ufeff; MT5 Fabric: inputs of MT5FabricBridge\r\nInpPipe=second\r\nInpTcpPort=5600\r\nInpTokenFile=MT5Fabric\\token.txt\r\n',
    );
    expect(inspect(terminal, wantedOf(programFolder(), { InpPipe: 'second', InpTcpPort: '5600' }))).toMatchObject({
      ...{ version: '1.0.0', sources: 'right', isCompiled: true, token: 'right', preset: 'right' },
    });
  });

  it('changes nothing the second time', async () => {
    const { install, dataFolder } = rig();
    await install();
    const before = snapshot(dataFolder);
    const again = await install();
    expect(isUnchanged(again)).toBe(true);
    expect(snapshot(dataFolder)).toEqual(before);
  });

  it('brings an older version up to date without copies of what nobody changed', async () => {
    const { install, terminal } = rig();
    await install('0.9.0');
    expect(inspect(terminal, wantedOf(programFolder()))).toMatchObject({ version: '0.9.0', sources: 'other' });
    const done = await install('1.0.0');
    expect(done).toMatchObject({ versionBefore: '0.9.0', kept: [], compiled: { kind: 'compiled' } });
    expect(done.written).toEqual(['MQL5/Experts/MT5Fabric/MT5Fabric/Link.mqh']);
  });

  it('keeps a copy of every file that the user changed, each time under another name', async () => {
    const { install, places } = rig();
    await install('0.9.0');
    writeFileSync(places.source, '// mine');
    writeFileSync(places.preset, 'InpPipe=mine');
    const done = await install('1.0.0');
    expect(done.kept).toEqual([
      { file: 'MQL5/Experts/MT5Fabric/MT5FabricBridge.mq5', copy: 'MT5FabricBridge.mq5.bak-0.9.0' },
      { file: 'MQL5/Presets/MT5FabricBridge.set', copy: 'MT5FabricBridge.set.bak-0.9.0' },
    ]);
    expect(readFileSync(`${places.source}.bak-0.9.0`, 'utf8')).toBe('// mine');

    for (const [text, copy] of [
      ['// once', 'bak-1.0.0'],
      ['// twice', 'bak-1.0.0-2'],
      ['// once', 'bak-1.0.0'],
    ] as const) {
      writeFileSync(places.source, text);
      expect((await install('1.0.0')).kept).toMatchObject([{ copy: `MT5FabricBridge.mq5.${copy}` }]);
      expect(readFileSync(`${places.source}.${copy}`, 'utf8')).toBe(text);
    }
  });

  it('keeps a copy of a file that was there before anything was installed, and where the manifest is damaged', async () => {
    const { install, places } = rig();
    mkdirSync(places.program, { recursive: true });
    writeFileSync(places.source, '// from elsewhere');
    writeFileSync(places.manifest, '{"version": 1');
    const today = new Date().toISOString().slice(0, 10);
    expect((await install()).kept).toMatchObject([{ copy: `MT5FabricBridge.mq5.bak-${today}` }]);
  });

  it('removes a file of an older version, and keeps it where it was changed', async () => {
    const { install, places } = rig();
    await install();
    const manifest = JSON.parse(readFileSync(places.manifest, 'utf8')) as { files: Record<string, string> };
    manifest.files['MQL5/Experts/MT5Fabric/MT5Fabric/Old.mqh'] = 'another hash';
    manifest.files['MQL5/Experts/MT5Fabric/../../../origin.txt'] = 'not ours';
    writeFileSync(places.manifest, JSON.stringify(manifest));
    writeFileSync(join(places.program, 'MT5Fabric', 'Old.mqh'), '// old');
    const done = await install();
    expect(done.removed).toEqual(['MQL5/Experts/MT5Fabric/MT5Fabric/Old.mqh']);
    expect(readdirSync(join(places.program, 'MT5Fabric'))).toEqual(['Link.mqh', 'Old.mqh.bak-1.0.0']);
    expect(existsSync(join(places.program, '..', '..', '..', 'origin.txt'))).toBe(true);
  });

  it('says that it replaced a token of another gateway', async () => {
    const { install, places, terminal } = rig();
    await install();
    writeFileSync(places.token, 'f'.repeat(32));
    expect(inspect(terminal, wantedOf(programFolder()))).toMatchObject({ token: 'other' });
    expect(await install()).toMatchObject({ token: 'replaced', written: [], compiled: { kind: 'up-to-date' } });
    expect(readFileSync(places.token, 'utf8')).toBe(TOKEN);
  });

  it('compiles again when a source is newer than the compiled program, or that is missing', async () => {
    const { install, places, terminal } = rig();
    await install();
    utimesSync(places.compiled, new Date(1e9), new Date(1e9));
    expect(inspect(terminal, wantedOf(programFolder()))).toMatchObject({ sources: 'right', isCompiled: false });
    expect(await install()).toMatchObject({ written: [], compiled: { kind: 'compiled' } });
    rmSync(places.compiled);
    expect(await install()).toMatchObject({ written: [], compiled: { kind: 'compiled' } });
  });

  it('names what cannot be written, and leaves no draft', async () => {
    const { dataFolder, terminal } = rig();
    writeFileSync(join(dataFolder, 'MQL5', 'Experts'), 'a file in the way');
    const done = await installBridge(terminal, wantedOf(programFolder()), options);
    expect(done).toMatchObject({ kind: 'unwritable', why: expect.stringContaining('Experts') as string });
  });

  it('names a folder that may not be written to, and one whose files may not be read', async () => {
    const { dataFolder, terminal, tree, places } = rig();
    const wanted = wantedOf(programFolder());
    chmodSync(tree.drive, 0o755);
    chmodSync(join(dataFolder, 'MQL5'), 0o555);
    asNobody();
    const unwritable = await installBridge(terminal, wanted, options);
    expect(unwritable).toMatchObject({ kind: 'unwritable', why: expect.stringContaining('EACCES') as string });
    asBefore();

    chmodSync(join(dataFolder, 'MQL5'), 0o777);
    mkdirSync(places.program, { recursive: true });
    chmodSync(places.program, 0o777);
    writeFileSync(places.source, '// nobody reads this', { mode: 0 });
    asNobody();
    const unreadable = await installBridge(terminal, wanted, options);
    asBefore();
    expect(unreadable).toMatchObject({ kind: 'unwritable', why: expect.stringContaining('.mq5') as string });
    chmodSync(places.source, 0o600);
    expect(readFileSync(places.source, 'utf8')).toBe('// nobody reads this');
  });
});

describe('compiling', () => {
  it('shows warnings and goes on', async () => {
    expect(compiledOf(await rig('warns').install())).toEqual({
      kind: 'compiled',
      warnings: [{ severity: 'warning', file: 'Link.mqh', line: 7, column: 3, text: '43: possible loss of data' }],
    });
  });

  it('shows errors with their lines, and tries again the next time', async () => {
    const { install } = rig('finds errors');
    const errors = { kind: 'errors', errors: 1, messages: [{ file: 'MT5FabricBridge.mq5', line: 12, column: 5 }, {}] };
    expect(compiledOf(await install())).toMatchObject(errors);
    expect(compiledOf(await install())).toMatchObject(errors);
  });

  it('does not take an older compiled program for a new one', async () => {
    const { install, places } = rig('writes no program');
    mkdirSync(places.program, { recursive: true });
    changeAt(places.compiled, 'old program');
    expect(compiledOf(await install())).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('.ex5') as string,
    });
  });

  it.each([
    ['writes no program', 'reports no error and yet wrote no'],
    ['writes no log', 'MetaEditor wrote no log'],
    ['no editor', 'there is no metaeditor64.exe in'],
  ] as const)('fails with the reason when MetaEditor: %s', async (manner, why) => {
    expect(compiledOf(await rig(manner).install())).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining(why) as string,
    });
  });

  it('ends a MetaEditor that hangs', async () => {
    const { terminal } = rig('hangs');
    const done = await installBridge(terminal, wantedOf(programFolder()), { launcher: direct, timeoutMs: 300 });
    expect(compiledOf(done)).toMatchObject({ kind: 'failed', why: expect.stringContaining('within 0.3 s') as string });
  });

  it('says so when the runner is not there', async () => {
    const { terminal } = rig();
    const launcher = { ...direct, runner: 'no-such-wine' };
    const done = await installBridge(terminal, wantedOf(programFolder()), { launcher, timeoutMs: 1000 });
    expect(compiledOf(done)).toMatchObject({ kind: 'failed', why: expect.stringContaining('no-such-wine') as string });
  });
});

/** Every file below a folder with its time and content. */
function snapshot(folder: string): [string, number, string][] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, statSync(path).mtimeMs, readFileSync(path, 'base64')];
  });
}
