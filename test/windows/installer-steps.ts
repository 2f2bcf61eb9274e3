import { deepEqual, equal } from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makensis } from '../packaging/makensis.ts';
import { installerScript, STAND_IN_NETSH } from './installer-script.ts';
import type { Step } from './run-steps.ts';
import { WindowsProcess } from './windows-process.ts';
import type { WinePrefix } from './wine-prefix.ts';

const FOLDER = 'C:\\Program Files\\MT5 Fabric';
const ENVIRONMENT = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const LOGIN = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const APP_ID = 'org.mt5fabric.gateway';
const USUAL_PATH = '%SystemRoot%\\system32;%SystemRoot%';
/** Beyond the strings of Debian's NSIS, which has 1,024 characters. */
const LONG_PATH = `${USUAL_PATH};C:\\${'x'.repeat(1_100)}`;
const REMOVAL = 'advfirewall firewall delete rule name="MT5 Fabric gateway" dir=in';

/** The installer's own steps in a Windows, and what they leave there. */
class Machine implements Disposable {
  readonly #prefix: WinePrefix;
  readonly #work = mkdtempSync(join(tmpdir(), 'mt5-fabric-installer-'));

  constructor(prefix: WinePrefix) {
    this.#prefix = prefix;
    makensis(installerScript(FOLDER), this.#work);
    makensis(STAND_IN_NETSH, this.#work);
    copyFileSync(join(this.#work, 'netsh.exe'), join(prefix.folder, 'drive_c/windows/system32/netsh.exe'));
    rmSync(this.#netshCalls, { force: true });
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  get dataFolder(): string {
    return join(this.#prefix.localAppData, 'mt5-fabric');
  }

  /** Carries out steps of the installer; the exit code. */
  async carryOut(step: 'install' | 'uninstall', ...flags: readonly string[]): Promise<number | null> {
    const program = this.#prefix.windowsPath(join(this.#work, 'installer-steps.exe'));
    // An option's value goes on to the next slash.
    return (await this.#run(program, ...flags, `/step=${step}`)).code;
  }

  /** What netsh was asked, since the machine was made. */
  netshCalls(): string[] {
    if (!existsSync(this.#netshCalls)) return [];
    const lines = readFileSync(this.#netshCalls, 'utf16le').split(/\r?\n/).filter(Boolean);
    return lines.map((line) => line.slice(line.indexOf('advfirewall')));
  }

  path(): Promise<string | null> {
    return this.#value(ENVIRONMENT, 'Path');
  }

  loginItem(): Promise<string | null> {
    return this.#value(LOGIN, APP_ID);
  }

  async setPath(path: string): Promise<void> {
    await this.#run('reg', 'add', ENVIRONMENT, '/v', 'Path', '/t', 'REG_EXPAND_SZ', '/d', path, '/f');
  }

  async addWhatIsTheUsers(): Promise<void> {
    await this.#run('reg', 'add', LOGIN, '/v', APP_ID, '/d', 'MT5 Fabric.exe', '/f');
    mkdirSync(this.dataFolder, { recursive: true });
    writeFileSync(join(this.dataFolder, 'settings.json'), '{}');
  }

  /** From now on a gateway seems to run. */
  startGateway(): void {
    writeFileSync(join(this.#work, 'gateway-runs'), '');
  }

  [Symbol.dispose](): void {
    rmSync(this.#work, { recursive: true, force: true });
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  get #netshCalls(): string {
    return join(this.#prefix.folder, 'drive_c', 'netsh.txt');
  }

  async #value(key: string, name: string): Promise<string | null> {
    const { stdout } = await this.#run('reg', 'query', key, '/v', name);
    return /REG_(?:EXPAND_)?SZ\s+(?<value>.+)/.exec(stdout)?.groups?.['value']?.trim() ?? null;
  }

  #run(...words: readonly string[]) {
    const overrides = `${this.#prefix.environment['WINEDLLOVERRIDES'] ?? ''};netsh.exe=n`;
    const environment = { WINEDLLOVERRIDES: overrides };
    return WindowsProcess.run({ prefix: this.#prefix, words, outputFolder: this.#work, environment });
  }
}

/** What the installer does beside electron-builder's steps: its program is compiled here, and runs in that Windows. */
export const INSTALLER_STEPS: readonly Step[] = [
  [
    'the installer puts the local commands on the PATH once, behind all that is there, and takes only them off it',
    async ({ prefix }) => {
      using machine = new Machine(prefix);
      for (const before of [`C:\\a & b;;${USUAL_PATH}`, `${FOLDER}\\bin2;${USUAL_PATH}`]) {
        await machine.setPath(before);
        for (const flags of [[], ['--updated']]) {
          equal(await machine.carryOut('install', ...flags), 0);
          equal(await machine.path(), `${before};${FOLDER}\\bin`);
        }
        equal(await machine.carryOut('uninstall'), 0);
        equal(await machine.path(), before);
      }
    },
  ],
  [
    'the installer leaves a PATH alone that is longer than its own strings',
    async ({ prefix }) => {
      using machine = new Machine(prefix);
      await machine.setPath(LONG_PATH);
      for (const step of ['install', 'uninstall'] as const) {
        equal(await machine.carryOut(step), 0);
        equal(await machine.path(), LONG_PATH);
      }
      await machine.setPath(USUAL_PATH);
    },
  ],
  [
    'an update keeps the rule in the firewall, the start at login and the data; an uninstall keeps the data',
    async ({ prefix }) => {
      using machine = new Machine(prefix);
      await machine.addWhatIsTheUsers();
      equal(await machine.carryOut('uninstall', '--updated'), 0);
      deepEqual([machine.netshCalls(), await machine.loginItem()], [[], 'MT5 Fabric.exe']);
      equal(await machine.carryOut('uninstall'), 0);
      deepEqual([machine.netshCalls(), await machine.loginItem()], [[REMOVAL], null]);
      equal(existsSync(join(machine.dataFolder, 'settings.json')), true);
      equal(await machine.carryOut('uninstall', '--delete-app-data'), 0);
      equal(existsSync(machine.dataFolder), false);
    },
  ],
  [
    'the installer changes nothing while a gateway runs, and does not end it',
    async ({ prefix }) => {
      using machine = new Machine(prefix);
      await machine.setPath(USUAL_PATH);
      machine.startGateway();
      equal(await machine.carryOut('install'), 2);
      equal(await machine.path(), USUAL_PATH);
    },
  ],
];
