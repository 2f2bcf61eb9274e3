import { describe, expect, it } from 'vitest';
import type { Tick } from '../../../../main/mt5/market.ts';
import type { PaperOptions } from '../../../../main/mt5/paper/paper-options.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const SYMBOLS = ['EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'];
const MOVING = { ticksPerSecond: 4 };

/** Ticks of some seconds, in the batches in which they came. */
async function record(seconds: number, options: Partial<PaperOptions> = {}, startMs?: number) {
  const clock = new SimulatedClock(startMs);
  const rig = await PaperRig.start({ ...MOVING, ...options }, temporaryFolder(), clock);
  const batches: (readonly Tick[])[] = [];
  rig.terminal.subscribe(new Set(SYMBOLS));
  rig.terminal.onTicks((ticks) => batches.push(ticks));
  await clock.advance(seconds * 1_000);
  return { rig, batches, ticks: batches.flat() };
}

describe('prices that move by themselves', () => {
  it('are there for every symbol from the start on', async () => {
    const rig = await PaperRig.start(MOVING);
    for (const symbol of SYMBOLS) {
      const { bid, ask } = value(await rig.terminal.tick(symbol));
      expect(bid).toBeGreaterThan(0);
      expect(ask).toBeGreaterThan(bid);
    }
  });

  it('are the same for the same seed and clock', async () => {
    const { ticks } = await record(20);
    expect((await record(20)).ticks).toEqual(ticks);
    expect(ticks.length).toBeGreaterThan(200);
  });

  it('are others for another seed', async () => {
    const prices = async (seed: number) => (await record(5, { seed })).ticks.map(({ bid }) => bid);
    expect(await prices(2)).not.toEqual(await prices(1));
  });

  it('go on after a restart where they were', async () => {
    const { rig } = await record(30);
    const before = value(await rig.terminal.tick('EURUSD'));
    await rig.terminal.stop();
    await rig.clock.advance(100);
    const after = value(await (await rig.revive(MOVING)).terminal.tick('EURUSD'));
    expect(Math.abs(after.bid - before.bid)).toBeLessThan(0.0005);
  });

  it('come about as often as they are asked for, for each symbol', async () => {
    const { ticks } = await record(60, { ticksPerSecond: 10 });
    for (const symbol of SYMBOLS) {
      const count = ticks.filter((tick) => tick.symbol === symbol).length;
      expect(count).toBeGreaterThan(550);
      expect(count).toBeLessThan(650);
    }
  });

  it('come in batches of what fell into one turn, with whole milliseconds, never with timers below one', async () => {
    const { batches } = await record(1, { ticksPerSecond: 5_000 });
    expect(batches.length).toBeLessThanOrEqual(1_000);
    const ticks = batches.flat();
    expect(ticks.length).toBeGreaterThan(20_000);
    expect(ticks.filter(({ timeMsc }) => !Number.isInteger(timeMsc))).toEqual([]);
  });

  it('always change, have the digits of their symbol, and say which side moved', async () => {
    const { ticks } = await record(30);
    const last = new Map<string, Tick>();
    const digits: Record<string, number> = { EURUSD: 5, GBPUSD: 5, USDJPY: 3, XAUUSD: 2, BTCUSD: 2 };
    for (const tick of ticks) {
      const before = last.get(tick.symbol);
      last.set(tick.symbol, tick);
      expect(tick.bid).toBe(Number(tick.bid.toFixed(digits[tick.symbol])));
      expect(tick.ask).toBe(Number(tick.ask.toFixed(digits[tick.symbol])));
      if (before === undefined) continue;
      const flags = (tick.bid === before.bid ? 0 : 2) + (tick.ask === before.ask ? 0 : 4);
      expect(tick.flags).toBe(flags);
      expect(flags).toBeGreaterThan(0);
    }
  });

  it('move as much as the market does: a day of EURUSD spans some tenths of a percent', async () => {
    const { rig } = await record(1);
    const days = value(await rig.terminal.candles('EURUSD', 'D1', 100));
    const span = days.map(({ high, low }) => high / low - 1).reduce((sum, move) => sum + move) / days.length;
    expect(span).toBeGreaterThan(0.002);
    expect(span).toBeLessThan(0.02);
  });

  it('pause with the market of their symbol', async () => {
    const { ticks } = await record(5, { faults: { closedMarkets: ['EURUSD'] } });
    expect(ticks.some(({ symbol }) => symbol === 'GBPUSD')).toBe(true);
    expect(ticks.some(({ symbol }) => symbol === 'EURUSD')).toBe(false);
  });

  it('end with the terminal', async () => {
    const { rig, batches } = await record(1);
    await rig.terminal.stop();
    const before = batches.length;
    await rig.clock.advance(5_000);
    expect(batches).toHaveLength(before);
  });
});
