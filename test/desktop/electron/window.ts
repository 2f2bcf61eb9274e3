import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { StandInEvent } from './event.ts';
import type { Image } from './image.ts';

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
