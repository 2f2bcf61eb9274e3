import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Appearance } from '../../../main/desktop/appearance.ts';
import { DesktopMemory } from '../../../main/desktop/desktop-memory.ts';
import { LoginItem } from '../../../main/desktop/login-item.ts';
import { visiblePlace } from '../../../main/desktop/window-place.ts';
import { silentLog } from '../../../main/log.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

beforeEach(electron.reset);

describe('the place of the window', () => {
  const place = { x: 100, y: 100, width: 900, height: 700, maximized: false };
  const left = { x: 0, y: 0, width: 1_920, height: 1_040 };
  const right = { x: 1_920, y: 0, width: 1_280, height: 1_000 };

  it.each([
    ['on the display', place, [left], place],
    ['on the second display', { ...place, x: 2_000 }, [left, right], { ...place, x: 2_000 }],
    ['on a display that is gone', { ...place, x: 2_000 }, [left], null],
    ['far to the left, but to be taken hold of', { ...place, x: -780 }, [left], { ...place, x: -780 }],
    ['too far to the left', { ...place, x: -781 }, [left], null],
    ['with its title bar above the display', { ...place, y: -1 }, [left], null],
    ['with its title bar under the taskbar', { ...place, y: 1_020 }, [left], null],
    ['too small', { ...place, width: 10, height: 10 }, [left], { ...place, width: 640, height: 480 }],
    ['without any display', place, [], null],
    ['that nobody remembers', null, [left], null],
  ] as const)('%s', (_where, remembered, areas, expected) => {
    expect(visiblePlace(remembered, areas)).toEqual(expected);
  });
});

describe("the desktop's memory", () => {
  const place = { x: 1, y: 2, width: 900, height: 700, maximized: true };

  it('outlives a restart', () => {
    const folder = temporaryFolder();
    const memory = new DesktopMemory(folder, silentLog);
    expect([memory.place(), memory.tellOfTray(), memory.tellOfTray()]).toEqual([null, true, false]);
    memory.keepPlace(place);
    const next = new DesktopMemory(folder, silentLog);
    expect([next.place(), next.tellOfTray()]).toEqual([place, false]);
  });

  it.each([
    '',
    'null',
    '{"place":{"x":"1"}}',
    '{"place":{"x":1e999,"y":0,"width":1,"height":1,"maximized":true}}',
    '{',
  ])('counts as none where the file holds %j', (content) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'desktop.json'), content);
    expect(new DesktopMemory(folder, silentLog).place()).toBeNull();
  });

  it('never fails, whatever the disk says', () => {
    const memory = new DesktopMemory('/nowhere/at/all', silentLog);
    memory.keepPlace(place);
    expect(memory.place()).toEqual(place);
  });
});

describe('the start at login', () => {
  const rig = (platform: NodeJS.Platform) =>
    new LoginItem({
      app: electron.app as unknown as Electron.App,
      ...{ platform, path: 'C:\\p\\MT5 Fabric.exe', words: ['--data-dir', 'C:\\my data', '--terminal', 'bridge'] },
    });

  it('is switched on and off, into the tray, with the words of this start', () => {
    const item = rig('win32');
    expect(item.isOn()).toBe(false);
    item.toggle();
    expect(item.isOn()).toBe(true);
    expect(electron.app.loginItems[0]?.args).toEqual([
      '--data-dir',
      '"C:\\my data"',
      '--terminal',
      'bridge',
      '--hidden',
    ]);
    item.toggle();
    expect(item.isOn()).toBe(false);
  });

  it('is nothing to switch on Linux', () => {
    const item = rig('linux');
    item.toggle();
    expect([item.isOn(), electron.app.loginItems]).toEqual([null, []]);
  });
});

describe('the appearance', () => {
  it.each([
    ['system', ['de-DE', 'zh-Hans-CN'], 'zh-CN'],
    ['system', ['de-DE'], 'en'],
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en-GB'], 'zh-CN'],
  ] as const)('of %s with %j speaks %s', (language, system, spoken) => {
    const appearance = new Appearance({
      read: () => ({ language, theme: 'dark' }),
      systemLanguages: () => system,
      applyTheme: (theme) => expect(theme).toBe('dark'),
    });
    expect(appearance.language).toBe(spoken);
  });

  it('changes with the settings, and stays where they cannot be read', () => {
    const settings: { now: { language: 'en' | 'zh-CN'; theme: 'light' } | null } = {
      now: { language: 'en', theme: 'light' },
    };
    const appearance = new Appearance({ read: () => settings.now, systemLanguages: () => [], applyTheme: () => {} });
    settings.now = { language: 'zh-CN', theme: 'light' };
    appearance.refresh();
    expect(appearance.t('desktop.menu.quit')).toBe('退出');
    settings.now = null;
    appearance.refresh();
    expect(appearance.language).toBe('zh-CN');
  });
});
