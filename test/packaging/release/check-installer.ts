// On Windows, as administrator, after `npm run pack:windows` and with MetaTrader 5 installed: the installer, from its
// first file to the last that the uninstaller leaves. Changes this machine: for one that is thrown away.
import { equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addRuleWords, showRuleWords } from '../../../main/desktop/firewall.ts';
import { PackedProgram } from './packed-program.ts';
import { runSteps } from './steps.ts';

const TIMEOUT_MS = 300_000;
const LOOK_AGAIN_MS = 500;
const TERMINAL = 'C:\\Program Files\\MetaTrader 5';
const ENVIRONMENT = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';

const program = new PackedProgram(join(variable('ProgramFiles'), 'MT5 Fabric'));
const uninstaller = join(program.folder, 'Uninstall MT5 Fabric.exe');
const dataFolder = join(variable('LOCALAPPDATA'), 'mt5-fabric');
const pathBefore = machinePath();

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function run(file: string, ...words: readonly string[]): { code: number | null; stdout: string } {
  const { status, stdout, error } = spawnSync(file, words, { encoding: 'utf8', timeout: TIMEOUT_MS });
  if (error !== undefined) throw error;
  return { code: status, stdout };
}

/** As it is written, with its variables. */
function machinePath(): string {
  const { stdout } = run('reg', 'query', ENVIRONMENT, '/v', 'Path');
  return /REG_\w+\s+(?<path>.*)/.exec(stdout)?.groups?.['path']?.trim() ?? '';
}

function install(): void {
  const name = readdirSync('dist/installers').find((file) => file.endsWith('.exe')) ?? 'no installer';
  equal(run(resolve('dist/installers', name), '/S').code, 0);
}

/** The uninstaller goes on in a copy of its own: it is done when the folder has gone. */
async function uninstall(): Promise<void> {
  run(uninstaller, '/S');
  const until = performance.now() + TIMEOUT_MS;
  while (existsSync(program.executable)) {
    if (performance.now() > until) throw new Error(`${program.folder} is still there`);
    await sleep(LOOK_AGAIN_MS);
  }
}

await runSteps([
  ['it installs without a question', install],
  [
    'program and local commands are there, in the start menu and on the desktop of all users',
    () => {
      ok(existsSync(program.executable));
      ok(existsSync(join(variable('ProgramData'), 'Microsoft\\Windows\\Start Menu\\Programs\\MT5 Fabric.lnk')));
      ok(existsSync(join(variable('PUBLIC'), 'Desktop\\MT5 Fabric.lnk')));
      equal(program.command('--version').code, 0);
    },
  ],
  [
    'the local commands are on the PATH, behind all that was',
    () => equal(machinePath(), `${pathBefore}${pathBefore.endsWith(';') ? '' : ';'}${program.folder}\\bin`),
  ],
  [
    'it installs the bridge program into MetaTrader 5, whose MetaEditor compiles it without a warning',
    () => {
      const { code, stdout, stderr } = program.command('--install-bridge', '--terminal-folder', TERMINAL);
      equal(code, 0, `${stdout}${stderr}`);
      match(stdout, /compiled {2}without errors, 0 warnings/);
      ok(existsSync(join(TERMINAL, 'MQL5\\Experts\\MT5Fabric\\MT5FabricBridge.ex5')));
    },
  ],
  [
    'installed again it is an update: the rule in the firewall and the data stay',
    () => {
      equal(run('netsh', ...addRuleWords({ program: program.executable, ports: [5555, 5556, 5557] })).code, 0);
      mkdirSync(dataFolder, { recursive: true });
      writeFileSync(join(dataFolder, 'kept'), '');
      install();
      equal(run('netsh', ...showRuleWords()).code, 0);
      ok(existsSync(join(dataFolder, 'kept')));
    },
  ],
  [
    'uninstalled it takes the rule and its place on the PATH along, and leaves the data',
    async () => {
      await uninstall();
      equal(run('netsh', ...showRuleWords()).code, 1);
      equal(machinePath(), pathBefore);
      ok(existsSync(join(dataFolder, 'kept')));
    },
  ],
]);
