import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuseFaults } from '../../resources/build/fuses.mjs';
import { hasSystemPackage } from '../system-packages.ts';
import { filesBelow, packForWindows, type Packed } from './packed.ts';
import { tamper } from './release/tamper.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACK_TIMEOUT_MS = 300_000;
const MODULES = [
  'better-sqlite3/LICENSE',
  ...['binding', 'database', 'index', 'sqlite-error', 'util'].map((name) => `better-sqlite3/lib/${name}.js`),
  ...[
    'aggregate',
    'backup',
    'explain',
    'function',
    'inspect',
    'pragma',
    'serialize',
    'table',
    'transaction',
    'wrappers',
  ].map((name) => `better-sqlite3/lib/methods/${name}.js`),
  ...['better-sqlite3/package.json', 'better-sqlite3/prebuilds/win32-x64.node'],
  ...['cmake-ts/build/loader.js', 'cmake-ts/package.json'],
  ...['zeromq/LICENSE.txt', 'zeromq/LICENSE_MPL-2.0.txt', 'zeromq/build/manifest.json'],
  'zeromq/build/win32/x64/node/msvc-115-Release/addon.node',
  ...['draft', 'errors', 'index', 'load-addon', 'native', 'util'].map((name) => `zeromq/lib/${name}.js`),
  'zeromq/package.json',
].map((name) => `node_modules/${name}`);

let folder = '';
let packed: Packed;
let asar = '';
let program = '';

describe.runIf(hasSystemPackage('nsis'))('the package for Windows', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-package-'));
    packed = packForWindows(folder);
    asar = join(packed.folder, 'resources', 'app.asar');
    program = join(packed.folder, 'MT5 Fabric.exe');
  }, PACK_TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Files of the archive, those outside it included. */
  function archived(): string[] {
    const { header } = getRawHeader(asar);
    const isFile = (path: string): boolean => {
      let entry: unknown = header;
      for (const name of path.split('/')) entry = (entry as { files: Record<string, unknown> }).files[name];
      return !Object.hasOwn(entry as object, 'files');
    };
    return listPackage(asar, { isPack: false })
      .map((path) => path.slice(1))
      .filter(isFile)
      .sort();
  }

  it('holds what the build made, what that needs of the native modules, and nothing else', () => {
    const bundles = filesBelow(join(ROOT, 'dist')).filter((path) =>
      /^(?:[^/]+\.c?js|(?:chunks|renderer|icons)\/.+)$/.test(path),
    );
    const expected = [
      ...['LICENSE', 'package.json', ...MODULES],
      ...bundles.map((path) => `dist/${path}`),
      ...filesBelow(join(ROOT, 'resources/mql5')).map((path) => `resources/mql5/${path}`),
    ].sort();
    expect(archived()).toEqual(expected);
    for (const name of ['mt5-fabric.js', 'preload.cjs', 'audit-writer.js', 'renderer/index.html', 'icons/app.ico']) {
      expect(expected).toContain(`dist/${name}`);
    }
  });

  it('keeps outside the archive what other programs open, and only that', () => {
    const outside = archived().filter((path) => path.endsWith('.node') || path.startsWith('resources/mql5/'));
    expect(filesBelow(`${asar}.unpacked`)).toEqual(outside);
  });

  it('holds beside it the program, its texts in both languages, and the local commands', () => {
    const around = filesBelow(packed.folder).filter((path) => !path.startsWith('resources/app.asar'));
    expect(around).toEqual([
      ...['LICENSE.electron.txt', 'MT5 Fabric.exe', 'bin/mt5-fabric.cmd', 'locales/en-US.pak', 'locales/zh-CN.pak'],
      ...['resources/elevate.exe', 'version'],
    ]);
  });

  it('starts at the built program, as a module', () => {
    const manifest = JSON.parse(extractFile(asar, 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'mt5-fabric', type: 'module', main: 'dist/mt5-fabric.js' });
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('has its archive checked: the program knows the hash of its header', () => {
    const hash = createHash('sha256').update(getRawHeader(asar).headerString).digest('hex');
    const known = JSON.stringify([{ file: 'resources\\app.asar', alg: 'SHA256', value: hash }]);
    expect(readFileSync(program).includes(known)).toBe(true);
  });

  it.each(['code', 'header'] as const)('is known by that hash to be changed where a byte of its %s is', (where) => {
    const copy = join(folder, `${where}.asar`);
    copyFileSync(asar, copy);
    tamper(copy, where);
    const { header, headerString } = getRawHeader(copy);
    expect(headerString === getRawHeader(asar).headerString).toBe(where === 'code');
    const dist = (header.files['dist'] as { files: Record<string, { integrity: { hash: string } }> }).files;
    const hash = createHash('sha256').update(extractFile(copy, 'dist/mt5-fabric.js')).digest('hex');
    expect(hash === dist['mt5-fabric.js']?.integrity.hash).toBe(where === 'header');
  });

  it('lacks nothing: with the native modules of this system its gateway starts and answers', async () => {
    const unpacked = join(folder, 'unpacked');
    extractAll(asar, unpacked);
    for (const path of ['zeromq/build/linux', 'better-sqlite3/prebuilds']) {
      cpSync(join(ROOT, 'node_modules', path), join(unpacked, 'node_modules', path), { recursive: true });
    }
    const entry = join(unpacked, 'dist', 'mt5-fabric.js');
    const place = ['--data-dir', join(folder, 'data')];
    const ports = ['command', 'data', 'event'].flatMap((channel) => [`--${channel}-port`, '0']);
    const gateway = spawn(
      process.execPath,
      [entry, '--headless', '--json', '--terminal', 'paper', ...place, ...ports],
      {
        ...{ cwd: unpacked, stdio: ['ignore', 'pipe', 'ignore'] },
      },
    );
    const ended = once(gateway, 'exit');
    try {
      const [ready] = (await Promise.race([once(gateway.stdout, 'data'), ended])) as [Buffer | number | null];
      expect(String(ready)).toContain('"event":"ready"');
      for (const words of [
        ['--status', ...place],
        ['--brain', 'help'],
      ]) {
        const done = spawnSync(process.execPath, [entry, ...words], { encoding: 'utf8', cwd: unpacked });
        expect(done).toMatchObject({ status: 0, stderr: '' });
      }
    } finally {
      gateway.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });

  it('has every fuse as it must be, and none that nobody has decided on', async () => {
    await expect(fuseFaults(program)).resolves.toEqual([]);
    await expect(fuseFaults(program, true)).resolves.toEqual(['the fuse EnableNodeCliInspectArguments is not on']);
    await flipFuses(program, { version: FuseVersion.V1, [FuseV1Options.OnlyLoadAppFromAsar]: false });
    await expect(fuseFaults(program)).resolves.toEqual(['the fuse OnlyLoadAppFromAsar is not on']);
    await flipFuses(program, { version: FuseVersion.V1, [FuseV1Options.OnlyLoadAppFromAsar]: true });
  });

  it('has local commands that run the packed program as Node', () => {
    const path = join(packed.folder, 'bin', 'mt5-fabric.cmd');
    const text = readFileSync(path, 'utf8');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text).toContain('\r\nset ELECTRON_RUN_AS_NODE=1\r\n');
    const named = [...text.matchAll(/"%~dp0(?<path>[^"]+)"/g)].map((found) => found.groups?.['path'] ?? '');
    expect(named).toEqual(['..\\MT5 Fabric.exe', '..\\resources\\app.asar\\dist\\mt5-fabric.js']);
    expect(existsSync(program)).toBe(true);
    expect(archived()).toContain('dist/mt5-fabric.js');
  });

  it('comes as an installer for the whole machine, compiled with its own steps', () => {
    expect(readFileSync(packed.installer).subarray(0, 2).toString()).toBe('MZ');
    const words = ['0', '1'].map((pass) => readFileSync(join(packed.scripts, `${pass}.words`), 'utf8').split('\n'));
    for (const pass of words) {
      expect(pass).toEqual(
        expect.arrayContaining(['-WX', '-DINSTALL_MODE_PER_ALL_USERS', '-DAPP_ID=org.mt5fabric.gateway']),
      );
      expect(pass).toContain('-DMULTIUSER_INSTALLMODE_ALLOW_ELEVATION');
      expect(pass).not.toContain('-DDELETE_APP_DATA_ON_UNINSTALL');
      expect(pass.join(' ')).not.toMatch(/DO_NOT_CREATE_(?:DESKTOP|START_MENU)_SHORTCUT/);
    }
    expect(words[0]).toContain('-DBUILD_UNINSTALLER');
    for (const pass of ['0', '1']) {
      const script = readFileSync(join(packed.scripts, `${pass}.nsi`), 'utf8');
      expect(script).toContain(join('resources', 'installer', 'installer.nsh'));
    }
  });
});
