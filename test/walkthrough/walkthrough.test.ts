import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { RunningGateway } from '../running-gateway.ts';
import { commandsOf, type PageCommand } from './commands.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** After this long a command that runs until it is ended has shown that it runs. */
const LONG_ENOUGH_MS = 6_000;

/** What is not as usual: usual is that a command ends by itself with 0. */
interface Unusual {
  readonly starts: string;
  /** Why it cannot be run here. */
  readonly cannot?: string;
  /** Exit codes that are right here. */
  readonly codes?: readonly number[];
  /** It runs until it is ended. */
  readonly runs?: true;
  /** What has to have been done before. */
  readonly after?: string;
}

const UNUSUAL: readonly Unusual[] = [
  { starts: 'npm start', cannot: 'it installs; the whole suite stands on what it builds' },
  { starts: 'npm run gateway -- --install-bridge', codes: [1, 78] },
  { starts: 'npm run gateway -- --doctor', codes: [0, 1] },
  { starts: 'npm run gateway -- --terminal bridge', cannot: 'a second gateway of one data folder' },
  { starts: 'npm run gateway -- --headless --security plain-network', cannot: 'an address of the example’s machine' },
  { starts: 'npm run gateway -- --resume', after: 'npm run gateway -- --halt' },
  { starts: 'npm run brain -- run', runs: true },
  { starts: 'npm run bench', cannot: 'minutes, and a machine of its own' },
  { starts: 'netsh', cannot: 'Windows; the rule’s words are tested in test/unit' },
  { starts: 'sudo ufw', cannot: 'the firewall of this machine' },
  { starts: 'mt5-fabric', cannot: 'an installed program with a second terminal' },
];

const unusual = ({ line }: PageCommand) => UNUSUAL.find(({ starts }) => line.startsWith(starts));
const gateways: RunningGateway[] = [];
afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

/** A reader's home, with a gateway and with `npm` as the launcher has it. */
async function reader(security: 'local' | 'encrypted') {
  const home = temporaryFolder();
  const dataDir = join(home, '.local/share/mt5-fabric');
  mkdirSync(dataDir, { recursive: true });
  const gateway = await RunningGateway.start({ dataDir, flags: ['--panel-port', '0', '--security', security] });
  gateways.push(gateway);
  const npm = join(home, 'bin/npm');
  mkdirSync(join(home, 'bin'));
  writeFileSync(npm, NPM);
  chmodSync(npm, 0o755);
  symlinkSync(join(ROOT, 'docs'), join(home, 'docs'));
  const { command, data, events } = gateway.ports;
  const environment = {
    ...{ PATH: `${join(home, 'bin')}:${process.env['PATH']}`, HOME: home, NODE: process.execPath, ROOT },
    ...{ MT5_FABRIC_COMMAND_PORT: String(command), MT5_FABRIC_DATA_PORT: String(data) },
    MT5_FABRIC_EVENT_PORT: String(events),
  };
  const panelPort = new URL(gateway.panel).port;
  return {
    home,
    run: (line: string, runs: boolean) => shell(line.replace(':8555', `:${panelPort}`), home, environment, runs),
  };
}

/** `npm run gateway` and `npm run brain` as package.json has them, without looking for what is out of date. */
const NPM = `#!/bin/sh
[ "$1" = run ] && [ "$3" = -- ] || exit 99
what=$2; shift 3
case $what in
  gateway) exec "$NODE" "$ROOT/dist/mt5-fabric.js" "$@" ;;
  brain) exec "$NODE" "$ROOT/dist/mt5-fabric.js" --brain "$@" ;;
esac
exit 99
`;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function shell(line: string, cwd: string, environment: NodeJS.ProcessEnv, runs: boolean): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn('bash', ['-c', `exec 2>&1; ${line}`], { cwd, env: environment, detached: true });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', failed);
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGINT'), runs ? LONG_ENOUGH_MS : 40_000);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, output: Buffer.concat(output).toString() });
    });
  });
}

async function walk(page: string, security: 'local' | 'encrypted'): Promise<void> {
  const { run } = await reader(security);
  const commands = commandsOf(page);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const what = unusual(command);
    if (what?.cannot !== undefined) continue;
    if (what?.after !== undefined) await run(what.after, false);
    const { code, output } = await run(command.line, what?.runs === true);
    expect(what?.codes ?? [0], `${page}: ${command.line}\n${output}`).toContain(code);
  }
}

describe('what a page tells its reader to type', () => {
  it('README.md works as written', () => walk('README.md', 'local'), 180_000);
  it('docs/SECURITY.md works as written', () => walk('docs/SECURITY.md', 'encrypted'), 120_000);
  it('docs/OPERATIONS.md works as written', () => walk('docs/OPERATIONS.md', 'local'), 120_000);
  it('docs/ORIGINAL-BRAIN.md works as written', () => walk('docs/ORIGINAL-BRAIN.md', 'local'), 120_000);

  it('is left out only where a page still has it', () => {
    const pages = [
      'README.md',
      ...['SECURITY', 'OPERATIONS', 'ORIGINAL-BRAIN', 'BENCHMARKS', 'METATRADER'].map((name) => `docs/${name}.md`),
    ];
    const lines = pages.flatMap(commandsOf).map(({ line }) => line);
    for (const { starts } of UNUSUAL)
      expect(
        lines.filter((line) => line.startsWith(starts)),
        starts,
      ).not.toEqual([]);
  });

  it('the ten lines of Python in docs/SECURITY.md ask under a proof of their own', async () => {
    const { home, run } = await reader('encrypted');
    const [, code = ''] = /```python\n([\s\S]*?)```/.exec(readFileSync('docs/SECURITY.md', 'utf8')) ?? [];
    expect(code.trim().split('\n').length).toBeLessThanOrEqual(10);
    writeFileSync(join(home, 'ask.py'), code);
    const paired = await run('npm run gateway -- --pair alpha --role read', false);
    expect(paired.code, paired.output).toBe(0);
    const { code: ended, output } = await run('/usr/bin/python3 ask.py alpha.connection.json', false);
    expect(ended, output).toBe(0);
    expect(output).toMatch(/'status': 'SUCCESS'/);
  });
});
