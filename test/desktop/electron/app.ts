import { EventEmitter } from 'node:events';

type AppMethods =
  'setName' | 'setAppUserModelId' | 'setPath' | 'getPath' | 'requestSingleInstanceLock' | 'enableSandbox' | 'whenReady';
type MoreAppMethods = 'exit' | 'getPreferredSystemLanguages' | 'setLoginItemSettings' | 'isPackaged';

class App extends EventEmitter implements Pick<Electron.App, AppMethods | MoreAppMethods> {
  name = '';
  isPackaged = true;
  isSandboxed = false;
  /** False where another instance holds the lock. */
  isFirst = true;
  languages: string[] = ['en-GB'];
  paths = new Map<string, string>();
  exits: number[] = [];
  loginItems: Electron.Settings[] = [];
  becomeReady: () => void = () => {};
  #ready = Promise.resolve();

  reset(): void {
    Object.assign(this, { name: '', isPackaged: true, isSandboxed: false, isFirst: true, languages: ['en-GB'] });
    Object.assign(this, { paths: new Map(), exits: [], loginItems: [] });
    this.#ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
  }

  setName(name: string): void {
    this.name = name;
  }

  setAppUserModelId(): void {}

  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }

  getPath(name: string): string {
    return this.paths.get(name) ?? `/home/ann/${name}`;
  }

  requestSingleInstanceLock(): boolean {
    return this.isFirst;
  }

  enableSandbox(): void {
    this.isSandboxed = true;
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  exit(code = 0): void {
    this.exits.push(code);
  }

  getPreferredSystemLanguages(): string[] {
    return this.languages;
  }

  getLoginItemSettings(
    options: Electron.LoginItemSettingsOptions = {},
  ): Pick<Electron.LoginItemSettings, 'openAtLogin'> {
    const last = this.loginItems.at(-1);
    const isSame = JSON.stringify([last?.path, last?.args]) === JSON.stringify([options.path, options.args]);
    return { openAtLogin: isSame && last?.openAtLogin === true };
  }

  setLoginItemSettings(settings: Electron.Settings): void {
    this.loginItems.push(settings);
  }
}

export const app = new App();
