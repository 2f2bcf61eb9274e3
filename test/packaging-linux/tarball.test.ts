import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, startGateway } from '../integration/gateway-process.ts';
import { runProgram } from '../running-gateway.ts';
import { PackedBrain, packBrain, runToEnd } from './packed-brain.ts';

const HOST = ['--host', '127.0.0.1'];
/** Node of a distribution that is too old, where this machine has one. */
const OLD_NODE = '/usr/bin/node';

let brain: PackedBrain;
beforeAll(async () => {
  brain = await PackedBrain.make();
}, 120_000);
afterAll(() => brain.remove());

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

describe("the brain's tarball", { timeout: 120_000 }, () => {
  it('is small, and holds one bundle, one native module and what a server needs to run it', () => {
    const files = filesIn(brain.folder);
    const outside = files.filter((file) => !file.startsWith('lib/'));
    expect(outside.toSorted()).toEqual([
      ...['LICENSE', 'README.md', 'bin/mt5-fabric-brain', 'package.json'],
      ...['systemd/brain.env', 'systemd/mt5-fabric-brain.service'],
    ]);
    expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(1);
    const bundle = files.filter((file) => /^lib\/[^/]*$/.test(file));
    expect(bundle.every((file) => /^lib\/brain(?:\.[\w-]+)?\.cjs$/.test(file))).toBe(true);
    const modules = new Set(files.flatMap((file) => /^lib\/node_modules\/([^/]+)/.exec(file)?.[1] ?? []));
    expect([...modules].toSorted()).toEqual(['cmake-ts', 'zeromq']);
    expect(statSync(brain.archive).size).toBeLessThan(1_500_000);
  });

  it('names its version and platform, belongs to root, and lets everyone read it', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const top = `mt5-fabric-brain-${version}-linux-${process.arch}`;
    expect(brain.archive.endsWith(`/${top}.tar.gz`)).toBe(true);
    const lines = execFileSync('tar', ['-tzvf', brain.archive], { encoding: 'utf8' }).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^(?:drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) 0\/0 /);
    expect(lines.every((line) => line.includes(` ${top}/`))).toBe(true);
    expect(lines.filter((line) => line.startsWith('-rwx')).map((line) => line.split(' ').at(-1))).toEqual([
      `${top}/bin/mt5-fabric-brain`,
    ]);
  });

  it('has the same bytes whenever it is packed from the same build', async () => {
    const hashes: string[] = [];
    for (const name of ['one', 'two']) {
      const archive = await packBrain(join(brain.base, name), { SOURCE_DATE_EPOCH: '1790000000' });
      hashes.push(createHash('sha256').update(readFileSync(archive)).digest('hex'));
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('asks for no newer glibc than the README says', () => {
    const native = filesIn(brain.folder).find((file) => file.endsWith('.node'))!;
    const names = readFileSync(join(brain.folder, native), 'latin1').matchAll(/GLIBC_2\.(\d+)/g);
    const newest = Math.max(...Array.from(names, ([, minor]) => Number(minor)));
    expect(readFileSync('resources/linux/README.md', 'utf8')).toContain(`glibc 2.${newest} or newer`);
  });

  it('runs with Node alone: its help, its faults and their codes', async () => {
    expect(await brain.run(['help'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: mt5-fabric-brain/) as string,
    });
    expect(await brain.run(['hartbeat'])).toMatchObject({ code: 64 });
    expect(await brain.run(['heartbeat', ...HOST, '--command-port', '1', '--timeout-ms', '200'])).toMatchObject({
      code: 75,
    });
    expect(await brain.run(['heartbeat', '--connection', '/nothing'])).toMatchObject({ code: 78 });
  });

  it('trades on a gateway, hears its ticks, and runs a strategy against it', async () => {
    const { ports } = await startGateway();
    const where = [
      ...HOST,
      '--command-port',
      `${ports.command}`,
      '--data-port',
      `${ports.data}`,
      '--event-port',
      `${ports.events}`,
    ];
    const opened = await brain.run(['open', 'EURUSD', '0.01', 'buy', '--json', ...where]);
    expect(JSON.parse(opened.stdout)).toMatchObject({ status: 'SUCCESS' });
    const ticks = await brain.run(['ticks', 'EURUSD', '--count', '3', '--json', ...where]);
    expect(ticks.stdout.trimEnd().split('\n')).toHaveLength(3);
    const strategy = join(brain.base, 'strategy.mjs');
    writeFileSync(
      strategy,
      `export async function onStart({ stop, mode, log }) { log.info('begun', { mode }); stop(); }`,
    );
    const ran = await brain.run(['run', strategy, '--json', ...where]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('"begun"') as string });
  });

  it('reaches an encrypted gateway with the connection file of its pairing', async () => {
    const dataDir = dataFolder();
    await startGateway({ dataDir, flags: ['--security', 'encrypted'] });
    const connection = join(brain.base, 'connection.json');
    const paired = await runProgram('--pair', 'alpha', '--role', 'trade', '--out', connection, '--data-dir', dataDir);
    expect(paired.code, paired.stderr).toBe(0);
    const opened = await brain.run(['open', 'EURUSD', '0.01', 'buy', '--json'], { MT5_FABRIC_CONNECTION: connection });
    expect(JSON.parse(opened.stdout)).toMatchObject({ status: 'SUCCESS' });
  });

  it.runIf(isTooOld(OLD_NODE))(
    'says to a Node that is too old which one it needs, with the code for that',
    async () => {
      const ended = await runToEnd(OLD_NODE, [brain.program, 'help'], {});
      expect(ended).toMatchObject({
        code: 78,
        stdout: '',
        stderr: expect.stringContaining('needs Node 22.3 or newer') as string,
      });
    },
  );
});

function isTooOld(node: string): boolean {
  try {
    return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 22;
  } catch {
    return false;
  }
}
