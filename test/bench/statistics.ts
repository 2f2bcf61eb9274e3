/** The middle value; the mean of the two middle ones of an even count. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Nearest-rank percentile: the smallest value that at least `percent` (above 0, up to 100) of all do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`not a percentile: ${percent}`);
  const sorted = ascending(values);
  // 99.9 % of 1,000 must be the 999th, although 99.9 / 100 × 1,000 is a hair above 999.
  return sorted[Math.ceil((percent * sorted.length) / 100 - 1e-9) - 1]!;
}

/** What several rounds of one measurement came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** Sums rounds up. Infinity stands for what never happened, and sorts last. */
export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: median(sorted), min: sorted[0]!, max: sorted.at(-1)!, rounds: sorted.length };
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new RangeError('no values');
  if (values.some(Number.isNaN)) throw new RangeError('a value is not a number');
  return values.toSorted((a, b) => a - b);
}
