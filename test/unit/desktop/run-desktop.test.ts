import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseInvocation, type Invocation } from '../../../main/arguments.ts';
import { controlEndpoints } from '../../../main/config/data-dir.ts';
import { callGateway } from '../../../main/control/client.ts';
import { CHANNELS } from '../../../main/control/ipc-channels.ts';
import { runDesktop } from '../../../main/desktop/run-desktop.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { RawClient } from '../../integration/raw-client.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const EVENTS = ['uncaughtException', 'unhandledRejection', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const PORTS = '--command-port 0 --data-port 0 --event-port 0'.split(' ');
let listenersBefore = new Map<string, unknown[]>();

beforeEach(() => {
  electron.reset();
  listenersBefore = new Map(EVENTS.map((event) => [event, process.listeners(event as 'SIGINT')]));
});
// The desktop listens to its process for good; this one goes on to the next test.
afterEach(() => {
  for (const event of EVENTS) {
    const added = process
      .listeners(event as 'SIGINT')
      .filter((it) => listenersBefore.get(event)?.includes(it) !== true);
    for (const listener of added) process.off(event, listener);
  }
});

/** Runs the desktop on a real gateway with its paper terminal. */
function run(words: readonly string[] = [], dataDir = temporaryFolder()) {
  const said: string[] = [];
  const invocation = parseInvocation(['--data-dir', dataDir, ...PORTS, ...words], 'desktop');
  const io = { stdout: () => {}, stderr: (text: string) => void said.push(text) };
  const code = runDesktop(invocation as Extract<Invocation, { root: 'desktop' }>, io, join(dataDir, 'dist'));
  return { dataDir, said, code };
}

async function opened(words: readonly string[] = [], dataDir = temporaryFolder()) {
  const desktop = run(words, dataDir);
  electron.app.becomeReady();
  const tray = await vi.waitFor(() => traySaying('Trading'), { timeout: 20_000, interval: 20 });
  const choose = (label: string) => {
    if (tray.menu === null) throw new Error('the tray has no menu');
    tray.menu.click(label);
  };
  return { ...desktop, tray, window: electron.BrowserWindow.last, choose };
}

function traySaying(words: string): electron.Tray {
  const [tray] = electron.Tray.made;
  if (tray?.tooltip.includes(words) !== true) throw new Error(`the tray says ${tray?.tooltip ?? 'nothing'}`);
  return tray;
}

const ended = (code = 0) =>
  vi.waitFor(() => expect(electron.app.exits).toEqual([code]), { timeout: 20_000, interval: 20 });
const status = async (dataDir: string) => {
  const result = await callGateway(controlEndpoints(dataDir, process.env), 'status', {}, 5_000);
  return result.kind === 'answered' ? result.output : null;
};

describe('the desktop', () => {
  it('prepares before Electron is ready, and returns without waiting for that', () => {
    const { code, dataDir } = run();
    expect(code).toBe(0);
    expect(electron.app.paths.get('userData')).toBe(dataDir);
    expect(electron.app.paths.get('sessionData')).toBe(join(dataDir, 'window'));
    expect(electron.app.isSandboxed).toBe(true);
    expect(electron.protocol.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(electron.BrowserWindow.made).toEqual([]);
  });

  it('runs a gateway with tray and window, and ends it in order', async () => {
    const { window, choose, dataDir } = await opened();
    expect(window.loaded).toEqual(['app://gateway/']);
    expect(window.webContents.openHandler?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
    expect(electron.protocol.handlers.get('app')?.({ url: 'app://gateway/x', method: 'GET' }).status).toBe(404);
    expect((await status(dataDir))?.state.mode).toBe('TRADING');
    choose('Quit');
    await ended();
    expect(electron.dialog.questions).toEqual([]);
    expect(await status(dataDir)).toBeNull();
    expect(electron.BrowserWindow.last.isDestroyed()).toBe(true);
  });

  it('asks before it quits where positions may be open, and quits only when that is meant', async () => {
    const { choose, dataDir } = await opened();
    const client = new RawClient((await status(dataDir))?.endpoints.command ?? '');
    const order = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
    expect(await client.send('OPEN_ORDER', order, { client_id: 'alpha' })).toMatchObject({ status: 'SUCCESS' });
    choose('Quit');
    await vi.waitFor(() => expect(electron.dialog.questions).toHaveLength(1), { timeout: 10_000 });
    expect(electron.dialog.questions[0]).toMatchObject({ defaultId: 0, cancelId: 0 });
    expect(electron.dialog.questions[0]?.detail).toContain('Connected in the last minute: alpha');
    expect(electron.dialog.questions[0]?.detail).toContain('Open positions: 1');
    expect(electron.app.exits).toEqual([]);
    electron.dialog.answer = 1;
    choose('Quit');
    await ended();
  });

  it('kills from the tray at once: halted, told, in title and menu, in the name of the operator', async () => {
    const { dataDir, choose, window } = await opened();
    choose('Kill switch: halt and close all');
    const tray = await vi.waitFor(() => traySaying('HALTED'), { timeout: 10_000 });
    expect(tray.image.source).toContain('bitmap');
    expect(window.title).toBe('HALTED – MT5 Fabric');
    expect(electron.Notification.shown.map(({ options }) => options.title)).toEqual(['Trading is halted']);
    const { state } = (await status(dataDir)) ?? {};
    expect(state).toMatchObject({ mode: 'HALTED', flatten: 'account' });
    expect(state?.causes[0]).toMatchObject({ kind: 'OPERATOR', reason: 'kill switch in the tray' });
    expect(state?.causes[0]?.actor).toMatch(/^operator@.+ \(tray\)$/);
    window.hide();
    electron.Notification.shown[0]?.emit('click');
    expect(window.isShown).toBe(true);
    process.emit('SIGTERM');
    await ended();
  });

  it('halts from the window through the line, and keeps positions', async () => {
    const { dataDir, window } = await opened();
    const page = window.webContents;
    electron.ipcMain.deliver(CHANNELS.toGateway, { kind: 'call', id: 1, call: 'halt', input: {} }, page);
    await vi.waitFor(() => traySaying('HALTED'), { timeout: 10_000 });
    expect((await status(dataDir))?.state).toMatchObject({ mode: 'HALTED', flatten: 'none' });
    await vi.waitFor(() => expect(page.sent.some(({ message }) => (message as { id?: number }).id === 1)).toBe(true));
    process.emit('SIGTERM');
    await ended();
  });

  it('takes a language that was saved in the window into the tray', async () => {
    const { window, tray } = await opened();
    const input = { changes: { language: 'zh-CN', theme: 'dark' } };
    electron.ipcMain.deliver(
      CHANNELS.toGateway,
      { kind: 'call', id: 1, call: 'saveSettings', input },
      window.webContents,
    );
    await vi.waitFor(() => expect(tray.menu?.labels).toContain('退出'), { timeout: 10_000 });
    expect(electron.nativeTheme.themeSource).toBe('dark');
    process.emit('SIGTERM');
    await ended();
  });

  it('stays in the tray when the window is closed, and says so once', async () => {
    const { window, choose, dataDir } = await opened();
    window.show();
    expect(window.close()).toBe(false);
    window.show();
    window.close();
    expect(electron.Notification.shown.map(({ options }) => options.title)).toEqual(['MT5 Fabric keeps running']);
    expect(existsSync(join(dataDir, 'desktop.json'))).toBe(true);
    electron.app.emit('second-instance');
    await vi.waitFor(() => expect(window.isShown).toBe(true));
    choose('Quit');
    await ended();
  });

  it('suspends after a sleep that the system tells of', async () => {
    await opened();
    electron.powerMonitor.emit('resume');
    await vi.waitFor(() => traySaying('Suspended: the machine slept'), { timeout: 10_000 });
    process.emit('SIGTERM');
    await ended();
  });

  it("ends in order with the system's session, which it holds until then", async () => {
    const { window, dataDir } = await opened();
    expect(window.querySessionEnd()).toBe(true);
    await ended();
    expect(await status(dataDir)).toBeNull();
  });

  it('halts and leaves a report when an exception is not caught', async () => {
    const { dataDir } = await opened();
    const crash = process.listeners('uncaughtException').at(-1) as (error: Error) => void;
    crash(new Error('boom'));
    await ended(70);
    expect(readFileSync(join(dataDir, 'logs', 'gateway.log'), 'utf8')).toContain('boom');
    expect((await status(dataDir))?.state.causes[0]).toMatchObject({ kind: 'EXCEPTION', reason: 'boom' });
    process.emit('SIGTERM');
    await vi.waitFor(() => expect(electron.app.exits).toHaveLength(2), { timeout: 10_000 });
  });

  it('serves the panel besides, where a port is set for it, and ends it too', async () => {
    const { dataDir } = await opened(['--panel-port', '0']);
    const answer = await callGateway(controlEndpoints(dataDir, process.env), 'panelAddress', {}, 5_000);
    const output = answer.kind === 'answered' ? answer.output : null;
    const address = output?.open === true ? output.address : '';
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
    process.emit('SIGTERM');
    await ended();
    await expect(fetch(address)).rejects.toThrow();
  });

  it('leaves the second start to the first', () => {
    electron.app.isFirst = false;
    run();
    expect(electron.app.exits).toEqual([0]);
    expect(electron.protocol.schemes).toEqual([]);
  });

  it('says in a dialog what is in the way of a start, and ends with 78', async () => {
    const { said } = run(['--limit-open-positions', 'many']);
    electron.app.becomeReady();
    await ended(78);
    expect(electron.dialog.errors[0]).toMatchObject({ title: 'MT5 Fabric cannot start' });
    expect(electron.dialog.errors[0]?.content).toContain('limit-open-positions');
    expect(said.join('')).toContain('limit-open-positions');
  });
});
