import { contextBridge, ipcRenderer } from 'electron';
import type { Saved } from '../main/control/contract.ts';
import type { FrameLine, ToScreen } from '../main/control/frames.ts';
import { CHANNELS } from '../main/control/ipc-channels.ts';

/** All that the window gets of Electron. What it sends is parsed in the main process, like everything that comes from outside. */
const line: FrameLine = {
  send: (frame) => ipcRenderer.send(CHANNELS.toGateway, frame),
  onFrame: (listener) => {
    // The event itself stays here: it would hand the page the whole of ipcRenderer.
    const pass = (_event: unknown, frame: ToScreen) => listener(frame);
    ipcRenderer.on(CHANNELS.toScreen, pass);
    return () => void ipcRenderer.off(CHANNELS.toScreen, pass);
  },
  fetchExport: (file) => ipcRenderer.send(CHANNELS.fetchExport, file),
  openPage: (page) => ipcRenderer.send(CHANNELS.openPage, page),
  saveConnection: (file, text) => ipcRenderer.invoke(CHANNELS.saveConnection, { file, text }) as Promise<Saved>,
};

contextBridge.exposeInMainWorld('mt5Fabric', line);
