import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../main/clock.ts';
import { openPanel } from '../../../../main/control/panel/panel.ts';
import { silentLog } from '../../../../main/log.ts';
import { FakeControlService } from '../../../fakes/control-service.ts';
import { gatewayFigures } from '../../../fakes/gateway-figures.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { PanelRig, pages, pathOf } from './panel-rig.ts';

describe('the address of the panel', () => {
  it('is on this machine, with a token of 256 bits', async () => {
    const { panel } = await PanelRig.open();
    expect(panel.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[A-Za-z0-9_-]{43}$/);
    expect(panel.newAddress()).not.toBe(panel.address);
  });

  it('signs in once: a cookie that no script reads, and on to the panel', async () => {
    const rig = await PanelRig.open();
    const { status, headers } = await rig.ask(pathOf(rig.panel.address));
    expect([status, headers.location]).toEqual([303, '/']);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        `^mt5-fabric-${rig.port}=[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`,
      ),
    ]);
    const again = await rig.ask(pathOf(rig.panel.address));
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
    expect((await rig.ask('/', { headers: { cookie: headers['set-cookie']![0]!.split(';')[0] } })).status).toBe(200);
  });

  it.each(['/?token=unknown', '/?token=', '/', '/assets/style.css', '/nothing', '/exports/a.csv'])(
    'is needed: %s answers without a session only how to get one',
    async (path) => {
      const rig = await PanelRig.open();
      const { status, body, headers } = await rig.ask(path);
      expect(status).toBe(403);
      expect(body).toContain('mt5-fabric --panel-address');
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri/,
      );
    },
  );

  it('is good for the time it was made for', async () => {
    const clock = new SimulatedClock();
    const rig = await PanelRig.open({ clock, tokenLifeMs: 1_000 });
    const late = rig.panel.newAddress();
    await clock.advance(1_000);
    expect((await rig.ask(pathOf(late))).status).toBe(403);
  });

  it('that is used up leads who is signed in to the panel', async () => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn(rig.panel.address);
    expect(await rig.ask(pathOf(rig.panel.address), { headers: { cookie } })).toMatchObject({ status: 303 });
  });

  it('is not used up by who only looks at its headers', async () => {
    const rig = await PanelRig.open();
    expect((await rig.ask(pathOf(rig.panel.address), { method: 'HEAD' })).status).toBe(403);
    await rig.signIn(rig.panel.address);
  });

  it('is never in the log, and neither is the cookie', async () => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn(rig.panel.address);
    const said = JSON.stringify(rig.logged);
    expect(said).toContain('panel session opened');
    expect(said).not.toContain(new URL(rig.panel.address).searchParams.get('token'));
    expect(said).not.toContain(cookie.split('=')[1]!.slice(0, 12));
  });

  it('and its sessions survive a restart on the same port', async () => {
    const dataDir = temporaryFolder();
    const first = await PanelRig.open({ dataDir });
    const cookie = await first.signIn(first.panel.address);
    const unused = first.panel.newAddress();
    await first.panel.stop();
    const second = await PanelRig.open({ dataDir, port: first.port });
    expect((await second.ask('/', { headers: { cookie } })).status).toBe(200);
    expect((await second.ask(pathOf(first.panel.address))).status).toBe(403);
    expect((await second.ask(pathOf(unused))).status).toBe(303);
  });

  it('is explained in Chinese to a browser that asks for it', async () => {
    const rig = await PanelRig.open();
    const { body } = await rig.ask('/', { headers: { 'accept-language': 'zh-TW,zh;q=0.9,en;q=0.8' } });
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain('此面板需要新的地址');
  });
});

describe('whom the panel answers', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.:PORT',
    '127.0.0.2:PORT',
    '0:PORT',
  ])('never a page that reaches it as %s', async (name) => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn();
    const host = name.replace('PORT', String(rig.port));
    expect((await rig.ask('/', { headers: { host, cookie } })).status).toBe(421);
    expect((await rig.ask(pathOf(rig.panel.address), { headers: { host } })).status).toBe(421);
    await rig.signIn(rig.panel.address);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('a browser that knows it as %s', async (name) => {
    const rig = await PanelRig.open();
    const headers = { host: `${name}:${rig.port}`, cookie: await rig.signIn() };
    const { status, headers: answered } = await rig.ask('/', { headers });
    expect(status).toBe(200);
    expect(answered['content-security-policy']).toContain(`connect-src 'self' ws://${headers.host};`);
  });

  it.each([
    ['/assets/style.css', 'cross-site', 'no-cors', 'style', 403],
    ['/exports/a.csv', 'cross-site', 'navigate', 'document', 403],
    ['/', 'cross-site', 'navigate', 'iframe', 403],
    ['/', 'cross-site', 'cors', 'empty', 403],
    ['/', 'same-site', 'no-cors', 'script', 403],
    ['/', 'cross-site', 'navigate', 'document', 200],
    ['/', 'none', 'navigate', 'document', 200],
    ['/assets/style.css', 'same-origin', 'no-cors', 'style', 200],
  ])('%s for a %s request that is %s of a %s: no', async (path, site, mode, dest, status) => {
    const rig = await PanelRig.open();
    const fetch = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
    expect((await rig.ask(path, { headers: { cookie: await rig.signIn(), ...fetch } })).status).toBe(status);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('not with %s', async (method) => {
    const rig = await PanelRig.open();
    const { status, headers } = await rig.ask('/', { method, headers: { cookie: await rig.signIn() } });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('knows its own cookie among those of other panels and programs', async () => {
    const rig = await PanelRig.open();
    const cookie = `a=b; mt5-fabric-1=x.y; ${await rig.signIn()}; z`;
    expect((await rig.ask('/', { headers: { cookie } })).status).toBe(200);
    expect((await rig.ask('/', { headers: { cookie: 'mt5-fabric-1=x.y' } })).status).toBe(403);
  });
});

describe('the pages of the panel', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', '<!doctype html><title>the panel</title>'],
    ['/?theme=dark', 'text/html; charset=utf-8', '<!doctype html><title>the panel</title>'],
    ['/index.html', 'text/html; charset=utf-8', '<!doctype html><title>the panel</title>'],
    ['/assets/main-1a2b.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/assets/style.css', 'text/css; charset=utf-8', 'body{}'],
    ['/assets/text.woff2', 'font/woff2', 'font'],
    ['/assets/odd.xyz', 'application/octet-stream', 'odd'],
  ])('%s is %s', async (path, type, body) => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn();
    const answer = await rig.ask(path, { headers: { cookie } });
    expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([200, type, body]);
    const head = await rig.ask(path, { method: 'HEAD', headers: { cookie } });
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, String(body.length), '']);
  });

  it('may load and talk to this panel alone, and are never stored', async () => {
    const rig = await PanelRig.open();
    const { headers } = await rig.ask('/', { headers: { cookie: await rig.signIn() } });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        `connect-src 'self' ws://${rig.host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    });
  });

  it.each([
    ...['/../panel.key', '/assets/../../panel.key', '/..%2fpanel.key', '/%2e%2e/panel.key', '//etc/passwd', '/assets'],
    ...['/assets/', '/assets\\style.css', '/./index.html', '/constructor', '/__proto__', 'http://evil.example/', '*'],
  ])('are all there is: %s is not found', async (path) => {
    const rig = await PanelRig.open();
    expect((await rig.ask(path, { headers: { cookie: await rig.signIn() } })).status).toBe(404);
  });

  it('do not lead out of their folder by a link', async () => {
    const files = pages();
    symlinkSync('/etc/hostname', join(files, 'assets/link.txt'));
    const rig = await PanelRig.open({ files });
    expect((await rig.ask('/assets/link.txt', { headers: { cookie: await rig.signIn() } })).status).toBe(404);
  });

  it('that are missing are said to be missing', async () => {
    const files = pages();
    rmSync(files, { recursive: true });
    const rig = await PanelRig.open({ files });
    const { status, body } = await rig.ask('/', { headers: { cookie: await rig.signIn() } });
    expect(status).toBe(503);
    expect(body).toContain('The pages of this panel are missing');
  });
});

describe('an export', () => {
  async function withExports() {
    const rig = await PanelRig.open();
    const folder = join(rig.dataDir, 'exports');
    mkdirSync(folder);
    writeFileSync(join(folder, 'rows.csv'), 'seq,type\n1,INTENT\n');
    writeFileSync(join(folder, 'rows.jsonl'), '');
    writeFileSync(join(folder, '.hidden'), 'x');
    mkdirSync(join(folder, 'inner.csv'));
    symlinkSync(join(rig.dataDir, 'panel.key'), join(folder, 'link.csv'));
    const headers = { cookie: await rig.signIn() };
    return { rig, folder, headers };
  }

  it('is stored, not shown', async () => {
    const { rig, headers } = await withExports();
    const { status, body, headers: answered } = await rig.ask('/exports/rows.csv', { headers });
    expect([status, body]).toEqual([200, 'seq,type\n1,INTENT\n']);
    expect(answered).toMatchObject({
      ...{ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="rows.csv"' },
      ...{ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-length': '18' },
    });
    expect(answered['content-security-policy']).toContain('sandbox');
    expect(await rig.ask('/exports/rows.jsonl', { headers })).toMatchObject({ status: 200, body: '' });
    expect(await rig.ask('/exports/rows.csv', { method: 'HEAD', headers })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    ...['', '.hidden', '..', 'none.csv', 'inner.csv', 'link.csv', '..%2fpanel.key', '../panel.key', 'a/../rows.csv'],
    ...['rows.csv%00', 'rows.csv:stream', 'rows%2ecsv', 'a'.repeat(300)],
  ])('is one of those of the folder: not %j', async (name) => {
    const { rig, headers } = await withExports();
    expect((await rig.ask(`/exports/${name}`, { headers })).status).toBe(404);
  });

  it('of many megabytes comes whole, and one that is broken off harms nothing', async () => {
    const { rig, folder, headers } = await withExports();
    writeFileSync(join(folder, 'big.csv'), Buffer.alloc(24 * 1024 * 1024, 'a'));
    const asking = request({
      host: '127.0.0.1',
      port: rig.port,
      path: '/exports/big.csv',
      headers,
      agent: false,
    }).end();
    await once(asking, 'response');
    asking.destroy();
    expect((await rig.ask('/exports/big.csv', { headers })).body).toHaveLength(24 * 1024 * 1024);
    expect(rig.logged.filter(([level]) => level === 'error')).toEqual([]);
  });
});

describe('the port of the panel', () => {
  it('is not opened where the files of the data folder do not allow it', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'panel.key'), { mode: 0o700 });
    const opened = await openPanel({
      ...{ port: 0, dataDir, files: pages(), service: new FakeControlService() },
      ...{ figures: gatewayFigures, clock: systemClock, log: silentLog, userName: 'anna' },
    });
    expect(opened).toEqual({ ok: false, message: expect.stringMatching(/^cannot open the panel: EISDIR/) as string });
  });

  it('that another program has is named, with the flag that chooses another', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const opened = await openPanel({
      ...{ port, dataDir: temporaryFolder(), files: pages(), service: new FakeControlService() },
      ...{ figures: gatewayFigures, clock: systemClock, log: silentLog, userName: 'anna' },
    });
    holder.close();
    expect(opened).toEqual({
      ok: false,
      message: `port ${port} on 127.0.0.1 is in use by another program; choose another with --panel-port N`,
    });
  });

  it('is free after the stop, which may be asked for twice and waits for nobody', async () => {
    const rig = await PanelRig.open();
    const idle = request({ host: '127.0.0.1', port: rig.port, path: '/', headers: { connection: 'keep-alive' } });
    idle.on('error', () => {});
    idle.flushHeaders();
    const startedAt = performance.now();
    await Promise.all([rig.panel.stop(), rig.panel.stop()]);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await expect(rig.ask('/')).rejects.toThrow('ECONNREFUSED');
  });
});
