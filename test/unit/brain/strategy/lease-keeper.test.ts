import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeaseKeeper, type LinkNews } from '../../../../main/brain/strategy/lease-keeper.ts';
import { ZmqClient } from '../../../../main/brain/zmq-client.ts';
import { FakeGateway, refusalOf, sleep, successTo, until } from '../../../fakes/fake-gateway.ts';
import { countOf, leasing, renewals } from '../../../fakes/leasing-gateway.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

const TERMS = { leaseS: 9, onExpiry: 'halt_flatten' } as const;

let gateway: FakeGateway;
let client: ZmqClient;
let clock: SimulatedClock;
let news: LinkNews[];
let hasSign: () => boolean;
let keeper: LeaseKeeper;
const story = { mode: 'TRADING', session: 'one' };

beforeEach(async () => {
  story.session = 'one';
  gateway = await FakeGateway.start(leasing(story));
  client = new ZmqClient({ ...gateway.client, timeoutMs: 100, clientId: 'me' });
  clock = new SimulatedClock();
  news = [];
  hasSign = () => true;
  const ports = { clock, client, takeSign: () => hasSign(), tell: (one: LinkNews) => void news.push(one) };
  keeper = new LeaseKeeper(TERMS, ports);
});
afterEach(async () => {
  client.close();
  await keeper.stop();
  await gateway.shut();
});

const beats = () => countOf(gateway, 'HEARTBEAT');
const kinds = () => news.map(({ kind }) => kind);

/** Lets the simulated time pass until the next beat has been answered. */
async function nextBeat(): Promise<void> {
  const before = news.filter(({ kind }) => kind === 'answered').length;
  await clock.advance(1_000);
  await until(() => news.filter(({ kind }) => kind === 'answered').length > before);
  await sleep(5);
}

describe('the lease of a strategy', () => {
  it('is taken at once with its terms, before anything else', async () => {
    expect(await keeper.take()).toEqual({ ok: true });
    expect(gateway.received).toHaveLength(1);
    expect(gateway.received[0]).toMatchObject({
      ...{ action: 'HEARTBEAT', client_id: 'me', payload: { lease_s: 9, on_expiry: 'halt_flatten' } },
    });
    expect(kinds()).toEqual(['answered']);
  });

  it('is renewed each third of its time; between, the gateway is only asked how it is', async () => {
    await keeper.take();
    keeper.start();
    for (let second = 1; second <= 7; second += 1) await nextBeat();
    expect(beats()).toBe(8);
    expect(gateway.received.map(({ payload }) => 'lease_s' in payload)).toEqual([
      ...[true, false, false, true, false, false, true, false],
    ]);
  });

  it('is not renewed without a sign of life, and at once when one comes late', async () => {
    await keeper.take();
    keeper.start();
    hasSign = () => false;
    for (let second = 1; second <= 12; second += 1) await nextBeat();
    expect(renewals(gateway)).toBe(1);
    hasSign = () => true;
    keeper.moved();
    await until(() => renewals(gateway) === 2);
    expect(beats()).toBe(14);
  });

  it('is not asked for by a sign of life before it is due', async () => {
    await keeper.take();
    keeper.start();
    await nextBeat();
    keeper.moved();
    await sleep(30);
    expect(beats()).toBe(2);
  });

  it('is refused where the gateway says no, or grants none', async () => {
    gateway.script = (request) => ({ body: refusalOf(request, 'BUSY', 'too many leases') });
    expect(await keeper.take()).toEqual({
      ...{ ok: false, kind: 'refused', message: 'the gateway refuses the lease: BUSY: too many leases' },
    });
    gateway.script = (request) => ({ body: successTo(request, { status: 'alive', service: 'MT5 Gateway' }) });
    expect(await keeper.take()).toMatchObject({ ok: false, kind: 'refused' });
  });

  it('is given back where it may have been granted without a word', async () => {
    gateway.script = (request) => (request.action === 'BYE' ? { body: successTo(request) } : null);
    expect(await keeper.take()).toMatchObject({ ok: false, kind: 'unavailable' });
    expect(countOf(gateway, 'BYE')).toBe(1);
  });

  it('needs no goodbye where nothing was sent', async () => {
    await gateway.shut();
    expect(await keeper.take()).toMatchObject({ ok: false, kind: 'unavailable' });
    await gateway.open();
    await sleep(100);
    expect(gateway.received).toEqual([]);
  });

  it('is taken anew as soon as the gateway answers again, and the silence is told once', async () => {
    await keeper.take();
    keeper.start();
    await gateway.shut();
    void clock.advance(1_000);
    await until(() => kinds().includes('lost'));
    await sleep(250);
    await gateway.open();
    await until(() => renewals(gateway) === 2);
    await until(() => kinds().includes('restored'));
    expect(kinds().filter((kind) => kind === 'lost' || kind === 'restored')).toEqual(['lost', 'restored']);
  });

  it('is taken anew at another run of the gateway, which is told', async () => {
    await keeper.take();
    keeper.start();
    story.session = 'two';
    await clock.advance(1_000);
    await until(() => renewals(gateway) === 2);
    expect(news).toContainEqual({ kind: 'session', session: 'two', before: 'one' });
  });

  it('tells when a renewal is refused', async () => {
    await keeper.take();
    keeper.start();
    gateway.script = (request) => ({ body: refusalOf(request, 'NOT_AUTHORISED', 'no longer') });
    for (let second = 1; second <= 3; second += 1) {
      await clock.advance(1_000);
      await until(() => beats() === second + 1);
      await sleep(5);
    }
    await until(() => kinds().includes('refused'));
    expect(news.at(-1)).toMatchObject({ message: expect.stringContaining('NOT_AUTHORISED: no longer') as string });
  });

  it('ends with a goodbye that is answered or not, and is asked for no more', async () => {
    await keeper.take();
    keeper.start();
    await keeper.stop();
    expect(await keeper.bye()).toBe(true);
    await clock.advance(60_000);
    await sleep(30);
    expect(gateway.received.map(({ action }) => action)).toEqual(['HEARTBEAT', 'BYE']);
    gateway.script = () => null;
    expect(await keeper.bye()).toBe(false);
  });
});
