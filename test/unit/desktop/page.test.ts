import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppFiles } from '../../../main/desktop/app-files.ts';
import { denyDepartures, denyPermissions } from '../../../main/desktop/deny.ts';
import { silentLog } from '../../../main/log.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

beforeEach(electron.reset);

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
