import { BrowserWindow, type BrowserWindowConstructorOptions, type NativeImage } from 'electron';
import type { Clock } from '../clock.ts';
import { APP_URL } from '../control/own-page.ts';
import type { Log } from '../log.ts';
import { retryDelayMs } from '../safety/retry-delay.ts';
import type { TaskbarView } from './taskbar-view.ts';
import { LEAST_SIZE, USUAL_SIZE, type Place } from './window-place.ts';

/** A page that has lived for so long starts its back-off anew, in milliseconds. */
const STEADY_AFTER_MS = 60_000;
/** A page that does not answer for so long is ended, and loaded anew, in milliseconds. */
const HANGS_AFTER_MS = 10_000;

/** Views that the shell can lead to. */
export type View = 'overview' | 'audit';

export interface MainWindowPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Path of the preload bundle. */
  readonly preload: string;
  readonly icon: NativeImage | null;
  /** Colour of the window before its page is drawn. */
  readonly background: () => string;
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  /** Where it last stood, if a display still shows that. */
  readonly place: () => Place | null;
  readonly keepPlace: (place: Place) => void;
  readonly taskbar: () => TaskbarView;
  readonly overlay: () => NativeImage;
  /** The window was closed by hand, and is hidden. */
  readonly onHidden: () => void;
  /** The system's session ends: `hold` delays that until the gateway has ended. */
  readonly onSessionEnd: (hold: () => void) => void;
}

/**
 * The one window. Closing it hides it; a page that dies or hangs is made anew with back-off, which changes nothing of the
 * trading state.
 */
export class MainWindow {
  readonly #ports: MainWindowPorts;
  #window: BrowserWindow | null = null;
  #isEnding = false;
  #isPageLost = false;
  #losses = 0;
  #cancelRetry = () => {};
  #cancelHang = () => {};
  #cancelSteady = () => {};

  constructor(ports: MainWindowPorts) {
    this.#ports = ports;
  }

  /** Makes the window. One that starts hidden is there all the same: only a window hears of the end of the session. */
  open(options: { readonly isHidden: boolean }): void {
    if (this.#window !== null || this.#isEnding) return;
    const window = new BrowserWindow(this.#options());
    this.#window = window;
    if (this.#ports.place()?.maximized === true && !options.isHidden) window.maximize();
    this.#listen(window);
    if (!options.isHidden) window.once('ready-to-show', () => window.show());
    this.render();
    this.#load(window);
  }

  /** Brings the window to the front, at a view where one is named. */
  show(view?: View): void {
    this.open({ isHidden: false });
    // Who asks for the window does not wait for its back-off.
    if (this.#isPageLost) this.#replace();
    const window = this.#window;
    if (window === null) return;
    if (view !== undefined) this.#load(window, view);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Brings title and taskbar in line with the state; may be called as often as one likes. */
  render(): void {
    const { title, overlay } = this.#ports.taskbar();
    this.#window?.setTitle(title);
    // Only Windows has a taskbar that takes one.
    if (this.#ports.platform !== 'win32') return;
    this.#window?.setOverlayIcon(overlay === null ? null : this.#ports.overlay(), overlay?.description ?? '');
  }

  /** Closes for good. May be called twice. */
  destroy(): void {
    this.#isEnding = true;
    this.#cancelTimers();
    this.#keepPlace();
    this.#window?.destroy();
    this.#window = null;
  }

  #options(): BrowserWindowConstructorOptions {
    const { preload, isPackaged, icon, background, place } = this.#ports;
    const { x, y, width, height } = place() ?? { x: undefined, y: undefined, ...USUAL_SIZE };
    return {
      ...{ width, height, ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) },
      ...{ minWidth: LEAST_SIZE.width, minHeight: LEAST_SIZE.height },
      ...{ show: false, autoHideMenuBar: true, backgroundColor: background() },
      ...(icon === null ? {} : { icon }),
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        // Its dictionaries would be fetched from the network.
        spellcheck: false,
        // Ages go on ticking behind other windows.
        backgroundThrottling: false,
        devTools: !isPackaged,
      },
    };
  }

  #listen(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.#isEnding) return;
      event.preventDefault();
      this.#keepPlace();
      window.hide();
      this.#ports.onHidden();
    });
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
    });
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('query-session-end', (event) => this.#ports.onSessionEnd(() => event.preventDefault()));
    window.on('session-end', () => this.#ports.onSessionEnd(() => {}));
    window.on('unresponsive', () => this.#hangs(window));
    window.on('responsive', () => this.#cancelHang());
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#lost(window, { reason, exitCode });
    });
  }

  #load(window: BrowserWindow, view?: View): void {
    const address = view === undefined ? APP_URL : `${APP_URL}#/${view}`;
    window.loadURL(address).then(
      () => this.#loaded(),
      (error: unknown) => this.#ports.log.error('window-not-loaded', { error }),
    );
  }

  #loaded(): void {
    this.#cancelSteady();
    this.#cancelSteady = this.#ports.clock.after(STEADY_AFTER_MS, () => {
      this.#losses = 0;
    });
  }

  #hangs(window: BrowserWindow): void {
    this.#ports.log.warn('window-hangs');
    this.#cancelHang();
    this.#cancelHang = this.#ports.clock.after(HANGS_AFTER_MS, () => {
      if (this.#window === window) window.webContents.forcefullyCrashRenderer();
    });
  }

  #lost(window: BrowserWindow, why: { readonly reason: string; readonly exitCode: number }): void {
    if (this.#isEnding || this.#window !== window) return;
    this.#ports.log.error('window-page-lost', why);
    this.#cancelTimers();
    this.#losses += 1;
    this.#isPageLost = true;
    this.#cancelRetry = this.#ports.clock.after(retryDelayMs(this.#losses), () => this.#replace());
  }

  /** A new window, not a reload: what the dead one still holds is not to be relied on. */
  #replace(): void {
    const dead = this.#window;
    const isHidden = dead?.isVisible() !== true;
    this.#cancelRetry();
    this.#keepPlace();
    this.#isPageLost = false;
    this.#window = null;
    dead?.destroy();
    this.open({ isHidden });
  }

  #keepPlace(): void {
    const window = this.#window;
    if (window === null || window.isDestroyed()) return;
    this.#ports.keepPlace({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  }

  #cancelTimers(): void {
    this.#cancelRetry();
    this.#cancelHang();
    this.#cancelSteady();
  }
}
