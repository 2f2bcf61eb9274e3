import type { TopicValue } from '../../../main/control/contract.ts';

/** The plots show the last five minutes. */
export const PLOT_SECONDS = 300;

type Values = readonly (number | null)[];

/** The pace second by second without a hole in time: what is missing is null, and drawn as a gap. */
export interface PaceSeries {
  /** Unix seconds. */
  readonly seconds: readonly number[];
  readonly p50: Values;
  readonly p99: Values;
  readonly ticks: Values;
  /** Seconds of which nothing is known, since the first that is. */
  readonly missing: number;
}

/** Five minutes that end with the newest second; empty without any. */
export function paceSeries(pace: TopicValue<'pace'>): PaceSeries {
  const newest = pace.at(-1);
  if (newest === undefined) return { seconds: [], p50: [], p99: [], ticks: [], missing: 0 };
  const last = secondOf(newest);
  const known = new Map(pace.map((second) => [secondOf(second), second]));
  const seconds = Array.from({ length: PLOT_SECONDS }, (_, at) => last - PLOT_SECONDS + 1 + at);
  const first = Math.min(...known.keys());
  return {
    seconds,
    p50: seconds.map((second) => known.get(second)?.p50_ms ?? null),
    p99: seconds.map((second) => known.get(second)?.p99_ms ?? null),
    ticks: seconds.map((second) => known.get(second)?.ticks ?? null),
    missing: seconds.filter((second) => second >= first && !known.has(second)).length,
  };
}

/** The least and the most of what is known; null where nothing is. */
export function extremes(values: Values): { readonly least: number; readonly most: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { least: Math.min(...known), most: Math.max(...known) };
}

function secondOf({ at_ms: atMs }: { readonly at_ms: number }): number {
  return Math.floor(atMs / 1_000);
}
