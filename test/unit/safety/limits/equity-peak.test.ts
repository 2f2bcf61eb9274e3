import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../main/log.ts';
import { EquityPeak } from '../../../../main/safety/limits/equity-peak.ts';
import { MemoryPeaks } from '../../../fakes/memory-peaks.ts';
import { settle } from '../../../fakes/simulated-clock.ts';

/** Peaks on a disk that answers when the test says so. */
class SlowPeaks extends MemoryPeaks {
  readonly waiting: (() => void)[] = [];

  override async write(account: string, peak: number): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    await super.write(account, peak);
  }
}

describe('EquityPeak', () => {
  it('is the highest equity, and that of the store where it is higher', async () => {
    const store = new MemoryPeaks();
    store.kept.set('a', 120);
    const peak = new EquityPeak({ store, log: silentLog });
    expect(await peak.with('a', 100)).toBe(120);
    expect(await peak.with('a', 130)).toBe(130);
    expect(await peak.with('a', 90)).toBe(130);
  });

  it('begins at the equity that was seen last after a restart, and keeps that', async () => {
    const store = new MemoryPeaks();
    const peak = new EquityPeak({ store, log: silentLog });
    await peak.with('a', 130);
    await peak.with('a', 100);
    peak.restart();
    expect(await peak.with('a', 90)).toBe(100);
    await settle();
    expect(store.kept.get('a')).toBe(100);
  });

  it('writes one peak at a time, and last the newest, however slow the disk is', async () => {
    const store = new SlowPeaks();
    const peak = new EquityPeak({ store, log: silentLog });
    for (const equity of [100, 110, 120]) await peak.with('a', equity);
    expect(store.waiting).toHaveLength(1);
    store.waiting.shift()?.();
    await settle();
    expect(store.waiting).toHaveLength(1);
    store.waiting.shift()?.();
    await settle();
    expect(store.waiting).toHaveLength(0);
    expect(store.kept.get('a')).toBe(120);
  });

  it('keeps what has risen when another account comes while the disk is busy', async () => {
    const store = new SlowPeaks();
    const peak = new EquityPeak({ store, log: silentLog });
    await peak.with('a', 100);
    await peak.with('b', 50);
    store.waiting.shift()?.();
    await settle();
    store.waiting.shift()?.();
    await settle();
    expect(Object.fromEntries(store.kept)).toEqual({ a: 100, b: 50 });
  });
});
