const DELAYS_MS = [250, 500, 1_000, 2_000, 5_000] as const;
const LONGEST_MS = 10_000;

/** How long to wait before the next try after `failures` failures in a row (1 or more), in milliseconds; never gives up. */
export function retryDelayMs(failures: number): number {
  return DELAYS_MS[Math.max(1, failures) - 1] ?? LONGEST_MS;
}
