import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { PAGES, type ControlService, type Page } from './contract.ts';
import { CHANNELS } from './ipc-channels.ts';
import { isOwnPage } from './own-page.ts';
import { Screen } from './screen.ts';

const PAGE_NAMES = Object.keys(PAGES) as [Page, ...Page[]];
const pageSchema = z.enum(PAGE_NAMES);
const fileSchema = z.string().check(z.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/));

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
}

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
  }

  /** Ends every screen and listens no more. May be called twice. */
  stop(): void {
    for (const end of this.#listeners.splice(0)) end();
    for (const sender of [...this.#screens.keys()]) this.#end(sender);
  }

  /** The only way to a message: no receiver can forget the check of its sender. */
  #receive(channel: string, receiver: Receiver): void {
    const checked = (event: IpcMainEvent, message: unknown) => {
      if (isTrusted(event)) receiver(event.sender, message);
      else
        this.#ports.log.warn('window-message-dropped', {
          channel,
          from: event.senderFrame?.url ?? 'a frame that is gone',
        });
    };
    ipcMain.on(channel, checked);
    this.#listeners.push(() => void ipcMain.off(channel, checked));
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

function isTrusted({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url);
}
