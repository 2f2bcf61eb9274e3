import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppFiles } from '../../../main/desktop/app-files.ts';
import { Appearance } from '../../../main/desktop/appearance.ts';
import { CrashGuard } from '../../../main/desktop/crash-guard.ts';
import { writeCrashReport } from '../../../main/desktop/crash-report.ts';
import { denyDepartures, denyPermissions } from '../../../main/desktop/deny.ts';
import { openDesktopLog } from '../../../main/desktop/desktop-log.ts';
import { DesktopMemory } from '../../../main/desktop/desktop-memory.ts';
import { LoginItem } from '../../../main/desktop/login-item.ts';
import { watchSleep } from '../../../main/desktop/power.ts';
import { atStake } from '../../../main/desktop/quit-warning.ts';
import { visiblePlace } from '../../../main/desktop/window-place.ts';
import { silentLog } from '../../../main/log.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { FakeControlService } from '../../fakes/control-service.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
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

describe('the files of the page', () => {
  function served() {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'renderer', 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'renderer', 'assets', 'main.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const files = new AppFiles(join(folder, 'renderer'));
    return (url: string, method = 'GET') => files.answer({ url, method });
  }

  it.each([
    ['app://gateway/', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://gateway/index.html?x=1', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://gateway/assets/main.js', 'text/javascript; charset=utf-8', 'export {};'],
  ])('hold %s', async (url, type, content) => {
    const response = served()(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(await response.text()).toBe(content);
  });

  it.each([
    [404, 'app://gateway/../secret.txt'],
    [404, 'app://gateway/%2e%2e/secret.txt'],
    [404, 'app://gateway/..%2fsecret.txt'],
    [404, 'app://gateway/assets/..%5c..%5csecret.txt'],
    [404, 'app://gateway/assets/'],
    [404, 'app://gateway//etc/passwd'],
    [404, 'app://gateway/__proto__'],
    [403, 'app://other/index.html'],
    [403, 'https://gateway/index.html'],
    [403, 'nonsense'],
  ])('answer %d to %s', (status, url) => {
    expect(served()(url).status).toBe(status);
  });

  it.each(['POST', 'PUT', 'HEAD', 'DELETE'])('are not there for %s', (method) => {
    expect(served()('app://gateway/', method).status).toBe(405);
  });

  it('come with a policy that lets in nothing from outside, refusals too', () => {
    const serve = served();
    for (const response of [serve('app://gateway/'), serve('app://gateway/none')]) {
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('are none where the build has made none', () => {
    expect(new AppFiles('/nowhere').answer({ url: 'app://gateway/', method: 'GET' }).status).toBe(404);
  });
});

describe('the page', () => {
  it.each(['will-frame-navigate', 'will-redirect', 'will-attach-webview'])('leads nowhere: %s is prevented', (name) => {
    const contents = new electron.WebContents();
    denyDepartures(contents as unknown as Electron.WebContents, silentLog);
    const event = Object.assign(new electron.StandInEvent(), { url: 'https://example.com/' });
    contents.emit(name, event);
    expect(event.isPrevented).toBe(true);
    expect(contents.openHandler?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
  });

  it('may copy a text, and nothing else', () => {
    const { defaultSession: session } = electron.session;
    denyPermissions(session as unknown as Electron.Session);
    const page = new electron.WebContents();
    page.url = 'app://gateway/';
    const other = new electron.WebContents();
    other.url = 'https://example.com/';
    const granted: boolean[] = [];
    const ask = (contents: electron.WebContents, permission: string) =>
      session.permissionRequest?.(contents, permission, (isGranted) => granted.push(isGranted));
    for (const permission of ['clipboard-sanitized-write', 'clipboard-read', 'media', 'geolocation'])
      ask(page, permission);
    ask(other, 'clipboard-sanitized-write');
    expect(granted).toEqual([true, false, false, false, false]);
    expect(session.permissionCheck?.(page, 'clipboard-sanitized-write')).toBe(true);
    expect(session.permissionCheck?.(page, 'notifications')).toBe(false);
    expect(session.permissionCheck?.(null, 'clipboard-sanitized-write')).toBe(false);
    expect(session.devicePermission?.()).toBe(false);
    const download = new electron.StandInEvent();
    session.emit('will-download', download);
    expect(download.isPrevented).toBe(true);
  });
});

describe('sleep', () => {
  it('is told by its length, and without a beginning as one that nobody can tell', () => {
    const power = new EventEmitter();
    const clock = new SimulatedClock();
    const slept: number[] = [];
    watchSleep(power as unknown as Electron.PowerMonitor, clock, (ms) => slept.push(ms));
    power.emit('suspend');
    clock.sleep(90_000);
    power.emit('resume');
    power.emit('resume');
    expect(slept).toEqual([90_000, Infinity]);
  });
});

describe('what is at stake when quitting', () => {
  const client = (name: string, last_seen_ms: number) => ({
    ...{ name, first_seen_ms: 0, last_seen_ms, requests: 1, rejects: 0 },
    ...{ top_reject: null, last_action: null, clock_offset_ms: null },
  });

  it('is who was heard in the last minute, and what is open', async () => {
    const service = new FakeControlService();
    const clock = new SimulatedClock();
    const clients = [client('alpha', clock.nowMs() - 60_000), client('beta', clock.nowMs() - 60_001)];
    service.tell('clients', { clients, leases: [], unknown: [] });
    service.tell('book', { positions: [], orders: [], asked_ms_ago: 5, fault: null });
    expect(await atStake(service.feed, clock)).toEqual({ brains: ['alpha'], openPositions: 0 });
    await new Promise(setImmediate);
    expect([service.followers('clients'), service.followers('book')]).toEqual([0, 0]);
  });

  it.each([
    { positions: [], orders: [], asked_ms_ago: 5, fault: 'no answer' },
    { positions: [], orders: [], asked_ms_ago: null, fault: null },
    { positions: [], orders: [], asked_ms_ago: 3_001, fault: null },
    null,
  ])('is not known of a book like %j', async (book) => {
    const service = new FakeControlService();
    const clock = new SimulatedClock();
    if (book !== null) service.tell('book', book);
    const stake = atStake(service.feed, clock);
    await clock.advance(2_000);
    expect(await stake).toEqual({ brains: [], openPositions: null });
    expect(service.followers('book')).toBe(0);
  });
});

describe('an exception that nobody caught', () => {
  function rig(host: { crash(reason: string): Promise<void> } | null) {
    const order: string[] = [];
    const dataDir = temporaryFolder();
    const clock = new SimulatedClock();
    const guard = new CrashGuard({ clock, log: silentLog, dataDir, exit: (code) => order.push(`exit ${code}`) });
    const process = new EventEmitter();
    guard.watch(process as unknown as NodeJS.Process);
    if (host !== null) {
      const crash = (reason: string) => {
        order.push(`halt: ${reason}`);
        return host.crash(reason);
      };
      guard.guard({ crash, mode: () => 'TRADING' });
    }
    return { order, dataDir, clock, process };
  }

  it('halts first, writes a report, and ends with 70', async () => {
    const { order, dataDir, clock, process } = rig({ crash: () => Promise.resolve() });
    process.emit('uncaughtException', new Error('boom'));
    await clock.advance(0);
    expect(order).toEqual(['halt: boom', 'exit 70']);
    const [report = ''] = readdirSync(join(dataDir, 'crashes'));
    const text = readFileSync(join(dataDir, 'crashes', report), 'utf8');
    expect(text).toContain('Error: boom');
    expect(text).toContain('"modeBefore": "TRADING"');
  });

  it('ends also when the halt is never recorded, fails, or another exception comes', async () => {
    for (const crash of [() => new Promise<void>(() => {}), () => Promise.reject(new Error('disk'))]) {
      const { order, clock, process } = rig({ crash });
      process.emit('unhandledRejection', 'a string');
      process.emit('uncaughtException', new Error('another'));
      await clock.advance(2_000);
      expect(order).toEqual(['halt: a string', 'exit 70']);
    }
  });

  it('ends with 70 before there is a gateway, too', async () => {
    const { order, clock, process } = rig(null);
    process.emit('uncaughtException', new Error('early'));
    await clock.advance(0);
    expect(order).toEqual(['exit 70']);
  });

  it('leaves twenty reports at most, the newest', () => {
    const dataDir = temporaryFolder();
    const write = (atMs: number) => writeCrashReport(dataDir, { atMs, error: 'x', circumstances: {} });
    for (let crash = 0; crash < 25; crash += 1) write(crash * 1_000);
    const reports = readdirSync(join(dataDir, 'crashes')).toSorted();
    expect(reports).toHaveLength(20);
    expect(reports.at(-1)).toContain('00-00-24');
  });
});

describe('a crash report that cannot be written', () => {
  it('is none, and no second crash', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(writeCrashReport(file, { atMs: 0, error: 'x', circumstances: {} })).toBeNull();
  });
});

describe("the desktop's log", () => {
  it('goes to a file, redacted, and into a second one when that is full', async () => {
    const dataDir = temporaryFolder();
    const echoed: string[] = [];
    const log = openDesktopLog(dataDir, (line) => echoed.push(line), 2_000);
    for (let line = 0; line < 30; line += 1) log.info('an event of some length', { line, token: 'abc' });
    const logs = join(dataDir, 'logs');
    await vi.waitFor(() => expect(readFileSync(join(logs, 'gateway.log'), 'utf8')).toContain('"line":29'));
    expect(readdirSync(logs).toSorted()).toEqual(['gateway.1.log', 'gateway.log']);
    for (const name of readdirSync(logs)) {
      const text = readFileSync(join(logs, name), 'utf8');
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect(text).not.toContain('abc');
    }
    expect(echoed).toHaveLength(30);
  });

  it('never fails its caller', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => openDesktopLog(file, () => {}).info('x')).not.toThrow();
    expect(existsSync(file)).toBe(true);
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
