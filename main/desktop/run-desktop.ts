import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, dialog, protocol } from 'electron';
import type { Invocation } from '../arguments.ts';
import { systemClock } from '../clock.ts';
import { resolveDataDir } from '../config/data-dir.ts';
import { loadSettings } from '../config/load-settings.ts';
import { flagName, SETTING_KEYS } from '../config/settings.ts';
import { APP_SCHEME } from '../control/own-page.ts';
import type { Panel } from '../control/panel/panel.ts';
import { languageOf, openTexts } from '../control/text/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { startHost, type Host } from '../host.ts';
import { openPanelOf } from '../headless.ts';
import type { Io } from '../local-roots.ts';
import { bothLogs, createLog } from '../log.ts';
import { openGatewayLog } from '../log-files.ts';
import { CrashGuard } from './crash-guard.ts';
import { createDesktop, type Desktop } from './desktop.ts';
import { windowsPorts } from './firewall.ts';
import { keepFirewall } from './firewall-upkeep.ts';
import { LoginItem } from './login-item.ts';
import { systemBox } from './system-box.ts';

type DesktopInvocation = Extract<Invocation, { root: 'desktop' }>;

/** Windows groups windows and notifications by this name; the installer uses the same. */
const APP_ID = 'org.mt5fabric.gateway';

/**
 * The gateway with tray and window. Returns at once, and ends the process itself: Electron is ready only when the entry
 * module has been evaluated, so that nobody may wait for this there.
 */
export function runDesktop(invocation: DesktopInvocation, io: Io, files: string): ExitCode {
  const dataDir = resolveDataDir(invocation.dataDir, process.env);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  app.setName('MT5 Fabric');
  app.setAppUserModelId(APP_ID);
  app.setPath('userData', dataDir);
  app.setPath('sessionData', join(dataDir, 'window'));
  // Its key is the data folder: a second start shows the first window.
  if (!app.requestSingleInstanceLock()) {
    app.exit(EXIT.ok);
    return EXIT.ok;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  const shown = createLog((line) => io.stderr(`${line}\n`));
  const log = bothLogs(shown, openGatewayLog(dataDir, systemClock));
  const guard = new CrashGuard({ clock: systemClock, log, dataDir, exit: (code) => app.exit(code) });
  guard.watch(process);
  const life = watchLife();
  app
    .whenReady()
    .then(() => open())
    .catch((error: unknown) => guard.crashed(error));
  return EXIT.ok;

  async function open(): Promise<void> {
    const loaded = loadSettings(dataDir, invocation.flags, process.env);
    if (!loaded.ok) {
      refuse(io, loaded.message);
      return;
    }
    for (const note of loaded.notes) log.warn(note.message);
    const { settings } = loaded;
    let panel: Panel | null = null;
    const started = await startHost({
      ...{ dataDir, settings, flags: invocation.flags, paperReset: invocation.paperReset, log },
      secretBox: await systemBox(),
      panelAddress: () => panel?.newAddress() ?? null,
    });
    if (!started.ok) {
      refuse(io, started.message);
      return;
    }
    guard.guard(started.host);
    const opened = await openPanelOf(started.host, settings, join(files, 'renderer'), log);
    if (opened !== null && !opened.ok) {
      await started.host.stop();
      refuse(io, opened.message);
      return;
    }
    panel = opened?.panel ?? null;
    const loginItem = new LoginItem({ app, platform: process.platform, ...launchOf(invocation) });
    const { flags, isHidden } = invocation;
    const desktop = createDesktop({ host: withPanel(started.host, panel), dataDir, files, flags, loginItem, log });
    desktop.start({ isHidden });
    life.serve(desktop);
    if (process.platform !== 'win32') return;
    const { endpoints } = started.host;
    const upkeep = { dataDir, program: process.execPath, host: settings.host, endpoints, log, ports: windowsPorts() };
    await keepFirewall(upkeep).catch((error: unknown) => log.warn('firewall-not-changed', { error }));
  }
}

/** A gateway whose panel ends with it. */
function withPanel(host: Host, panel: Panel | null): Host {
  if (panel === null) return host;
  return { ...host, stop: () => panel.stop().finally(() => host.stop()) };
}

/** What the system and other starts want of the program; what comes while the gateway starts is kept until then. */
function watchLife(): { serve(desktop: Desktop): void } {
  let ready: (desktop: Desktop) => void = () => {};
  const desktop = new Promise<Desktop>((resolve) => {
    ready = resolve;
  });
  app.on('second-instance', () => void desktop.then((it) => it.show()));
  app.on('activate', () => void desktop.then((it) => it.show()));
  // Without a listener the program would end with its window.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    event.preventDefault();
    void desktop.then((it) => it.quit());
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void desktop.then((it) => it.end()));
  }
  return { serve: ready };
}

function refuse(io: Io, message: string): void {
  io.stderr(`mt5-fabric: ${message}\n`);
  const { t } = openTexts(languageOf(app.getPreferredSystemLanguages()));
  dialog.showErrorBox(t('desktop.failed.title'), message);
  app.exit(EXIT.configuration);
}

/** How to start this program again: unpackaged, Electron has to be told which program it is. Never empties the paper account. */
function launchOf({ dataDir, flags }: DesktopInvocation): { path: string; words: string[] } {
  const script = process.argv[1];
  const folder = dataDir === undefined ? [] : ['--data-dir', resolve(dataDir)];
  const settings = SETTING_KEYS.flatMap((key) => {
    const value = flags[key];
    return value === undefined ? [] : [`--${flagName(key)}`, value];
  });
  const program = app.isPackaged || script === undefined ? [] : [resolve(script)];
  return { path: process.execPath, words: [...program, ...folder, ...settings] };
}
