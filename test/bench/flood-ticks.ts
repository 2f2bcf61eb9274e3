import type { Tick } from '../../main/mt5/market.ts';
import { sharedMs } from './worker-tasks.ts';

/** Symbols that the tick rows publish, all at the same rate. */
export const FLOOD_SYMBOLS = ['EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'];
/** Ticks of one turn of the event loop, as a terminal under load hands them over. */
const BATCH = 200;

/**
 * Publishes ticks, one batch a turn, until `ms` have passed or `limit` ticks are out: as fast as `publish` takes them, or
 * at `perSecond` where that is not 0.
 * Answers how many, and the process's memory (MB) after collecting garbage at the start, half way, and at the end.
 */
export async function floodTicks(
  ms: number,
  limit: number,
  perSecond: number,
  publish: (ticks: readonly Tick[]) => void,
) {
  const startMs = sharedMs();
  const memory = { startMb: settledMemoryMb(), middleMb: 0 };
  let published = 0;
  while (published < limit && sharedMs() < startMs + ms) {
    publish(batch(published));
    published += BATCH;
    if (memory.middleMb === 0 && published >= limit / 2) memory.middleMb = settledMemoryMb();
    const aheadMs = perSecond === 0 ? 0 : (published / perSecond) * 1000 - (sharedMs() - startMs);
    await new Promise((resolve) => (aheadMs < 1 ? setImmediate(resolve) : setTimeout(resolve, aheadMs)));
  }
  return { published, tookMs: sharedMs() - startMs, ...memory, endMb: settledMemoryMb() };
}

function batch(from: number): readonly Tick[] {
  const timeMsc = Date.now();
  return Array.from({ length: BATCH }, (_, index) => {
    const step = ((from + index) % 1000) / 1e5;
    const symbol = FLOOD_SYMBOLS[index % FLOOD_SYMBOLS.length]!;
    return { symbol, bid: 1.05123 + step, ask: 1.05125 + step, last: 0, volume: 1000, timeMsc, flags: 6 };
  });
}

function settledMemoryMb(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1024 / 1024;
}
