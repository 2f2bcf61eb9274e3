import { app } from './electron/app.ts';
import { contextBridge, ipcMain, ipcRenderer } from './electron/ipc.ts';
import { safeStorage } from './electron/safe-storage.ts';
import { protocol, session } from './electron/session.ts';
import { Notification, dialog, nativeTheme, powerMonitor, screen, shell } from './electron/system.ts';
import { Menu, Tray } from './electron/tray.ts';
import { BrowserWindow } from './electron/window.ts';

// What main/desktop, main/control/ipc.ts and preload use of Electron, for tests without its runtime: it records what it is
// told, and tests play the system. Its classes implement Electron's own types.
export * from './electron/app.ts';
export * from './electron/event.ts';
export * from './electron/image.ts';
export * from './electron/ipc.ts';
export * from './electron/safe-storage.ts';
export * from './electron/session.ts';
export * from './electron/system.ts';
export * from './electron/tray.ts';
export * from './electron/window.ts';

/** Forgets everything that was made, set and listened to. */
export function reset(): void {
  for (const emitter of [app, ipcMain, ipcRenderer, nativeTheme, powerMonitor, session.defaultSession]) {
    emitter.removeAllListeners();
  }
  for (const list of [Tray.made, BrowserWindow.made, Notification.shown]) list.splice(0);
  app.reset();
  ipcMain.reset();
  safeStorage.reset();
  Object.assign(dialog, { errors: [], questions: [], answer: 0, saveAt: null, offered: [] });
  Object.assign(shell, { opened: [], shown: [] });
  Object.assign(screen, { workAreas: [{ x: 0, y: 0, width: 1_920, height: 1_040 }] });
  Object.assign(protocol, { schemes: [], handlers: new Map() });
  Object.assign(contextBridge, { exposed: new Map() });
  nativeTheme.themeSource = 'system';
  Menu.application = null;
}

reset();
