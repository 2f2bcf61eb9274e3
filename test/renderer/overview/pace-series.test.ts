import { expect, it } from 'vitest';
import { extremes, paceSeries, PLOT_SECONDS } from '../../../renderer/views/overview/pace-series.ts';
import { spreadPoints } from '../../../renderer/views/overview/spread-points.ts';
import { NOW_MS, ordinaryDay } from '../values.ts';

const secondAt = (ago: number, ticks: number) => ({
  at_ms: NOW_MS - ago * 1_000,
  requests: 1,
  rejects: 0,
  ticks,
  p50_ms: null,
  p99_ms: null,
});

it('puts null where a second is missing, so that the plot has a gap there', () => {
  const { ticks, missing } = paceSeries([secondAt(5, 7), secondAt(4, 8), secondAt(1, 9)]);
  expect(ticks.slice(-5)).toEqual([7, 8, null, null, 9]);
  expect(missing).toBe(2);
});

it('is five minutes long, second by second, whatever is known of them', () => {
  const { seconds, p50, p99, ticks } = paceSeries(ordinaryDay.pace);
  expect([seconds.length, p50.length, p99.length, ticks.length]).toEqual(Array(4).fill(PLOT_SECONDS));
  expect(seconds.every((second, at) => at === 0 || second - seconds[at - 1]! === 1)).toBe(true);
  expect(seconds.at(-1)).toBe(Math.floor(ordinaryDay.pace.at(-1)!.at_ms / 1_000));
});

it('leaves out what is older than five minutes', () => {
  expect(extremes(paceSeries([secondAt(PLOT_SECONDS, 1_000), secondAt(0, 3)]).ticks)).toEqual({ least: 3, most: 3 });
});

it('is empty where nothing was measured', () => {
  expect(paceSeries([]).seconds).toEqual([]);
  expect(extremes([null, null])).toBeNull();
});

it.each([
  [1.08454, 1.08461, 5, 7],
  [2_411.1, 2_411.3, 2, 20],
  [0.1, 0.3, 1, 2],
  [150.001, 150.001, 3, 0],
])('gives the spread of %d and %d in whole points', (bid, ask, digits, points) => {
  expect(spreadPoints(bid, ask, digits)).toBe(points);
});
