import { afterEach, describe, expect, it } from 'vitest';
import { ZmqClient, type TickStream } from '../../../main/brain/index.ts';
import { STREAM_CAPACITY } from '../../../main/brain/wire-stream.ts';
import { FakeGateway, sleep, until } from '../../fakes/fake-gateway.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function setUp(): Promise<{ gateway: FakeGateway; client: ZmqClient }> {
  const gateway = await FakeGateway.start();
  const client = new ZmqClient(gateway.client);
  cleanUp.push(
    () => gateway.shut(),
    () => client.close(),
  );
  return { gateway, client };
}

const tick = (symbol: string, seq: number) => ({
  ...{ symbol, bid: 1.05, ask: 1.06, timestamp: 1.5, time_msc: 1_500, last: 0, volume: 0, flags: 6, seq },
});

/** Publishes ticks of each symbol until the stream has something: a subscription takes a moment to arrive. */
async function firstOf(gateway: FakeGateway, stream: TickStream, symbols: readonly string[]): Promise<unknown> {
  let got: unknown = null;
  const next = stream.next().then(({ value }) => (got = value));
  for (let seq = 1; got === null; seq += 1) {
    for (const symbol of symbols) await gateway.publishTick(tick(symbol, seq));
    await Promise.race([next, sleep(10)]);
  }
  return got;
}

describe('a stream', () => {
  it('gives the ticks of the symbols that are asked for, and no others', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData({ symbols: ['EURUSD'] });
    await firstOf(gateway, ticks, ['EURUSDX', 'XAUUSD', 'EURUSD']);
    for (let seq = 1_000; seq < 1_003; seq += 1) {
      for (const symbol of ['EURUSDX', 'EURUSD', 'XAUUSD']) await gateway.publishTick(tick(symbol, seq));
    }
    const seen = [];
    for await (const one of ticks) {
      expect(one.symbol).toBe('EURUSD');
      if (one.seq >= 1_000) seen.push(one.seq);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1_000, 1_001, 1_002]);
  });

  it('gives every symbol when none is named', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData();
    await firstOf(gateway, ticks, ['XAUUSD']);
    await gateway.publishTick(tick('BTCUSD', 1));
    for await (const one of ticks) if (one.symbol === 'BTCUSD') break;
    expect(ticks.dropped).toBe(0);
  });

  it('frees its socket when the loop is left', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData({ symbols: ['EURUSD'] });
    await firstOf(gateway, ticks, ['EURUSD']);
    expect(gateway.tickSubscribers).toBe(1);
    await gateway.publishTick(tick('EURUSD', 99));
    for await (const one of ticks) if (one.seq > 0) break;
    await until(() => gateway.tickSubscribers === 0);
    expect(await ticks.next()).toEqual({ done: true, value: undefined });
  });

  it('opens no socket before the first next', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData();
    await sleep(60);
    expect(gateway.tickSubscribers).toBe(0);
    void ticks.next();
    await until(() => gateway.tickSubscribers === 1);
  });

  it('ends without an error on a signal, also on one that has fired before', async () => {
    const { gateway, client } = await setUp();
    const stop = new AbortController();
    const waiting = client.streamData({ signal: stop.signal }).next();
    await until(() => gateway.tickSubscribers === 1);
    stop.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await until(() => gateway.tickSubscribers === 0);
    expect(await client.events({ signal: stop.signal }).next()).toEqual({ done: true, value: undefined });
  });

  it('ends when the client is closed, and does not open after that', async () => {
    const { client } = await setUp();
    const waiting = client.streamData().next();
    const unopened = client.streamData();
    client.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await unopened.next()).toEqual({ done: true, value: undefined });
  });

  it('changes its symbols on the way', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData({ symbols: [] });
    ticks.subscribe('EURUSD');
    await firstOf(gateway, ticks, ['EURUSD']);
    ticks.subscribe('XAUUSD');
    ticks.unsubscribe('EURUSD', 'NEVER');
    await sleep(100);
    await gateway.publishTick(tick('EURUSD', 5_000));
    await gateway.publishTick(tick('XAUUSD', 5_001));
    for await (const one of ticks) {
      expect(one.seq).not.toBe(5_000);
      if (one.seq === 5_001) break;
    }
  });

  it('gives a slow consumer the newest and counts what it has lost', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData();
    await firstOf(gateway, ticks, ['EURUSD']);
    await sleep(50);
    const surplus = 500;
    for (let seq = 1; seq <= STREAM_CAPACITY + surplus; seq += 1) await gateway.publishTick(tick('NEW', seq));
    await until(() => ticks.dropped >= surplus);
    const seen: number[] = [];
    for await (const one of ticks) {
      if (one.symbol === 'NEW') seen.push(one.seq);
      if (one.seq === STREAM_CAPACITY + surplus) break;
    }
    expect(seen).toHaveLength(STREAM_CAPACITY);
    expect(seen[0]).toBe(surplus + 1);
    expect(ticks.dropped).toBeLessThanOrEqual(surplus + 60);
  });

  it('skips what it cannot read and counts it', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData();
    await firstOf(gateway, ticks, ['EURUSD']);
    await gateway.publishTick([1, 2]);
    await gateway.publishTick({ symbol: 5 });
    await gateway.publishTick(tick('LAST', 1));
    for await (const one of ticks) if (one.symbol === 'LAST') break;
    expect(ticks.unreadable).toBe(2);
  });

  it('answers several next calls in order', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData({ symbols: ['A'] });
    await firstOf(gateway, ticks, ['A']);
    await sleep(50);
    const both = Promise.all([ticks.next(), ticks.next(), ticks.next()]);
    for (let seq = 7_000; seq < 7_060; seq += 1) await gateway.publishTick(tick('A', seq));
    const order = (await both).map(({ value }) => value?.seq ?? 0);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(3);
  });

  it('finds a gateway that was restarted on the same port', async () => {
    const { gateway, client } = await setUp();
    const ticks = client.streamData({ symbols: ['EURUSD'] });
    await firstOf(gateway, ticks, ['EURUSD']);
    await gateway.shut();
    await gateway.open();
    expect(await firstOf(gateway, ticks, ['EURUSD'])).toMatchObject({ symbol: 'EURUSD' });
  });

  it('gives events by kind, tickets exactly', async () => {
    const { gateway, client } = await setUp();
    const events = client.events({ kinds: ['TRADE'] });
    let got: unknown = null;
    const next = events.next().then(({ value }) => (got = value));
    while (got === null) {
      await gateway.publishEvent('{"event":"TERMINAL","timestamp":1.5,"data":{}}');
      await gateway.publishEvent('{"event":"TRADE","timestamp":1.5,"data":{"ticket":9007199254740993}}');
      await Promise.race([next, sleep(10)]);
    }
    expect(got).toEqual({ event: 'TRADE', timestamp: 1.5, data: { ticket: 9007199254740993n } });
  });
});
