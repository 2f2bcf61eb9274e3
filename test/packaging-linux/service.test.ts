import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EXIT } from '../../main/exit-codes.ts';
import { dataFolder, startGateway } from '../integration/gateway-process.ts';
import { runProgram } from '../running-gateway.ts';
import { obstacleTo } from '../machine-abilities.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { PackedBrain, runToEnd, type Ended } from './packed-brain.ts';
import { readEnvironmentFile, ServiceUnit } from './service-unit.ts';
import { allowedCalls, callsInSummary } from './system-call-filter.ts';

const INSTALLED = '/opt/mt5-fabric-brain';
const CREDENTIALS = '/run/credentials/mt5-fabric-brain.service';
const WITHIN = { timeout: 15_000, interval: 50 };

let brain: PackedBrain;
let unit: ServiceUnit;
let unitText: string;
beforeAll(async () => {
  brain = await PackedBrain.make();
  unitText = readFileSync(join(brain.folder, 'systemd/mt5-fabric-brain.service'), 'utf8');
  unit = new ServiceUnit(unitText);
}, 120_000);
afterAll(() => brain.remove());

const environmentFile = () => readEnvironmentFile(readFileSync(join(brain.folder, 'systemd/brain.env'), 'utf8'));

describe('the unit for systemd', () => {
  it('starts the strategy that the environment file names, with the options there', () => {
    const environment = environmentFile();
    expect(unit.startWords(environment)).toEqual([
      `${INSTALLED}/bin/mt5-fabric-brain`,
      ...['run', '/etc/mt5-fabric/strategy.mjs'],
    ]);
    const withOptions = { ...environment, MT5_FABRIC_RUN_OPTIONS: '--lease 30 --json' };
    expect(unit.startWords(withOptions).slice(-3)).toEqual(['--lease', '30', '--json']);
  });

  it('gives the keys of the connection to the brain alone, and keeps them out of a core', () => {
    expect(unit.values('LoadCredential')).toEqual(['connection.json:/etc/mt5-fabric/connection.json']);
    expect(unit.values('Environment')).toEqual(['MT5_FABRIC_CONNECTION=%d/connection.json']);
    expect([unit.values('DynamicUser'), unit.values('LimitCORE')]).toEqual([['yes'], ['0']]);
  });

  it('starts it anew after a failure, but never where the same again would fail the same way', () => {
    expect(unit.values('Restart')).toEqual(['on-failure']);
    const final = unit.values('RestartPreventExitStatus').flatMap((line) => line.split(' ').map(Number));
    expect(final).toEqual(expect.arrayContaining([EXIT.usage, EXIT.configuration]));
    for (const code of [EXIT.refused, EXIT.internal, EXIT.unavailable]) expect(final).not.toContain(code);
    expect([unit.values('StartLimitBurst'), unit.values('StartLimitIntervalSec')]).toEqual([['5'], ['600']]);
  });

  it('leaves V8 the memory that it writes and executes, which systemd would not notice', () => {
    expect(unit.has('MemoryDenyWriteExecute')).toBe(false);
  });

  it.runIf(hasSystemPackage('systemd'))('is one that systemd takes without a word, and rates as well shut off', () => {
    const file = join(dataFolder(), 'mt5-fabric-brain.service');
    writeFileSync(file, unitText.replaceAll(INSTALLED, brain.folder));
    expect(execFileSync('systemd-analyze', ['verify', file], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    // Of 10; 1.3 when it was written. A setting that is lost shows here.
    execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=15', file], { stdio: 'pipe' });
  });
});

// There is no systemd here to start it: a root of its own with the same places to read and write, and the same user,
// stand for it (sandbox.sh says what for what); the filters of calls and sockets are held against what the brain calls.
describe.runIf(obstacleTo('a sandbox') === null)(
  'the brain under what the unit leaves it',
  { timeout: 120_000 },
  () => {
    const STRATEGY = `
    import { readdirSync, writeFileSync } from 'node:fs';
    const tried = (path) => { try { writeFileSync(path, 'x'); return 'written'; } catch ({ code }) { return code; } };
    export const settings = { symbols: ['EURUSD'], leaseS: 5 };
    export function onStart({ log, mode }) {
      const places = ['/etc/x', '/usr/x', '${INSTALLED}/x', '/run/x', '/dev/x', '/tmp/x', '/var/lib/mt5-fabric-brain/x'];
      log.info('begun', { mode, uid: process.getuid(), cwd: process.cwd(), home: readdirSync('/home').length,
        tried: Object.fromEntries(places.map((place) => [place, tried(place)])) });
    }
    export async function onTick(tick, { send, log }) {
      const { status } = await send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
      log.info('traded', { status });
    }
    export function onStop(reason, { log }) { log.info('ended', { kind: reason.kind }); }
  `;

    /** A gateway in mode `encrypted`, and /etc/mt5-fabric for a brain that is paired with it. */
    async function paired(strategy: string) {
      const dataDir = dataFolder();
      const config = join(dataFolder(), 'etc');
      mkdirSync(config);
      cpSync(join(brain.folder, 'systemd/brain.env'), join(config, 'brain.env'));
      writeFileSync(join(config, 'strategy.mjs'), strategy);
      await startGateway({ dataDir, flags: ['--security', 'encrypted'] });
      const out = join(config, 'connection.json');
      const done = await runProgram('--pair', 'alpha', '--role', 'trade', '--out', out, '--data-dir', dataDir);
      expect(done.code, done.stderr).toBe(0);
      return config;
    }

    function start(config: string) {
      const environment = {
        ...readEnvironmentFile(readFileSync(join(config, 'brain.env'), 'utf8')),
        MT5_FABRIC_RUN_OPTIONS: '--json',
        MT5_FABRIC_CONNECTION: `${CREDENTIALS}/connection.json`,
        PATH: '/usr/local/bin:/usr/bin',
      };
      const words = ['/usr/bin/env', '-i', ...pairs(environment), ...unit.startWords(environment)];
      const namespaces = ['--mount', '--propagation=private', '--pid', '--fork', '--ipc', '--uts'];
      const script = resolve('test/packaging-linux/sandbox.sh');
      const child = spawn('unshare', [...namespaces, 'sh', script, ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ROOT: emptyFolder(), PROGRAM: brain.folder, CONFIG: config, NODE: process.execPath },
      });
      onTestFinished(() => signal('SIGKILL'));
      // unshare itself passes nothing on, and a process that changes its user is not ended with its parent either.
      const signal = (name: NodeJS.Signals) => {
        for (const pid of childrenOf(child.pid!)) process.kill(pid, name);
      };
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
      const ended = new Promise<number | null>((done) => child.once('close', done));
      const line = (message: string) =>
        said.out
          .split('\n')
          .filter((text) => text.startsWith('{'))
          .map((text) => JSON.parse(text) as Record<string, unknown>)
          .find((one) => one['message'] === message);
      return { signal, said, ended, line };
    }

    const emptyFolder = () => {
      const folder = join(dataFolder(), 'root');
      mkdirSync(folder);
      return folder;
    };

    it('reads its connection, trades, writes where it may and nowhere else', async () => {
      const service = start(await paired(STRATEGY));
      await vi.waitFor(() => {
        expect(service.line('traded'), JSON.stringify(service.said)).toMatchObject({ status: 'SUCCESS' });
      }, WITHIN);
      expect(service.line('begun')).toMatchObject({
        ...{ mode: 'TRADING', uid: 64_321, cwd: '/var/lib/mt5-fabric-brain', home: 0 },
        tried: {
          ...{
            '/etc/x': 'EROFS',
            '/usr/x': 'EROFS',
            [`${INSTALLED}/x`]: 'EROFS',
            '/run/x': 'EROFS',
            '/dev/x': 'EROFS',
          },
          ...{ '/tmp/x': 'written', '/var/lib/mt5-fabric-brain/x': 'written' },
        },
      });
    });

    it('ends in order when it is told to, with the lease, and with a code that starts nothing anew', async () => {
      const service = start(await paired(STRATEGY));
      await vi.waitFor(() => {
        expect(service.line('begun'), JSON.stringify(service.said)).toBeDefined();
      }, WITHIN);
      service.signal('SIGTERM');
      expect(await service.ended).toBe(EXIT.ok);
      expect(service.line('ended')).toMatchObject({ kind: 'SIGNAL' });
    });

    it('stays down, with 78, where its strategy is not one', async () => {
      const service = start(await paired('export const onTick = 1;'));
      expect(await service.ended).toBe(EXIT.configuration);
    });

    it.runIf(hasSystemPackage('systemd') && hasSystemPackage('strace'))(
      'makes no system call that the filter bars, and opens no socket of another family, nor a port',
      async () => {
        const config = await paired(
          STRATEGY.replace("log.info('traded', { status });", 'globalThis.setTimeout(stop, 1_500);').replace(
            '{ send, log }',
            '{ send, stop }',
          ),
        );
        const folder = dataFolder();
        const strace = async (...options: string[]): Promise<Ended> =>
          runToEnd('strace', ['-f', '-qq', ...options, brain.program, 'run', join(config, 'strategy.mjs')], {
            ...{ PATH: `${brain.path}:/usr/bin`, MT5_FABRIC_CONNECTION: join(config, 'connection.json') },
          });
        const summary = join(folder, 'summary');
        expect(await strace('-c', '-o', summary)).toMatchObject({ code: 0 });
        const made = callsInSummary(readFileSync(summary, 'utf8'));
        expect(made).toContain('connect');
        const allowed = allowedCalls(unit.values('SystemCallFilter'));
        expect(made.filter((call) => !allowed.has(call))).toEqual([]);
        const sockets = join(folder, 'sockets');
        expect(await strace('-e', 'trace=socket,bind,listen', '-o', sockets)).toMatchObject({ code: 0 });
        const families = [...readFileSync(sockets, 'utf8').matchAll(/\bsocket\((AF_\w+)/g)].map(([, family]) => family);
        const permitted = unit.values('RestrictAddressFamilies').flatMap((line) => line.split(' '));
        expect([...new Set(families)].filter((family) => !permitted.includes(family!))).toEqual([]);
        expect(readFileSync(sockets, 'utf8')).not.toMatch(/\b(?:bind|listen)\(/);
      },
    );
  },
);

function pairs(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}
