import { EventEmitter } from 'node:events';
import type { WebContents } from './window.ts';

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`a second handler for ${channel}`);
    this.#handlers.set(channel, handler);
  }

  reset(): void {
    this.#handlers.clear();
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** A question as Electron delivers it; rejects where nobody handles it. */
  async ask(channel: string, message: unknown, sender: WebContents, frame: string = sender.url): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`no handler for ${channel}`);
    return await handler({ sender, senderFrame: { url: frame, parent: null } }, message);
  }

  /** A message as Electron delivers it: `frame` is its top frame's address unless a whole frame is given. */
  deliver(channel: string, message: unknown, sender: WebContents, frame: Frame | string | null = sender.url): void {
    const senderFrame = typeof frame === 'string' ? { url: frame, parent: null } : frame;
    this.emit(channel, { sender, senderFrame }, message);
  }
}

type Handler = (event: { readonly sender: WebContents; readonly senderFrame: Frame }, message: unknown) => unknown;

interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

export const ipcMain = new IpcMain();

class IpcRenderer extends EventEmitter implements Pick<Electron.IpcRenderer, 'send' | 'invoke'> {
  sent: { readonly channel: string; readonly message: unknown }[] = [];

  send(channel: string, message?: unknown): void {
    this.sent.push({ channel, message });
  }

  invoke(channel: string, message?: unknown): Promise<unknown> {
    this.sent.push({ channel, message });
    return Promise.resolve(null);
  }
}

export const ipcRenderer = new IpcRenderer();

export const contextBridge = {
  exposed: new Map<string, unknown>(),
  exposeInMainWorld(key: string, value: unknown): void {
    this.exposed.set(key, value);
  },
};
