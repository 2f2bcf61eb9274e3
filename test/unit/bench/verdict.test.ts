import { describe, expect, it } from 'vitest';
import { fixed, less, more, noWorseThanPython, times } from '../../bench/figures.ts';
import type { Figure, Measured, Side } from '../../bench/row.ts';
import { spread } from '../../bench/statistics.ts';
import { goalText, judge, missed, ratio } from '../../bench/verdict.ts';

const measured = (figure: Figure, values: Partial<Record<Side, number[]>>): Measured => ({
  row: 'row',
  figure,
  values: Object.fromEntries(Object.entries(values).map(([side, rounds]) => [side, spread(rounds)])),
});

describe('a verdict', () => {
  it('compares medians, so that one slow round does not decide', () => {
    const latency = less('p50', 'p50', 'µs', times('must', 1.3, 'bare'));
    expect(judge(measured(latency, { ours: [120, 121, 900], bare: [100, 100, 100] }))).toMatchObject([
      { limit: 130, reached: true },
    ]);
  });

  it('asks less of a figure of which less is better, and more of the other kind', () => {
    const latency = less('ms', 'latency', 'ms', noWorseThanPython);
    const rate = more('rate', 'rate', '/s', noWorseThanPython);
    expect(judge(measured(latency, { ours: [3], python: [2] }))[0]).toMatchObject({ reached: false });
    expect(judge(measured(latency, { ours: [2], python: [3] }))[0]).toMatchObject({ reached: true });
    expect(judge(measured(rate, { ours: [3], python: [2] }))[0]).toMatchObject({ reached: true });
    expect(judge(measured(rate, { ours: [2], python: [3] }))[0]).toMatchObject({ reached: false });
  });

  it('counts as reached what is exactly as good', () => {
    expect(judge(measured(less('lost', 'lost', '%', fixed('must', 0)), { ours: [0] }))[0]).toMatchObject({
      reached: true,
    });
  });

  it('takes any answer as better than one that never came', () => {
    const figure = less('ms', 'reconnection', 'ms', noWorseThanPython);
    expect(judge(measured(figure, { ours: [40], python: [Infinity] }))[0]).toMatchObject({ reached: true });
    expect(judge(measured(figure, { ours: [Infinity], python: [40] }))[0]).toMatchObject({ reached: false });
  });

  it('is not given against a side that was not measured', () => {
    expect(judge(measured(less('p50', 'p50', 'µs', noWorseThanPython), { ours: [100] }))).toEqual([]);
  });
});

describe('what was missed', () => {
  it('names row, figure and goal of a must, and leaves aims out', () => {
    const rate = more('rate', '8 clients', '/s', noWorseThanPython, times('aim', 2, 'python'));
    expect(missed([measured(rate, { ours: [150], python: [100] })])).toEqual([]);
    expect(missed([measured(rate, { ours: [90], python: [100] })])).toEqual(['row, 8 clients: ≥ python']);
  });

  it('names a fixed goal with its unit', () => {
    const memory = less('idle', 'client, idle', 'MB', fixed('must', 50));
    expect(missed([measured(memory, { ours: [50.1] })])).toEqual(['row, client, idle: ≤ 50 MB']);
  });
});

describe('ratio', () => {
  const figure = less('p50', 'p50', 'µs');

  it('is ours as a multiple of the other side', () => {
    expect(ratio(measured(figure, { ours: [150], bare: [100] }), 'bare')).toBe(1.5);
  });

  it('is none where a side is missing, or is nought or never', () => {
    expect(ratio(measured(figure, { ours: [150] }), 'bare')).toBeNull();
    expect(ratio(measured(figure, { bare: [150] }), 'bare')).toBeNull();
    expect(ratio(measured(figure, { ours: [150], bare: [0] }), 'bare')).toBeNull();
    expect(ratio(measured(figure, { ours: [150], python: [Infinity] }), 'python')).toBeNull();
  });
});

describe('a goal in words', () => {
  it('says what it is compared with', () => {
    const figure = less('p50', 'p50', 'ms');
    expect(goalText(figure, times('must', 1.3, 'bare'))).toBe('≤ 1.3 × bare');
    expect(goalText(figure, fixed('aim', 5))).toBe('≤ 5 ms');
    expect(goalText(more('rate', 'rate', '/s'), noWorseThanPython)).toBe('≥ python');
  });
});
