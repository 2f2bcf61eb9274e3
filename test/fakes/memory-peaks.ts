import type { PeakStore } from '../../main/safety/limits/equity-peak.ts';

/** Peaks that outlive the gateway under test, with faults to order. */
export class MemoryPeaks implements PeakStore {
  readonly kept = new Map<string, number>();
  /** The next reads or writes fail while it is set. */
  fault: string | null = null;

  read(account: string): Promise<number | null> {
    return this.fault === null
      ? Promise.resolve(this.kept.get(account) ?? null)
      : Promise.reject(new Error(this.fault));
  }

  write(account: string, peak: number): Promise<void> {
    if (this.fault !== null) return Promise.reject(new Error(this.fault));
    this.kept.set(account, peak);
    return Promise.resolve();
  }
}
