import { beforeEach, describe, expect, it } from 'vitest';
import type { DesktopState } from '../../../main/desktop/desktop-state.ts';
import { Icons } from '../../../main/desktop/icons.ts';
import { TrayIcon } from '../../../main/desktop/tray-icon.ts';
import { trayView, type TrayAction } from '../../../main/desktop/tray-view.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { account, english, live, stateWith, terminal } from './states.ts';

beforeEach(electron.reset);

function rig(platform: NodeJS.Platform) {
  const shown = { state: stateWith() };
  const performed: TrayAction[] = [];
  const icon = new TrayIcon({
    platform,
    view: () => trayView(shown.state, { t: english, language: 'en', startsAtLogin: null }),
    image: ({ shape }) => electron.nativeImage.createFromPath(shape) as unknown as Electron.NativeImage,
    perform: (action) => performed.push(action),
  });
  const become = (change: Partial<DesktopState>) => {
    shown.state = { ...shown.state, ...change };
    icon.render();
  };
  icon.render();
  const [tray] = electron.Tray.made;
  if (tray === undefined) throw new Error('no tray was made');
  return { icon, tray, become, performed };
}

describe('the icon in the tray', () => {
  it('is made once, and only what has changed is set', () => {
    const { icon, tray, become } = rig('linux');
    const { image, menu } = tray.changes;
    icon.render();
    icon.render();
    expect(electron.Tray.made).toHaveLength(1);
    expect(tray.changes).toEqual({ image, menu });
    become({ live: live('HALTED') });
    expect(tray.image.source).toBe('octagon');
    expect(tray.tooltip).toContain('HALTED');
    expect(tray.changes).toEqual({ image: image + 1, menu: menu + 1 });
  });

  it('opens the window by a left click', () => {
    const { tray, performed } = rig('win32');
    tray.emit('click');
    expect(performed).toEqual(['open']);
  });

  it('shows a menu of the moment of the right click', () => {
    const { tray, become } = rig('win32');
    expect(tray.menu).toBeNull();
    become({ live: live('SUSPENDED') });
    tray.emit('right-click');
    expect(tray.popped?.labels[0]).toBe('Suspended: too fast');
  });

  it('carries out what is chosen', () => {
    const { tray, performed } = rig('win32');
    tray.emit('right-click');
    tray.popped?.click('Kill switch: halt and close all');
    tray.popped?.click('Halt, keep positions');
    expect(performed).toEqual(['kill', 'halt']);
  });

  it('does not close an open menu on Linux because a figure has moved', () => {
    const { tray, become } = rig('linux');
    const before = tray.changes.menu;
    become({ account: account({ asked_ms_ago: 9_000 }) });
    expect(tray.changes.menu).toBe(before);
    expect(tray.menu?.labels.join()).not.toContain('Profit');
    become({ terminal: terminal({ connected: false }) });
    expect(tray.changes.menu).toBe(before + 1);
  });

  it('shows an ampersand as one', () => {
    const { tray, become } = rig('win32');
    become({ live: live('HALTED', 'P&L') });
    tray.emit('right-click');
    expect(tray.popped?.labels[0]).toBe('HALTED by alpha: P&&L');
  });

  it('is drawn anew for another taskbar, and gone in the end', () => {
    const { icon, tray } = rig('win32');
    const { image } = tray.changes;
    icon.redraw();
    expect(tray.changes.image).toBe(image + 1);
    icon.destroy();
    icon.destroy();
    expect(tray.isDestroyed()).toBe(true);
  });
});

describe('a picture that is missing', () => {
  it('is a loud one, never an empty one', () => {
    const icons = new Icons('/nowhere', 'win32');
    for (const image of [icons.tray('shield', true), icons.overlay()]) expect(image.isEmpty()).toBe(false);
    expect(icons.app()).toBeNull();
  });
});
