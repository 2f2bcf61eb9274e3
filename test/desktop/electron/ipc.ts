import { EventEmitter } from 'node:events';
import type { WebContents } from './window.ts';

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
