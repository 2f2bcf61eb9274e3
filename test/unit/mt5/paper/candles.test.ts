import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../../main/mt5/market.ts';
import { TIMEFRAMES, type Timeframe } from '../../../../main/protocol/payloads.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';

const MINUTE_MS = 60_000;

async function bars(rig: PaperRig, timeframe: Timeframe, count: number): Promise<readonly Candle[]> {
  return value(await rig.terminal.candles('EURUSD', timeframe, count));
}

describe('bars', () => {
  it.each(TIMEFRAMES)('of %s are there 500 at once, in order, each within its high and low', async (timeframe) => {
    const rig = await PaperRig.start({ ticksPerSecond: 4 });
    const found = await bars(rig, timeframe, 500);
    expect(found).toHaveLength(500);
    const lengthMs = found[1]!.openedAtMs - found[0]!.openedAtMs;
    for (const [at, bar] of found.entries()) {
      expect(bar.openedAtMs % lengthMs).toBe(0);
      expect(bar.openedAtMs).toBe(found[0]!.openedAtMs + at * lengthMs);
      expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
      expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
      expect(bar.tickVolume).toBeGreaterThan(0);
    }
  });

  it('older than the start are the same each time, and follow on each other', async () => {
    const rig = await PaperRig.start({ ticksPerSecond: 4 });
    const found = await bars(rig, 'M5', 200);
    await rig.clock.advance(5 * MINUTE_MS);
    const later = await bars(await rig.revive({ ticksPerSecond: 4 }), 'M5', 201);
    expect(later.slice(0, 199)).toEqual(found.slice(0, 199));
    for (const [at, bar] of found.slice(1, -1).entries()) expect(bar.open).toBe(found[at]!.close);
  });

  it('are built from the bids of the ticks', async () => {
    const rig = await PaperRig.start();
    await rig.clock.advance(MINUTE_MS);
    for (const [bid, ask] of [
      [1.2, 1.2003],
      [1.25, 1.2502],
      [1.15, 1.1505],
      [1.22, 1.2204],
    ] as const) {
      rig.quote('EURUSD', bid, ask);
      await rig.clock.advance(1_000);
    }
    const [bar] = await bars(rig, 'M1', 1);
    expect(bar).toEqual({
      ...{ openedAtMs: Math.floor(rig.clock.nowMs() / MINUTE_MS) * MINUTE_MS, open: 1.2, high: 1.25, low: 1.15 },
      ...{ close: 1.22, tickVolume: 4, spreadPoints: 20, realVolume: 0 },
    });
  });

  it('begin a new one with the first tick of their time, and give the newest last', async () => {
    const rig = await PaperRig.start();
    await rig.clock.advance(MINUTE_MS);
    rig.quote('EURUSD', 1.2, 1.2001);
    await rig.clock.advance(MINUTE_MS);
    rig.quote('EURUSD', 1.3, 1.3001);
    const [before, now] = await bars(rig, 'M1', 2);
    expect([before?.close, now?.open, now!.openedAtMs - before!.openedAtMs]).toEqual([1.2, 1.3, MINUTE_MS]);
  });

  it('stay in order when the clock is set back', async () => {
    const rig = await PaperRig.start();
    const [before] = await bars(rig, 'M1', 1);
    rig.clock.stepWall(-10 * MINUTE_MS);
    rig.quote('EURUSD', 1.2, 1.2001);
    expect(await bars(rig, 'M1', 1)).toMatchObject([{ openedAtMs: before?.openedAtMs, close: 1.2 }]);
  });

  it('that were handed out do not change with later ticks', async () => {
    const rig = await PaperRig.start();
    const [bar] = await bars(rig, 'M1', 1);
    const copy = { ...bar };
    rig.quote('EURUSD', 2, 2.1);
    expect(bar).toEqual(copy);
  });
});
