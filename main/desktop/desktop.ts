import { join } from 'node:path';
import { app, dialog, Menu, nativeTheme, powerMonitor, protocol, screen, session, shell } from 'electron';
import { assertNever } from '../assert-never.ts';
import { systemClock } from '../clock.ts';
import { loadSettings, type FlagValues } from '../config/load-settings.ts';
import { userName } from '../control/client.ts';
import type { ControlService } from '../control/contract.ts';
import { WindowLine } from '../control/ipc.ts';
import { APP_SCHEME } from '../control/own-page.ts';
import { EXIT } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log.ts';
import { Announcer } from './announcer.ts';
import { AppFiles } from './app-files.ts';
import { Appearance } from './appearance.ts';
import { denyDepartures, denyPermissions } from './deny.ts';
import { DesktopMemory } from './desktop-memory.ts';
import type { DesktopState } from './desktop-state.ts';
import { DesktopStatus } from './desktop-status.ts';
import { Icons } from './icons.ts';
import type { LoginItem } from './login-item.ts';
import { MainWindow, type View } from './main-window.ts';
import { notificationFor } from './notification-for.ts';
import { watchSleep } from './power.ts';
import { atStake, quitWarning } from './quit-warning.ts';
import { saveConnection } from './save-connection.ts';
import { taskbarView } from './taskbar-view.ts';
import { TrayIcon } from './tray-icon.ts';
import { trayView, type TrayAction } from './tray-view.ts';
import { visiblePlace } from './window-place.ts';
import { windowMenu } from './window-menu.ts';

/** The gateway may take so long to end, in milliseconds; then the program ends all the same. */
const END_WITHIN_MS = 5_000;
const BACKGROUND = { light: '#f4f5f6', dark: '#15181c' } as const;

export interface DesktopOptions {
  readonly host: Host;
  readonly dataDir: string;
  /** The folder of the built program: renderer, preload bundle and icons. */
  readonly files: string;
  /** Settings that were typed; they win over saved ones. */
  readonly flags: FlagValues;
  readonly loginItem: LoginItem;
  readonly log: Log;
}

/** The desktop around a running gateway. */
export interface Desktop {
  /** Puts the icon into the tray and makes the window, shown or not. */
  start(options: { readonly isHidden: boolean }): void;
  show(view?: View): void;
  /** Ends after asking, where something is at stake. */
  quit(): Promise<void>;
  /** Ends in order, without asking. May be called twice. */
  end(): Promise<void>;
}

/** Wires window, tray and notifications around a gateway. */
export function createDesktop({ host, dataDir, files, flags, loginItem, log }: DesktopOptions): Desktop {
  const clock = systemClock;
  const { service } = host;
  const by = `operator@${userName()}`;
  const { isPackaged } = app;

  const icons = new Icons(join(files, 'icons'), process.platform);
  const memory = new DesktopMemory(dataDir, log);
  const appearance = new Appearance({
    read: () => savedAppearance(dataDir, flags),
    systemLanguages: () => app.getPreferredSystemLanguages(),
    applyTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
  });
  const announcer = new Announcer(() => window.show());
  const status = new DesktopStatus(service.feed, clock, changed);

  const window = new MainWindow({
    ...{ clock, log, isPackaged, platform: process.platform },
    preload: join(files, 'preload.cjs'),
    icon: icons.app(),
    background: () => (nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light),
    place: () => visiblePlace(memory.place(), workAreas()),
    keepPlace: (place) => memory.keepPlace(place),
    taskbar: () => taskbarView(status.state(), appearance.t),
    overlay: () => icons.overlay(),
    onHidden: tellOfTray,
    onSessionEnd: (hold) => {
      hold();
      log.info('the session of the system ends');
      void end();
    },
  });
  const tray = new TrayIcon({
    platform: process.platform,
    view: () => {
      const { t, language } = appearance;
      return trayView(status.state(), { t, language, startsAtLogin: loginItem.isOn() });
    },
    image: ({ shape }) => icons.tray(shape, nativeTheme.shouldUseDarkColorsForSystemIntegratedUI),
    perform,
  });
  const line = new WindowLine({
    service: tellingOfSaves(service, restyle),
    ...{ by, clock, log },
    openPage: (address) => void shell.openExternal(address),
    showExport: (file) => shell.showItemInFolder(join(dataDir, 'exports', file)),
    saveConnection,
  });

  let isAsking = false;
  let ending: Promise<void> | null = null;
  return { start, show: (view) => window.show(view), quit, end };

  function start(options: { readonly isHidden: boolean }): void {
    serveOwnPage();
    line.start();
    status.start();
    tray.render();
    Menu.setApplicationMenu(windowMenu(appearance.t, isPackaged));
    window.open(options);
    nativeTheme.on('updated', () => tray.redraw());
    watchSleep(powerMonitor, clock, (asleepMs) => host.slept(asleepMs));
  }

  function serveOwnPage(): void {
    const page = new AppFiles(join(files, 'renderer'));
    protocol.handle(APP_SCHEME, (request) => page.answer(request));
    denyPermissions(session.defaultSession);
    app.on('web-contents-created', (_event, contents) => denyDepartures(contents, log));
  }

  function changed(before: DesktopState, after: DesktopState): void {
    if (ending !== null) return;
    tray.render();
    window.render();
    const notice = notificationFor(before, after, appearance.t);
    if (notice !== null) announcer.tell(notice);
  }

  function perform(action: TrayAction): void {
    switch (action) {
      case 'kill':
      case 'halt':
        void stopTrading(action);
        return;
      case 'open':
        window.show();
        return;
      case 'audit':
        window.show('audit');
        return;
      case 'startAtLogin':
        loginItem.toggle();
        tray.render();
        return;
      case 'quit':
        void quit();
        return;
      default:
        assertNever(action, 'action of the tray');
    }
  }

  /** At once: opening the menu was the first step. */
  async function stopTrading(call: 'kill' | 'halt'): Promise<void> {
    const { t } = appearance;
    try {
      await service.handlers[call]({ reason: t(`desktop.${call}Reason`) }, `${by} (tray)`);
    } catch (error) {
      log.error('the kill switch of the tray failed', { error });
      const message = error instanceof Error ? error.message : String(error);
      announcer.tell({ title: t('desktop.notice.stopFailed'), body: t('desktop.notice.stopFailedBody', { message }) });
      window.show();
    }
  }

  function restyle(): void {
    appearance.refresh();
    Menu.setApplicationMenu(windowMenu(appearance.t, isPackaged));
    tray.render();
    window.render();
  }

  function tellOfTray(): void {
    const { t } = appearance;
    if (memory.tellOfTray())
      announcer.tell({ title: t('desktop.notice.closed'), body: t('desktop.notice.closedBody') });
  }

  async function quit(): Promise<void> {
    if (isAsking || ending !== null) return;
    isAsking = true;
    const isMeant = await isQuitMeant().finally(() => {
      isAsking = false;
    });
    if (isMeant) await end();
  }

  async function isQuitMeant(): Promise<boolean> {
    const { t } = appearance;
    const lines = quitWarning(await atStake(service.feed, clock), t);
    if (lines.length === 0) return true;
    const { response } = await dialog.showMessageBox({
      ...{ type: 'warning', message: t('desktop.quit.message'), detail: lines.join('\n\n'), noLink: true },
      ...{ buttons: [t('desktop.quit.cancel'), t('desktop.quit.confirm')], defaultId: 0, cancelId: 0 },
    });
    return response === 1;
  }

  function end(): Promise<void> {
    return (ending ??= endInOrder());
  }

  /** The gateway first: nothing of the desktop may keep it from recording that it ended in order. */
  async function endInOrder(): Promise<void> {
    const tooLong = new Promise<'late'>((resolve) => clock.after(END_WITHIN_MS, () => resolve('late')));
    const outcome = await Promise.race([host.stop(), tooLong]);
    if (outcome === 'late') log.error('the gateway did not end in time');
    line.stop();
    status.stop();
    window.destroy();
    tray.destroy();
    app.exit(EXIT.ok);
  }
}

function savedAppearance(dataDir: string, flags: FlagValues) {
  const loaded = loadSettings(dataDir, flags, process.env);
  return loaded.ok ? loaded.settings : null;
}

function workAreas() {
  return screen.getAllDisplays().map(({ workArea }) => workArea);
}

/** The same service, that says when the window has saved settings: some of them are the desktop's own. */
function tellingOfSaves({ handlers, feed }: ControlService, saved: () => void): ControlService {
  return {
    feed,
    handlers: {
      ...handlers,
      saveSettings: async (input, by) => {
        const result = await handlers.saveSettings(input, by);
        if (result.saved) saved();
        return result;
      },
    },
  };
}
