import type { PowerMonitor } from 'electron';
import type { Clock } from '../clock.ts';

/** Passes on how long the machine has slept, measured by wall time: it is the one clock that counts sleep everywhere. */
export function watchSleep(
  power: Pick<PowerMonitor, 'on'>,
  clock: Pick<Clock, 'nowMs'>,
  slept: (asleepMs: number) => void,
): void {
  let fellAsleepMs: number | null = null;
  power.on('suspend', () => {
    fellAsleepMs = clock.nowMs();
  });
  power.on('resume', () => {
    // Without a word of its beginning, it is the longest sleep there is.
    slept(fellAsleepMs === null ? Infinity : clock.nowMs() - fellAsleepMs);
    fellAsleepMs = null;
  });
}
