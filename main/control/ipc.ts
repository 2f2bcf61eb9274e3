import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { PAGES, type ControlService, type Page, type Saved } from './contract.ts';
import { CHANNELS } from './ipc-channels.ts';
import { isOwnPage } from './own-page.ts';
import { Screen } from './screen.ts';

const PAGE_NAMES = Object.keys(PAGES) as [Page, ...Page[]];
const pageSchema = z.enum(PAGE_NAMES);
const fileSchema = z.string().check(z.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/));
/** A connection file is below 1 KB. */
const connectionSchema = z.object({
  file: z.string().check(z.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.connection\.json$/)),
  text: z.string().check(z.maxLength(4_096)),
});

export interface WindowLinePorts {
  readonly service: ControlService;
  /** Who acts, for the audit log: `operator@<user>`. */
  readonly by: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens an address of the web that the program itself knows. */
  readonly openPage: (address: string) => void;
  /** Shows a file of the data folder's `exports`; `file` is a bare name. */
  readonly showExport: (file: string) => void;
  /** Asks where a connection file is to be saved, and writes it there. */
  readonly saveConnection: (file: string, text: string) => Promise<Saved>;
}

const NO_CONNECTION_FILE: Saved = { isSaved: false, error: 'this is no connection file' };

type Receiver = (sender: WebContents, message: unknown) => void;

/**
 * The control contract for the desktop window: one channel up, one down, a screen for each page that is loaded. A message
 * that does not come from the window's own page, in its top frame, is dropped and logged.
 */
export class WindowLine {
  readonly #ports: WindowLinePorts;
  readonly #screens = new Map<WebContents, Screen>();
  readonly #watched = new WeakSet<WebContents>();
  readonly #listeners: (() => void)[] = [];

  constructor(ports: WindowLinePorts) {
    this.#ports = ports;
  }

  /** Listens from now on; a second call changes nothing. */
  start(): void {
    if (this.#listeners.length > 0) return;
    this.#receive(CHANNELS.toGateway, (sender, frame) => this.#screenOf(sender).receive(frame));
    this.#receive(CHANNELS.openPage, (_sender, page) => {
      const named = pageSchema.safeParse(page);
      if (named.success) this.#ports.openPage(PAGES[named.data]);
    });
    this.#receive(CHANNELS.fetchExport, (_sender, file) => {
      const named = fileSchema.safeParse(file);
      if (named.success) this.#ports.showExport(named.data);
    });
    this.#answer(CHANNELS.saveConnection, async (message) => {
      const { success, data } = connectionSchema.safeParse(message);
      return success ? this.#ports.saveConnection(data.file, data.text) : NO_CONNECTION_FILE;
    });
  }

  /** Ends every screen and listens no more. May be called twice. */
  stop(): void {
    for (const end of this.#listeners.splice(0)) end();
    for (const sender of [...this.#screens.keys()]) this.#end(sender);
  }

  /** The only way to a message: no receiver can forget the check of its sender. */
  #receive(channel: string, receiver: Receiver): void {
    const checked = (event: IpcMainEvent, message: unknown) => {
      if (this.#isTrusted(channel, event)) receiver(event.sender, message);
    };
    ipcMain.on(channel, checked);
    this.#listeners.push(() => void ipcMain.off(channel, checked));
  }

  /** As `#receive`, for what the page waits for. */
  #answer<T>(channel: string, answer: (message: unknown) => Promise<T>): void {
    ipcMain.handle(channel, (event, message: unknown) => {
      if (this.#isTrusted(channel, event)) return answer(message);
      throw new Error('only the page of this window is answered');
    });
    this.#listeners.push(() => ipcMain.removeHandler(channel));
  }

  #isTrusted(channel: string, event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    if (isOwnFrame(event)) return true;
    const from = event.senderFrame?.url ?? 'a frame that is gone';
    this.#ports.log.warn('window-message-dropped', { channel, from });
    return false;
  }

  #screenOf(sender: WebContents): Screen {
    const known = this.#screens.get(sender);
    if (known !== undefined) return known;
    const { service, by, clock, log } = this.#ports;
    const send = (frame: unknown) => {
      if (!sender.isDestroyed()) sender.send(CHANNELS.toScreen, frame);
    };
    const screen = new Screen({ service, by, clock, log, send });
    this.#screens.set(sender, screen);
    this.#watch(sender);
    return screen;
  }

  /** A page that is loaded anew, or was lost, has forgotten what it had asked for. */
  #watch(sender: WebContents): void {
    if (this.#watched.has(sender)) return;
    this.#watched.add(sender);
    const end = () => this.#end(sender);
    sender.on('did-navigate', end);
    sender.on('render-process-gone', end);
    sender.on('destroyed', end);
  }

  #end(sender: WebContents): void {
    const screen = this.#screens.get(sender);
    this.#screens.delete(sender);
    screen?.stop();
  }
}

function isOwnFrame({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url);
}
