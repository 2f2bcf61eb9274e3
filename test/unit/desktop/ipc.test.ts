import { beforeEach, describe, expect, it } from 'vitest';
import { BEAT_MS } from '../../../main/control/frames.ts';
import { CHANNELS } from '../../../main/control/ipc-channels.ts';
import { WindowLine } from '../../../main/control/ipc.ts';
import { APP_URL } from '../../../main/control/own-page.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { FakeControlService, TRADING_VIEW } from '../../fakes/control-service.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { settle } from '../../fakes/simulated-clock.ts';

beforeEach(electron.reset);

function rig() {
  const asked: string[] = [];
  const warned: string[] = [];
  const clock = new SimulatedClock();
  const service = new FakeControlService({
    halt: ({ reason = '' }, by) => {
      asked.push(`halt ${reason} ${by}`);
      return Promise.resolve(TRADING_VIEW);
    },
  });
  const log = { info: () => {}, warn: (event: string) => warned.push(event), error: () => {} };
  const went: string[] = [];
  const line = new WindowLine({
    ...{ service, by: 'operator@ann', clock, log },
    openPage: (address) => went.push(address),
    showExport: (file) => went.push(file),
    saveConnection: (file) => {
      went.push(file);
      return Promise.resolve({ isSaved: true, error: null });
    },
  });
  line.start();
  const page = pageAt(APP_URL);
  const send = (frame: unknown, from: Parameters<typeof electron.ipcMain.deliver>[3] = page.url) => {
    electron.ipcMain.deliver(CHANNELS.toGateway, frame, page, from);
  };
  return { line, service, clock, page, send, asked, warned, went };
}

function pageAt(url: string): electron.WebContents {
  const page = new electron.WebContents();
  page.url = url;
  return page;
}

const kinds = (page: electron.WebContents) => page.sent.map(({ message }) => (message as { kind: string }).kind);
const HALT = { kind: 'call', id: 7, call: 'halt', input: { reason: 'test' } };

describe("the window's line", () => {
  it('carries calls up and answers down, in the name of the operator', async () => {
    const { send, page, asked } = rig();
    send(HALT);
    await settle();
    expect(asked).toEqual(['halt test operator@ann']);
    expect(page.sent).toContainEqual({
      channel: CHANNELS.toScreen,
      message: { kind: 'answer', id: 7, output: TRADING_VIEW },
    });
  });

  it('carries topics down, and beats', async () => {
    const { send, page, service, clock } = rig();
    send({ kind: 'subscribe', topic: 'state' });
    service.tell('state', { state: TRADING_VIEW, tickets: [], refused: 0 });
    await clock.advance(BEAT_MS);
    expect(kinds(page)).toEqual(['beat', 'value', 'beat']);
  });

  it.each([
    ['another page', 'https://example.com/'],
    ['a file', 'file:///app/index.html'],
    ['another host of the scheme', 'app://other/'],
    ['a host that only begins alike', 'app://gateway.example/'],
    ['a port of the host', 'app://gateway:81/'],
    ['another scheme of the same host', 'https://gateway/'],
    ['a data: page', 'data:text/html,app://gateway/'],
    ['an empty frame', 'about:blank'],
    ['no address', ''],
    ['a frame that is gone', null],
    ['a frame within the page', { url: APP_URL, parent: {} }],
  ])('drops and logs what comes from %s', async (_from, frame) => {
    const { send, page, asked, warned, went } = rig();
    send(HALT, frame);
    electron.ipcMain.deliver(CHANNELS.openPage, 'metatrader-download', page, frame);
    electron.ipcMain.deliver(CHANNELS.fetchExport, 'audit.csv', page, frame);
    await settle();
    expect([asked, went, page.sent]).toEqual([[], [], []]);
    expect(warned).toEqual(Array(3).fill('window-message-dropped'));
  });

  it.each(['did-navigate', 'render-process-gone', 'destroyed'])('forgets a page at %s', async (event) => {
    const { send, page, service, clock } = rig();
    send({ kind: 'subscribe', topic: 'state' });
    expect(service.followers('state')).toBe(1);
    page.emit(event);
    expect(service.followers('state')).toBe(0);
    const before = page.sent.length;
    await clock.advance(10 * BEAT_MS);
    expect(page.sent).toHaveLength(before);
  });

  it('serves a page that was loaded anew, and lets no listeners pile up', () => {
    const { send, page, service } = rig();
    for (let load = 0; load < 20; load += 1) {
      send({ kind: 'subscribe', topic: 'state' });
      page.emit('did-navigate');
    }
    send({ kind: 'subscribe', topic: 'state' });
    expect(service.followers('state')).toBe(1);
    expect(page.listenerCount('destroyed')).toBe(1);
  });

  it('keeps the pages of two windows apart', () => {
    const { send, service } = rig();
    const other = pageAt(APP_URL);
    send({ kind: 'subscribe', topic: 'state' });
    electron.ipcMain.deliver(CHANNELS.toGateway, { kind: 'subscribe', topic: 'book' }, other);
    other.emit('destroyed');
    expect([service.followers('state'), service.followers('book')]).toEqual([1, 0]);
  });

  it('sends nothing to a page that is gone', async () => {
    const { send, page, clock } = rig();
    send({ kind: 'subscribe', topic: 'state' });
    page.hasGone = true;
    const before = page.sent.length;
    await clock.advance(BEAT_MS);
    expect(page.sent).toHaveLength(before);
  });

  it('opens pages by their names alone', () => {
    const { page, went } = rig();
    for (const wish of ['metatrader-download', 'https://example.com/', 'toString', 7, null]) {
      electron.ipcMain.deliver(CHANNELS.openPage, wish, page);
    }
    expect(went).toEqual(['https://www.metatrader5.com/en/download']);
  });

  it('shows exports by bare names alone', () => {
    const { page, went } = rig();
    for (const wish of ['audit-2026.csv', '../ARMED', 'a/b', 'a\\b', '.hidden', '', 'C:x', 'x'.repeat(300), {}]) {
      electron.ipcMain.deliver(CHANNELS.fetchExport, wish, page);
    }
    expect(went).toEqual(['audit-2026.csv']);
  });

  it('saves connection files alone, and for its own page alone', async () => {
    const { page, went, warned } = rig();
    const ask = (message: unknown, from?: string) => electron.ipcMain.ask(CHANNELS.saveConnection, message, page, from);
    const file = 'alpha.connection.json';
    expect(await ask({ file, text: '{}' })).toEqual({ isSaved: true, error: null });
    const others = ['autoexec.bat', '../a.connection.json', '.connection.json', 7].map((name) => ({
      file: name,
      text: '',
    }));
    for (const message of [...others, { file, text: 'x'.repeat(5_000) }, { file }, null]) {
      expect(await ask(message)).toEqual({ isSaved: false, error: 'this is no connection file' });
    }
    await expect(ask({ file, text: '{}' }, 'https://example.com/')).rejects.toThrow('only the page of this window');
    expect(went).toEqual([file]);
    expect(warned).toEqual(['window-message-dropped']);
  });

  it('listens no more once it is stopped', async () => {
    const { line, send, page, asked, service } = rig();
    send({ kind: 'subscribe', topic: 'state' });
    line.stop();
    line.stop();
    send(HALT);
    await settle();
    expect(asked).toEqual([]);
    expect(service.followers('state')).toBe(0);
    await expect(electron.ipcMain.ask(CHANNELS.saveConnection, {}, page)).rejects.toThrow('no handler');
  });
});
