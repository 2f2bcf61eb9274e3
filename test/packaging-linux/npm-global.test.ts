import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../integration/gateway-process.ts';
import { LoopbackRegistry } from './loopback-registry.ts';
import { runToEnd } from './packed-brain.ts';

const run = promisify(execFile);
const base = mkdtempSync(join(tmpdir(), 'mt5-fabric-npm-'));
const prefix = join(base, 'prefix');
const path = join(base, 'path');

/** npm as it started these tests, else the one on the PATH. */
async function npm(...words: readonly string[]): Promise<void> {
  const { npm_execpath: file, PATH } = process.env;
  const [program, first] = file?.endsWith('.js') === true ? [process.execPath, [file]] : ['npm', []];
  const environment = { PATH: `${path}:${PATH ?? ''}`, HOME: base, npm_config_cache: join(base, 'cache') };
  await run(program, [...first, ...words], { cwd: base, env: environment, timeout: 100_000 });
}

beforeAll(async () => {
  mkdirSync(path);
  symlinkSync(process.execPath, join(path, 'node'));
  await run(process.execPath, ['resources/build/pack-npm.mjs', base]);
  await using registry = await LoopbackRegistry.open({
    // Without the builds for other platforms, which only take time.
    zeromq: ['lib', 'script', 'build/manifest.json', `build/linux/${process.arch}`],
    'cmake-ts': ['build'],
    'node-addon-api': ['index.js', 'package-support.json'],
  });
  const archive = join(
    base,
    readdirSync(base).find((name) => name.endsWith('.tgz'))!,
  );
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
  await npm('install', '--global', '--prefix', prefix, '--registry', registry.url, ...quiet, archive);
}, 180_000);
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('npm install --global of the package', () => {
  const command = join(prefix, 'bin/mt5-fabric-brain');

  it('gives the command, with all that it needs beside it', async () => {
    expect(readdirSync(join(prefix, 'bin'))).toEqual(['mt5-fabric-brain']);
    const help = await runToEnd(command, ['help'], { PATH: path });
    expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: mt5-fabric-brain /) as string });
  });

  it('trades with it', async () => {
    const { ports } = await startGateway();
    const where = ['--host', '127.0.0.1', '--command-port', String(ports.command)];
    const opened = await runToEnd(command, ['open', 'EURUSD', '0.01', 'buy', '--json', ...where], { PATH: path });
    expect(JSON.parse(opened.stdout)).toMatchObject({ status: 'SUCCESS' });
  });
});
