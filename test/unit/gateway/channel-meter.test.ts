import { describe, expect, it } from 'vitest';
import { ChannelMeter } from '../../../main/gateway/channel-meter.ts';
import { LatencyHistogram } from '../../../main/gateway/latency-histogram.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const NOON_MS = Date.UTC(2026, 0, 5, 12);

function meterAt(startMs = NOON_MS) {
  const clock = new SimulatedClock(startMs);
  const meter = new ChannelMeter(clock);
  const published = { ticks: 0 };
  meter.start(() => published.ticks);
  const request = async (latencyMs: number) => {
    const receivedMonoMs = meter.received();
    await clock.advance(latencyMs);
    meter.replied(receivedMonoMs);
  };
  return { clock, meter, published, request };
}

describe('a latency histogram', () => {
  it('says nothing before it has counted', () => {
    expect(new LatencyHistogram().quantileMs(0.5)).toBeNull();
  });

  it.each([0.02, 0.3, 1, 7, 42, 999, 60_000])('gives %d ms back within a tenth', (latencyMs) => {
    const histogram = new LatencyHistogram();
    histogram.add(latencyMs);
    const back = histogram.quantileMs(0.99) ?? 0;
    expect(Math.abs(back - latencyMs) / latencyMs).toBeLessThan(0.1);
  });

  it('tells the middle from the tail', () => {
    const histogram = new LatencyHistogram();
    for (let n = 0; n < 985; n += 1) histogram.add(1);
    for (let n = 0; n < 15; n += 1) histogram.add(500);
    expect(histogram.quantileMs(0.5)).toBeCloseTo(1, 0);
    expect(histogram.quantileMs(0.99)).toBeGreaterThan(450);
  });

  it('counts what took no longer than a limit, and sums all of it', () => {
    const histogram = new LatencyHistogram();
    for (const latencyMs of [0.2, 0.7, 40, 3_000]) histogram.add(latencyMs);
    expect([0.1, 0.5, 1, 100, 10_000].map((limitMs) => histogram.countWithin(limitMs))).toEqual([0, 1, 2, 3, 4]);
    expect(histogram.count).toBe(4);
    expect(histogram.sumMs).toBeCloseTo(3_040.9, 9);
  });

  it('takes what no latency should be: nothing, the negative, the endless', () => {
    const histogram = new LatencyHistogram();
    for (const odd of [0, -1, Number.NaN, Infinity, 1e12]) histogram.add(odd);
    expect(histogram.quantileMs(0.01)).toBeLessThan(0.011);
    expect(histogram.quantileMs(1)).toBeGreaterThan(500_000);
  });
});

describe('the meter of the channels', () => {
  it('has a second for every second, with its requests, rejects, ticks and latencies', async () => {
    const { clock, meter, published, request } = meterAt();
    await request(20);
    meter.rejected('MALFORMED');
    published.ticks = 7;
    await clock.advance(2_980);
    const counts = meter.pace().map(({ atMs, requests, rejects, ticks }) => [atMs, requests, rejects, ticks]);
    expect(counts).toEqual([
      [NOON_MS, 1, 1, 7],
      [NOON_MS + 1_000, 0, 0, 0],
      [NOON_MS + 2_000, 0, 0, 0],
    ]);
    expect(meter.pace()[0]?.p99Ms).toBeCloseTo(20, -0.5);
    expect(meter.pace()[1]).toMatchObject({ p50Ms: null, p99Ms: null });
  });

  it('cuts at whole seconds, wherever it begins', async () => {
    const { clock, meter } = meterAt(NOON_MS + 700);
    await clock.advance(5_000);
    for (const { atMs } of meter.pace()) expect(atMs % 1_000).toBe(0);
    expect(meter.pace().at(-1)?.atMs).toBe(NOON_MS + 4_000);
  });

  it('keeps 300 seconds, however long it runs', async () => {
    const { clock, meter } = meterAt();
    await clock.advance(400_000);
    expect(meter.pace()).toHaveLength(300);
    expect(meter.pace().at(-1)?.atMs).toBe(NOON_MS + 399_000);
  });

  it('forgets latencies after five minutes, and the counts never', async () => {
    const { clock, meter, request } = meterAt();
    await request(200);
    await clock.advance(290_000);
    expect(meter.command().p99Ms).toBeCloseTo(200, -1.5);
    await clock.advance(20_000);
    expect(meter.command()).toMatchObject({ requests: 1, p50Ms: null, p99Ms: null });
  });

  it('leaves a gap where the gateway slept', async () => {
    const { clock, meter } = meterAt();
    await clock.advance(2_000);
    clock.sleep(10_000);
    await clock.advance(2_000);
    const times = meter.pace().map(({ atMs }) => (atMs - NOON_MS) / 1_000);
    expect(times).toEqual([0, 1, 12, 13]);
  });

  it('goes on in order where the clock is set back', async () => {
    const { clock, meter } = meterAt();
    await clock.advance(20_000);
    clock.stepWall(-10_000);
    await clock.advance(2_000);
    const times = meter.pace().map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(times.at(-1)).toBe(NOON_MS + 11_000);
  });

  it('tells refusals by the trading state from the others', () => {
    const { meter } = meterAt();
    for (const code of ['KILL_SWITCH_ENGAGED', 'TRADING_SUSPENDED', 'REDUCE_ONLY', 'STALE', 'BUSY'] as const) {
      meter.rejected(code);
    }
    expect(meter.command().rejects).toBe(5);
    expect(meter.refusedByState).toBe(3);
  });

  it('knows when the last request and the last tick were', async () => {
    const { clock, meter, published, request } = meterAt();
    expect(meter.command().lastRequestMonoMs).toBeNull();
    expect(meter.lastTickMonoMs).toBeNull();
    await clock.advance(500);
    await request(0);
    published.ticks = 1;
    await clock.advance(5_000);
    expect(meter.command().lastRequestMonoMs).toBe(500);
    expect(meter.lastTickMonoMs).toBe(1_000);
  });

  it('stands still once it is stopped', async () => {
    const { clock, meter } = meterAt();
    await clock.advance(1_000);
    meter.stop();
    await clock.advance(5_000);
    expect(meter.pace()).toHaveLength(1);
  });
});
