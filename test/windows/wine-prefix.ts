import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const USER = 'trader';
/** The gateway's settings and Node's come from the tests alone, and no window opens. */
const NOT_PASSED_ON = /^(MT5_|NODE_|DISPLAY$)/;
const PREPARE_TIMEOUT_MS = 180_000;

/** A Windows of its own: a Wine prefix with one user, which nothing else on this machine uses. */
export class WinePrefix {
  readonly folder: string;
  /** What a process that belongs to it is started with. */
  readonly environment: NodeJS.ProcessEnv;

  constructor(folder: string) {
    this.folder = resolve(folder);
    this.environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name))),
      ...{ WINEPREFIX: this.folder, WINEARCH: 'win64', USER, LOGNAME: USER },
      // Words and file names go through it: Wine would lose letters in a locale that has not all of them.
      LC_ALL: 'C.UTF-8',
      // Neither messages, nor offers to download a browser and .NET, nor entries in this machine's menus.
      ...{ WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=' },
    };
  }

  /** Makes it where it is not there yet, and ends what an earlier run may have left in it. */
  async prepare(): Promise<void> {
    const prepared = join(this.folder, 'prepared');
    if (existsSync(prepared)) return this.endAll();
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    await this.#call('wineboot', '-i');
    await this.#call('wine', 'winecfg', '-v', 'win10');
    writeFileSync(prepared, '');
  }

  /** Kills every process in this prefix, and no other. */
  async endAll(): Promise<void> {
    // It fails where nothing runs.
    await this.#call('wineserver', '-k').catch(() => {});
  }

  get localAppData(): string {
    return join(this.#profile, 'AppData', 'Local');
  }

  get appData(): string {
    return join(this.#profile, 'AppData', 'Roaming');
  }

  get programFiles(): string {
    return join(this.folder, 'drive_c', 'Program Files');
  }

  /** A path of this machine as programs in the prefix name it: on C, or on Z, which is the whole machine. */
  windowsPath(path: string): string {
    const driveC = join(this.folder, 'drive_c');
    const [drive, rest] = path.startsWith(driveC) ? ['C:', path.slice(driveC.length)] : ['Z:', resolve(path)];
    return `${drive}${rest.replaceAll('/', '\\')}`;
  }

  get #profile(): string {
    return join(this.folder, 'drive_c', 'users', USER);
  }

  async #call(program: string, ...words: string[]): Promise<void> {
    const call = run(program, words, { env: this.environment, timeout: PREPARE_TIMEOUT_MS });
    call.child.stdin?.end();
    await call;
  }
}
