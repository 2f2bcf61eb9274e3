import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRuntime } from '../../../resources/build/electron-runtime.mjs';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const NOTHING = '';
/** An installer that brings the runtime, as Electron's own does: path.txt at the end. */
const BRINGS = `
  const fs = require('node:fs');
  fs.mkdirSync(__dirname + '/dist');
  fs.writeFileSync(__dirname + '/dist/electron', '');
  fs.writeFileSync(__dirname + '/path.txt', 'electron');
`;
const COUNTS = `require('node:fs').appendFileSync(__dirname + '/runs', '1');`;
const HANGS = 'setInterval(() => {}, 1000);';

function modulesWith(installer: string): string {
  const modules = temporaryFolder();
  mkdirSync(join(modules, 'electron'));
  writeFileSync(join(modules, 'electron', 'package.json'), '{"version":"1.2.3"}');
  writeFileSync(join(modules, 'electron', 'install.js'), installer);
  return modules;
}

function find(modules: string, environment: Record<string, string> = {}, withinMs = 20_000) {
  const said: string[] = [];
  const runtime = findRuntime({ modules, environment, platform: 'linux', say: (line) => said.push(line), withinMs });
  return { runtime, said };
}

describe("Electron's runtime", () => {
  it('is found where it is installed, without a word', () => {
    const modules = modulesWith(BRINGS);
    const first = find(modules);
    expect(first.runtime).toEqual({ executable: join(modules, 'electron/dist/electron') });
    expect(first.said).toHaveLength(1);
    expect(find(modules)).toEqual({ runtime: first.runtime, said: [] });
  });

  it('is found where the environment says', () => {
    const modules = modulesWith(NOTHING);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'electron'), '');
    const { runtime } = find(modules, { ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect(runtime).toEqual({ executable: join(folder, 'electron') });
    rmSync(join(folder, 'electron'));
    expect(find(modules, { ELECTRON_OVERRIDE_DIST_PATH: folder }).runtime).toHaveProperty('missing');
  });

  it('is tried for once and never again for that version', () => {
    const modules = modulesWith(COUNTS);
    expect(find(modules).runtime).toHaveProperty('missing');
    expect(find(modules).runtime).toEqual({ missing: expect.stringContaining('before') as string });
    expect(readFileSync(join(modules, 'electron', 'runs'), 'utf8')).toBe('1');
    writeFileSync(join(modules, 'electron', 'package.json'), '{"version":"1.2.4"}');
    find(modules);
    expect(readFileSync(join(modules, 'electron', 'runs'), 'utf8')).toBe('11');
  });

  it('is not waited for beyond the time', () => {
    const modules = modulesWith(HANGS);
    const startedMs = performance.now();
    expect(find(modules, {}, 300).runtime).toHaveProperty('missing');
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('that was broken off half way does not count', () => {
    const modules = modulesWith(NOTHING);
    mkdirSync(join(modules, 'electron', 'dist'));
    writeFileSync(join(modules, 'electron', 'dist', 'electron'), '');
    expect(find(modules).runtime).toHaveProperty('missing');
  });

  it('is not fetched where the environment forbids that, and that is not remembered', () => {
    const modules = modulesWith(COUNTS);
    expect(find(modules, { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }).runtime).toHaveProperty('missing');
    expect(existsSync(join(modules, 'electron', 'runs'))).toBe(false);
    expect(existsSync(join(modules, '.cache'))).toBe(false);
  });

  it('is missing where the package is', () => {
    expect(find(temporaryFolder()).runtime).toEqual({ missing: 'the package electron is not installed' });
  });
});
