import { PAGES, type ControlApi } from '../../main/control/contract.ts';
import type { FrameLine } from '../../main/control/frames.ts';
import { download } from './download.ts';
import { openPanelLine } from './panel-line.ts';
import { ScreenApi } from './screen-api.ts';

declare global {
  interface Window {
    /** Given by the preload script, in the desktop window alone. */
    readonly mt5Fabric?: FrameLine;
  }
}

/** The gateway, through whatever this page was opened in. */
export function openApi(window: Window): ControlApi {
  const { mt5Fabric } = window;
  if (mt5Fabric !== undefined) return openWindowApi(mt5Fabric);
  return new ScreenApi(openPanelLine(window.location), {
    kind: 'panel',
    fetchExport: (file) => window.location.assign(`/exports/${encodeURIComponent(file)}`),
    openPage: (page) => void window.open(PAGES[page], '_blank', 'noopener'),
    saveConnection: download,
  });
}

function openWindowApi(line: FrameLine): ControlApi {
  return new ScreenApi(
    {
      send: (frame) => line.send(frame),
      onFrame: (listener) => void line.onFrame(listener),
      // The main process is there as long as the window is; whether it still speaks, its beat tells.
      onOpen: (listener) => listener(true),
    },
    {
      kind: 'window',
      fetchExport: (file) => line.fetchExport(file),
      openPage: (page) => line.openPage(page),
      saveConnection: (file, text) => line.saveConnection(file, text),
    },
  );
}
