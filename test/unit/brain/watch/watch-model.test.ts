import { describe, expect, it } from 'vitest';
import { livePosition } from '../../../../main/brain/watch/live-position.ts';
import { WatchModel } from '../../../../main/brain/watch/watch-model.ts';

const alive = { status: 'alive', service: 'MT5 Gateway', mode: 'TRADING' };
const buy = {
  ...{ ticket: 7, symbol: 'EURUSD', type: 'BUY' as const, volume: 0.1, open_price: 1.05, current_price: 1.051 },
  profit: 10,
};
const spec = {
  ...{ symbol: 'EURUSD', description: '', digits: 5, point: 0.00001, trade_contract_size: 100_000, volume_min: 0.01 },
  ...{ volume_max: 100, volume_step: 0.01, trade_stops_level: 10, trade_mode: 'FULL' },
  ...{ trade_tick_size: 0.00001, trade_tick_value: 1 },
};
const tick = (bid: number, symbol = 'EURUSD') => ({
  ...{ symbol, bid, ask: bid + 0.0001, timestamp: 0, time_msc: 0, last: 0, volume: 0, flags: 6, seq: 1 },
});

describe('a position at a newer quote', () => {
  it.each([
    ['BUY', { bid: 1.052, ask: 1.0521 }, 10, 20, 1.052],
    ['SELL', { bid: 1.052, ask: 1.0521 }, -11, -1, 1.0521],
  ] as const)(
    '%s moves its profit by what the price at which it closes has moved',
    (type, quote, moved, profit, now) => {
      const shown = livePosition({ ...buy, type }, quote, spec);
      expect(shown.moved).toBeCloseTo(moved, 6);
      expect(shown.profit).toBeCloseTo(profit, 6);
      expect(shown.current_price).toBe(now);
    },
  );

  it('stays as the gateway said without a quote or a value of a tick', () => {
    expect(livePosition(buy, null, spec)).toEqual({ ...buy, moved: 0 });
    expect(livePosition(buy, { bid: 2, ask: 2 }, null)).toEqual({ ...buy, moved: 0 });
    expect(livePosition(buy, { bid: 2, ask: 2 }, { ...spec, trade_tick_size: 0 })).toEqual({ ...buy, moved: 0 });
  });
});

describe('what the live view has heard', () => {
  it('is live while answers come, and lost 1.5 s after the last', () => {
    const model = new WatchModel('h:1', [], 1_000);
    expect(model.state(3_000).link).toEqual({ kind: 'connecting', forMs: 2_000 });
    model.answered(alive, 3_000);
    expect(model.state(4_500).link).toEqual({ kind: 'live', heartbeat: alive });
    expect(model.state(4_600).link).toEqual({ kind: 'lost', silentMs: 1_600, heartbeat: alive });
    model.answered(alive, 5_000);
    expect(model.state(5_000).link.kind).toBe('live');
  });

  it('uses a quote for a profit only where it is newer than the position', () => {
    const model = new WatchModel('h:1', [], 0);
    model.tookSpec(spec);
    model.tick(tick(1.06), 900);
    model.tookPositions({ ok: true, data: [buy], monoMs: 1_000 });
    expect(model.state(1_100).positions).toMatchObject({ data: [{ profit: 10, moved: 0 }], ageMs: 100 });
    model.tick(tick(1.052), 1_050);
    expect(model.state(1_100).positions).toMatchObject({ data: [{ current_price: 1.052 }] });
  });

  it('shows the quotes of named symbols and of those with positions, once each', () => {
    const model = new WatchModel('h:1', ['XAUUSD', 'EURUSD'], 0);
    model.tookPositions({ ok: true, data: [buy, { ...buy, symbol: 'GBPUSD' }], monoMs: 0 });
    expect(model.symbols).toEqual(['XAUUSD', 'EURUSD', 'GBPUSD']);
    model.askedQuote({ ...tick(5, 'XAUUSD') });
    model.tick(tick(1.05), 100);
    model.askedQuote({ ...tick(9) });
    expect(model.hasTicks).toBe(false);
    expect(model.state(400).quotes).toMatchObject([
      { symbol: 'XAUUSD', bid: 5, ageMs: null },
      { symbol: 'EURUSD', bid: 1.05, ageMs: 300 },
    ]);
    for (const symbol of ['XAUUSD', 'GBPUSD']) model.tick(tick(1, symbol), 500);
    expect(model.hasTicks).toBe(true);
  });

  it('keeps the newest 200 events, the newest first, and the reason of a refusal', () => {
    const model = new WatchModel('h:1', [], 0);
    for (let n = 0; n < 250; n += 1) model.happened({ event: 'TRADE', timestamp: n, data: {} });
    const { events } = model.state(0);
    expect(events).toHaveLength(200);
    expect(events[0]?.timestamp).toBe(249);
    model.tookOrders({ ok: false, message: 'no link' });
    expect(model.state(0).orders).toEqual({ kind: 'refused', message: 'no link' });
  });
});
