import { beforeEach, describe, expect, it } from 'vitest';
import { MainWindow } from '../../../main/desktop/main-window.ts';
import { taskbarView } from '../../../main/desktop/taskbar-view.ts';
import type { Place } from '../../../main/desktop/window-place.ts';
import { silentLog } from '../../../main/log.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { english, live, stateWith } from './states.ts';

beforeEach(electron.reset);

function rig(remembered: Place | null = null) {
  const clock = new SimulatedClock();
  const told = { state: stateWith(), kept: [] as Place[], hidden: 0, sessionEnds: 0, place: remembered };
  const window = new MainWindow({
    ...{ clock, log: silentLog, preload: '/dist/preload.cjs', icon: null, isPackaged: true, platform: 'win32' },
    background: () => '#15181c',
    place: () => told.place,
    keepPlace: (place) => {
      told.place = place;
      told.kept.push(place);
    },
    taskbar: () => taskbarView(told.state, english),
    overlay: () => new electron.Image('octagon', false) as unknown as Electron.NativeImage,
    onHidden: () => (told.hidden += 1),
    onSessionEnd: (hold) => {
      told.sessionEnds += 1;
      hold();
    },
  });
  return { window, clock, told };
}

describe('the window', () => {
  it('is a sandbox without Node, and has no developer tools once it is packaged', () => {
    rig().window.open({ isHidden: false });
    expect(electron.BrowserWindow.last.options.webPreferences).toMatchObject({
      ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
      ...{ devTools: false, spellcheck: false, preload: '/dist/preload.cjs' },
    });
  });

  it('shows itself when its page is drawn, and never where it starts hidden', () => {
    rig().window.open({ isHidden: false });
    const shown = electron.BrowserWindow.last;
    expect(shown.isShown).toBe(false);
    shown.emit('ready-to-show');
    expect(shown.isShown).toBe(true);
    rig().window.open({ isHidden: true });
    const hidden = electron.BrowserWindow.last;
    hidden.emit('ready-to-show');
    expect([hidden.isShown, hidden.loaded]).toEqual([false, ['app://gateway/']]);
  });

  it('hides when it is closed, remembers its place, and comes back as the same window', () => {
    const { window, told } = rig();
    window.open({ isHidden: false });
    const made = electron.BrowserWindow.last;
    made.bounds = { x: 50, y: 60, width: 900, height: 700 };
    expect(made.close()).toBe(false);
    expect(told.kept).toEqual([{ x: 50, y: 60, width: 900, height: 700, maximized: false }]);
    expect([made.isShown, told.hidden]).toEqual([false, 1]);
    window.show();
    expect([made.isShown, made.hasFocus]).toEqual([true, true]);
    expect(electron.BrowserWindow.made).toHaveLength(1);
  });

  it('opens where it was, maximized where it was that', () => {
    rig({ x: 10, y: 20, width: 1_000, height: 800, maximized: true }).window.open({ isHidden: false });
    const { options, isLarge } = electron.BrowserWindow.last;
    expect(options).toMatchObject({ x: 10, y: 20, width: 1_000, height: 800 });
    expect(isLarge).toBe(true);
  });

  it('leads to the audit log, from the taskbar too', () => {
    const { window } = rig();
    window.open({ isHidden: true });
    electron.BrowserWindow.last.isIconified = true;
    window.show('audit');
    expect(electron.BrowserWindow.last).toMatchObject({ isIconified: false, isShown: true });
    expect(electron.BrowserWindow.last.loaded.at(-1)).toBe('app://gateway/#/audit');
  });

  it('says a halt in title and taskbar, also against the page', () => {
    const { window, told } = rig();
    window.open({ isHidden: false });
    const made = electron.BrowserWindow.last;
    expect([made.title, made.overlay]).toEqual(['MT5 Fabric', { image: null, description: '' }]);
    told.state = stateWith({ live: live('HALTED') });
    window.render();
    expect([made.title, made.overlay?.description]).toEqual(['HALTED – MT5 Fabric', 'Trading is halted']);
    const event = new electron.StandInEvent();
    made.emit('page-title-updated', event, 'All is well');
    expect(event.isPrevented).toBe(true);
  });

  it('is made anew with back-off when its page dies, where it was and as it was', async () => {
    const { window, clock } = rig();
    window.open({ isHidden: false });
    const first = electron.BrowserWindow.last;
    first.show();
    first.bounds = { x: 70, y: 80, width: 900, height: 700 };
    first.webContents.crash();
    expect(electron.BrowserWindow.made).toHaveLength(1);
    await clock.advance(250);
    const second = electron.BrowserWindow.last;
    expect(electron.BrowserWindow.made).toHaveLength(2);
    expect(first.isDestroyed()).toBe(true);
    expect(second.options).toMatchObject({ x: 70, y: 80 });
    second.emit('ready-to-show');
    expect(second.isShown).toBe(true);
    second.webContents.crash();
    await clock.advance(499);
    expect(electron.BrowserWindow.made).toHaveLength(2);
    await clock.advance(1);
    expect(electron.BrowserWindow.made).toHaveLength(3);
  });

  it('never gives up, and tries every ten seconds at last', async () => {
    const { window, clock } = rig();
    window.open({ isHidden: true });
    for (let loss = 0; loss < 8; loss += 1) {
      electron.BrowserWindow.last.webContents.crash('oom');
      await clock.advance(10_000);
    }
    expect(electron.BrowserWindow.made).toHaveLength(9);
    expect(electron.BrowserWindow.last.isShown).toBe(false);
  });

  it('forgets its losses after a steady minute', async () => {
    const { window, clock } = rig();
    window.open({ isHidden: false });
    electron.BrowserWindow.last.webContents.crash();
    await clock.advance(250);
    await clock.advance(60_000);
    electron.BrowserWindow.last.webContents.crash();
    await clock.advance(250);
    expect(electron.BrowserWindow.made).toHaveLength(3);
  });

  it('opens at once when it is asked for while its dead page waits', async () => {
    const { window, clock } = rig();
    window.open({ isHidden: true });
    electron.BrowserWindow.last.webContents.crash();
    window.show();
    expect(electron.BrowserWindow.made).toHaveLength(2);
    expect(electron.BrowserWindow.last.isShown).toBe(true);
    await clock.advance(60_000);
    expect(electron.BrowserWindow.made).toHaveLength(2);
  });

  it('ends a page that hangs, but not one that only was slow', async () => {
    const { window, clock } = rig();
    window.open({ isHidden: false });
    const made = electron.BrowserWindow.last;
    made.emit('unresponsive');
    await clock.advance(9_000);
    made.emit('responsive');
    await clock.advance(60_000);
    expect(electron.BrowserWindow.made).toHaveLength(1);
    made.emit('unresponsive');
    await clock.advance(10_000 + 250);
    expect(electron.BrowserWindow.made).toHaveLength(2);
  });

  it("holds the end of the system's session until the gateway has ended", () => {
    const { window, told } = rig();
    window.open({ isHidden: true });
    expect(electron.BrowserWindow.last.querySessionEnd()).toBe(true);
    electron.BrowserWindow.last.emit('session-end', new electron.StandInEvent());
    expect(told.sessionEnds).toBe(2);
  });

  it('closes for good in the end, and is not opened any more', async () => {
    const { window, clock, told } = rig();
    window.open({ isHidden: false });
    electron.BrowserWindow.last.webContents.crash();
    window.destroy();
    window.destroy();
    window.show();
    await clock.advance(60_000);
    expect(electron.BrowserWindow.made).toHaveLength(1);
    expect(electron.BrowserWindow.last.isDestroyed()).toBe(true);
    expect(told.kept).toHaveLength(1);
  });
});
