import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BEAT_MS, toScreenSchema } from '../../../../main/control/frames.ts';
import { LONGEST_MESSAGE_BYTES, MOST_SCREENS } from '../../../../main/control/panel/panel-screens.ts';
import { FakeControlService, TRADING_VIEW } from '../../../fakes/control-service.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { PanelRig, refusedWith } from './panel-rig.ts';

const halting = () =>
  new FakeControlService({ halt: (_input, by) => Promise.resolve({ ...TRADING_VIEW, flatten_phase: by }) });
/** On a machine that has much else to do. */
const PATIENCE = { timeout: 20_000 };
const halt = { kind: 'call', id: 1, call: 'halt', input: {} };

describe('a screen of the panel', () => {
  it('beats, answers calls in the name of its user, and passes topics on', async () => {
    const rig = await PanelRig.open({ service: halting() });
    const screen = await rig.openScreen();
    screen.send(halt);
    const output = { ...TRADING_VIEW, flatten_phase: 'operator@anna (panel)' };
    expect(await screen.next()).toEqual({ kind: 'answer', id: 1, output });
    screen.send({ kind: 'subscribe', topic: 'quotes' });
    screen.send({ ...halt, id: 2 });
    expect(await screen.next()).toMatchObject({ kind: 'answer', id: 2 });
    rig.service.tell('quotes', []);
    expect(await screen.next()).toEqual({ kind: 'value', topic: 'quotes', value: [] });
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS + 200));
    expect(screen.frames.filter(({ kind }) => kind === 'beat').length).toBeGreaterThanOrEqual(1);
    for (const frame of screen.frames) expect(toScreenSchema.safeParse(frame).success).toBe(true);
  });

  it('follows nothing any more once its connection is closed', async () => {
    const rig = await PanelRig.open();
    const screen = await rig.openScreen();
    screen.send({ kind: 'subscribe', topic: 'state' });
    await expect.poll(() => rig.service.followers('state'), PATIENCE).toBe(1);
    screen.socket.close();
    await expect.poll(() => rig.service.followers('state'), PATIENCE).toBe(0);
    expect(rig.logged.map(([, event]) => event)).toEqual([
      ...['panel session opened', 'panel screen opened', 'panel screen closed'],
    ]);
  });

  it('is told what is wrong with a frame, and goes on', async () => {
    const rig = await PanelRig.open({ service: halting() });
    const screen = await rig.openScreen();
    for (const frame of [{ kind: 'shout' }, [], null, 7, { ...halt, call: 'record' }]) screen.send(frame);
    for (const id of [-1, -1, -1, -1, 1]) expect(await screen.next()).toMatchObject({ kind: 'refusal', id });
    screen.send(halt);
    expect(await screen.next()).toMatchObject({ kind: 'answer' });
  });

  it.each([
    ['no JSON', '{"kind":', 1007],
    ['binary', Buffer.from('{}'), 1003],
    ['a byte too long', ' '.repeat(LONGEST_MESSAGE_BYTES + 1), 1009],
  ])('that sends %s is closed', async (_, message, code) => {
    const rig = await PanelRig.open();
    const screen = await rig.openScreen();
    screen.socket.send(message);
    expect(await screen.closed()).toBe(code);
    const refusals = screen.frames.filter(({ kind }) => kind === 'refusal');
    expect(refusals).toHaveLength(code === 1007 ? 1 : 0);
  });

  it('may send a message of just the longest length', async () => {
    const rig = await PanelRig.open({ service: halting() });
    const screen = await rig.openScreen();
    screen.socket.send(JSON.stringify(halt).padEnd(LONGEST_MESSAGE_BYTES));
    expect(await screen.next()).toMatchObject({ kind: 'answer', id: 1 });
  });

  it('that does not read is cut off before it takes up memory without end', async () => {
    const rig = await PanelRig.open();
    const screen = await rig.openScreen();
    screen.send({ kind: 'subscribe', topic: 'clients' });
    await expect.poll(() => rig.service.followers('clients'), PATIENCE).toBe(1);
    screen.socket.pause();
    const why = 'x'.repeat(1024 * 1024);
    const unknown = [{ req_id: 'a', client: 'b', kind: 'c', lost_at_ms: 0, why }];
    await expect
      .poll(() => {
        rig.service.tell('clients', { clients: [], leases: [], unknown });
        return rig.service.followers('clients');
      }, PATIENCE)
      .toBe(0);
    expect(rig.logged.map(([, event]) => event)).toContain('panel screen does not read and is cut off');
  });

  it('is ended by the stop of the panel', async () => {
    const rig = await PanelRig.open();
    const screen = await rig.openScreen();
    const [code] = await Promise.all([screen.closed(), rig.panel.stop()]);
    expect(code).toBe(1001);
  });

  it('that does not answer the end is cut off', async () => {
    const rig = await PanelRig.open();
    const screen = await rig.openScreen();
    screen.socket.pause();
    const startedAt = performance.now();
    await rig.panel.stop();
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

describe('the way in for a screen', () => {
  it.each([
    ['another page', { origin: 'http://evil.example' }, 403],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page of the same name over TLS', { origin: 'https://HOST' }, 403],
    ['a page by the other name of this machine', { origin: 'http://localhost:PORT' }, 403],
    ['a page without a name', { origin: 'null' }, 403],
    ['a program that names no page', { origin: undefined }, 403],
    ['who has no session', { cookie: '' }, 403],
    ['who has a forged session', { cookie: 'mt5-fabric-PORT=a.b' }, 403],
    ['who comes by another host', { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' }, 421],
  ])('is closed to %s', async (_, headers, status) => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn();
    const filled = Object.entries(headers).map(([name, value]) => [
      name,
      value?.replace('PORT', String(rig.port)).replace('HOST', rig.host),
    ]);
    const asked = Object.fromEntries(filled.filter(([, value]) => value !== undefined)) as Record<string, string>;
    const socket =
      'origin' in headers && headers.origin === undefined ? rig.connectBare(cookie) : rig.connect(cookie, asked);
    expect(await refusedWith(socket)).toBe(status);
    expect(rig.service.followers('state')).toBe(0);
  });

  it('is one address', async () => {
    const rig = await PanelRig.open();
    expect(await refusedWith(rig.connect(await rig.signIn(), {}, '/other'))).toBe(404);
  });

  it('is open to a page that knows the panel as localhost', async () => {
    const rig = await PanelRig.open();
    const host = `localhost:${rig.port}`;
    await once(rig.connect(await rig.signIn(), { host, origin: `http://${host}` }), 'open');
  });

  it('is open to eight at once, and to another when one has gone', async () => {
    const rig = await PanelRig.open();
    const cookie = await rig.signIn();
    const screens = await Promise.all(Array.from({ length: MOST_SCREENS }, () => rig.openScreen(cookie)));
    expect(await refusedWith(rig.connect(cookie))).toBe(503);
    screens[0]!.socket.close();
    await expect.poll(() => rig.logged.some(([, event]) => event === 'panel screen closed'), PATIENCE).toBe(true);
    await rig.openScreen(cookie);
  });

  it('says in the log once, not each time, that it was closed', async () => {
    const rig = await PanelRig.open();
    for (let time = 0; time < 3; time += 1) await refusedWith(rig.connect(''));
    expect(rig.logged).toEqual([['warn', 'panel screen refused', { why: 'no session' }]]);
  });
});

it('an open screen keeps its session, and once it is gone the session ends', async () => {
  const clock = new SimulatedClock();
  const rig = await PanelRig.open({ clock, sessionLifeMs: 1_200_000 });
  const cookie = await rig.signIn();
  const screen = await rig.openScreen(cookie);
  await clock.advance(2_400_000);
  screen.socket.close();
  await expect.poll(() => rig.logged.some(([, event]) => event === 'panel screen closed'), PATIENCE).toBe(true);
  expect((await rig.ask('/', { headers: { cookie } })).status).toBe(200);
  await clock.advance(1_200_000);
  expect((await rig.ask('/', { headers: { cookie } })).status).toBe(403);
  expect(await refusedWith(rig.connect(cookie))).toBe(403);
});
