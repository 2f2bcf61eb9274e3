import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';

// What main/desktop, main/control/ipc.ts and preload use of Electron, for tests without its runtime: it records what it is
// told, and tests play the system. Its classes implement Electron's own types.

/** Forgets everything that was made, set and listened to. */
export function reset(): void {
  for (const emitter of [app, ipcMain, ipcRenderer, nativeTheme, powerMonitor, session.defaultSession]) {
    emitter.removeAllListeners();
  }
  for (const list of [Tray.made, BrowserWindow.made, Notification.shown]) list.splice(0);
  app.reset();
  Object.assign(dialog, { errors: [], questions: [], answer: 0 });
  Object.assign(shell, { opened: [], shown: [] });
  Object.assign(screen, { workAreas: [{ x: 0, y: 0, width: 1_920, height: 1_040 }] });
  Object.assign(protocol, { schemes: [], handlers: new Map() });
  Object.assign(contextBridge, { exposed: new Map() });
  nativeTheme.themeSource = 'system';
  Menu.application = null;
}

/** An event whose default can be prevented, as Electron's listeners get it. */
export class StandInEvent {
  isPrevented = false;

  preventDefault(): void {
    this.isPrevented = true;
  }
}

export class Image implements Pick<Electron.NativeImage, 'isEmpty'> {
  readonly source: string;
  readonly #isEmpty: boolean;

  constructor(source: string, isEmpty: boolean) {
    this.source = source;
    this.#isEmpty = isEmpty;
  }

  isEmpty(): boolean {
    return this.#isEmpty;
  }
}

export const nativeImage = {
  createFromPath: (path: string) => new Image(path, !existsSync(path)),
  createFromBitmap: (pixels: Buffer, { width, height }: { width: number; height: number }) => {
    if (pixels.length !== width * height * 4) throw new Error('a bitmap has four bytes a pixel');
    return new Image('bitmap', false);
  },
};

type Template = Electron.MenuItemConstructorOptions;

export class Menu {
  static application: Menu | null = null;
  readonly items: readonly Template[];

  constructor(items: readonly Template[]) {
    this.items = items;
  }

  static buildFromTemplate(items: readonly Template[]): Menu {
    return new Menu(items);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.application = menu;
  }

  get labels(): string[] {
    return this.items.map(({ label, type }) => label ?? `(${type ?? 'none'})`);
  }

  /** A hand chooses the line with this label. */
  click(label: string): void {
    const item = this.items.find((candidate) => candidate.label === label);
    if (item?.click === undefined) throw new Error(`no line ${label} to click in ${this.labels.join(' | ')}`);
    (item.click as () => void)();
  }
}

export class Tray extends EventEmitter implements Pick<Electron.Tray, 'setToolTip' | 'destroy' | 'isDestroyed'> {
  static readonly made: Tray[] = [];
  image: Image;
  tooltip = '';
  menu: Menu | null = null;
  popped: Menu | null = null;
  /** How often each part was set. */
  readonly changes = { image: 0, menu: 0 };
  #isDestroyed = false;

  constructor(image: Image) {
    super();
    this.image = image;
    Tray.made.push(this);
  }

  setImage(image: Image): void {
    this.image = image;
    this.changes.image += 1;
  }

  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
    this.changes.menu += 1;
  }

  popUpContextMenu(menu?: Menu): void {
    this.popped = menu ?? this.menu;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}

export class WebContents extends EventEmitter implements Pick<Electron.WebContents, 'send' | 'getURL' | 'isDestroyed'> {
  url = '';
  readonly sent: { readonly channel: string; readonly message: unknown }[] = [];
  openHandler: ((details: { url: string }) => { action: 'deny' | 'allow' }) | null = null;
  hasGone = false;

  send(channel: string, message?: unknown): void {
    // As Electron does: what cannot be cloned throws.
    this.sent.push({ channel, message: structuredClone(message) });
  }

  getURL(): string {
    return this.url;
  }

  isDestroyed(): boolean {
    return this.hasGone;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' | 'allow' }): void {
    this.openHandler = handler;
  }

  forcefullyCrashRenderer(): void {
    this.crash('killed');
  }

  /** The page dies. */
  crash(reason = 'crashed'): void {
    this.emit('render-process-gone', new StandInEvent(), { reason, exitCode: 1 });
  }
}

type WindowMethods = 'setTitle' | 'loadURL' | 'show' | 'hide' | 'focus' | 'restore' | 'isMinimized' | 'isVisible';
type MoreWindowMethods = 'maximize' | 'isMaximized' | 'getNormalBounds' | 'destroy' | 'isDestroyed';

export class BrowserWindow
  extends EventEmitter
  implements Pick<Electron.BrowserWindow, WindowMethods | MoreWindowMethods>
{
  static readonly made: BrowserWindow[] = [];
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents = new WebContents();
  readonly loaded: string[] = [];
  title = '';
  overlay: { readonly image: Image | null; readonly description: string } | null = null;
  bounds: Electron.Rectangle;
  isShown = false;
  hasFocus = false;
  isIconified = false;
  isLarge = false;
  #isDestroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    BrowserWindow.made.push(this);
    app.emit('web-contents-created', new StandInEvent(), this.webContents);
  }

  static get last(): BrowserWindow {
    const last = BrowserWindow.made.at(-1);
    if (last === undefined) throw new Error('no window has been made');
    return last;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  setOverlayIcon(image: Image | null, description: string): void {
    this.overlay = { image, description };
  }

  loadURL(address: string): Promise<void> {
    this.loaded.push(address);
    this.webContents.url = address;
    return Promise.resolve();
  }

  show(): void {
    this.isShown = true;
  }

  hide(): void {
    this.isShown = false;
  }

  focus(): void {
    this.hasFocus = true;
  }

  restore(): void {
    this.isIconified = false;
  }

  isMinimized(): boolean {
    return this.isIconified;
  }

  isVisible(): boolean {
    return this.isShown;
  }

  maximize(): void {
    this.isLarge = true;
  }

  isMaximized(): boolean {
    return this.isLarge;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.webContents.hasGone = true;
    this.webContents.emit('destroyed');
    this.emit('closed');
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** A hand closes the window; true when it was let. */
  close(): boolean {
    const event = new StandInEvent();
    this.emit('close', event);
    if (!event.isPrevented) this.destroy();
    return !event.isPrevented;
  }

  /** The system's session is about to end; true when that is held. */
  querySessionEnd(): boolean {
    const event = new StandInEvent();
    this.emit('query-session-end', event);
    return event.isPrevented;
  }
}

export class Notification extends EventEmitter implements Pick<Electron.Notification, 'show'> {
  static readonly shown: Notification[] = [];
  readonly options: Electron.NotificationConstructorOptions;

  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    Notification.shown.push(this);
  }
}

class IpcMain extends EventEmitter {
  /** A message as Electron delivers it: `frame` is its top frame's address unless a whole frame is given. */
  deliver(channel: string, message: unknown, sender: WebContents, frame: Frame | string | null = sender.url): void {
    const senderFrame = typeof frame === 'string' ? { url: frame, parent: null } : frame;
    this.emit(channel, { sender, senderFrame }, message);
  }
}

interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

export const ipcMain = new IpcMain();

class IpcRenderer extends EventEmitter implements Pick<Electron.IpcRenderer, 'send'> {
  sent: { readonly channel: string; readonly message: unknown }[] = [];

  send(channel: string, message?: unknown): void {
    this.sent.push({ channel, message });
  }
}

export const ipcRenderer = new IpcRenderer();

export const contextBridge = {
  exposed: new Map<string, unknown>(),
  exposeInMainWorld(key: string, value: unknown): void {
    this.exposed.set(key, value);
  },
};

type AppMethods =
  'setName' | 'setAppUserModelId' | 'setPath' | 'requestSingleInstanceLock' | 'enableSandbox' | 'whenReady';
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

class NativeTheme extends EventEmitter {
  themeSource: Electron.NativeTheme['themeSource'] = 'system';
  shouldUseDarkColors = false;
  shouldUseDarkColorsForSystemIntegratedUI = true;
}

export const nativeTheme = new NativeTheme();
export const powerMonitor = new EventEmitter();

export const screen = {
  workAreas: [] as Electron.Rectangle[],
  getAllDisplays() {
    return this.workAreas.map((workArea) => ({ workArea }));
  },
};

export const dialog = {
  errors: [] as { readonly title: string; readonly content: string }[],
  questions: [] as Electron.MessageBoxOptions[],
  /** The button that the next question is answered with. */
  answer: 0,
  showErrorBox(title: string, content: string): void {
    this.errors.push({ title, content });
  },
  showMessageBox(options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    this.questions.push(options);
    return Promise.resolve({ response: this.answer, checkboxChecked: false });
  },
};

export const shell = {
  opened: [] as string[],
  shown: [] as string[],
  openExternal(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void {
    this.shown.push(path);
  },
};

type SchemeHandler = (request: Pick<Request, 'url' | 'method'>) => Response;

export const protocol = {
  schemes: [] as Electron.CustomScheme[],
  handlers: new Map<string, SchemeHandler>(),
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    this.schemes = schemes;
  },
  handle(scheme: string, handler: SchemeHandler): void {
    this.handlers.set(scheme, handler);
  },
};

type PermissionRequest = (contents: WebContents, permission: string, answer: (isGranted: boolean) => void) => void;
type PermissionCheck = (contents: WebContents | null, permission: string) => boolean;

export class Session extends EventEmitter {
  permissionRequest: PermissionRequest | null = null;
  permissionCheck: PermissionCheck | null = null;
  devicePermission: (() => boolean) | null = null;

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }
}

export const session = { defaultSession: new Session() };

reset();
