import { describe, expect, it } from 'vitest';
import { less, times } from '../../bench/figures.ts';
import { plot } from '../../bench/plot.ts';
import type { Measured } from '../../bench/row.ts';
import { spread } from '../../bench/statistics.ts';
import { numberText, table } from '../../bench/table.ts';

const figure = less('ms', 'answer <again>', 'ms', times('must', 1.3, 'bare'));
const measured: Measured = {
  row: 'reconnection',
  figure,
  values: { ours: spread([15, 20, 25]), bare: spread([10, 10, 10]), python: spread([Infinity, Infinity]) },
};

describe('the table', () => {
  it('has medians with their range, ratios, the goal and whether it was reached', () => {
    const [, line] = table([measured]).split('\n');
    expect(line).toContain('20.0 ms [15.0–25.0]');
    expect(line).toMatch(/10\.0 ms +never/);
    expect(line).toMatch(/2\.00 +– +≤ 1\.3 × bare +MISSED$/);
  });

  it('says a row once for all its figures', () => {
    const lines = table([measured, measured]).split('\n');
    expect(lines[1]).toMatch(/^reconnection/);
    expect(lines[2]).not.toContain('reconnection');
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.123, '0.12'],
    [12.34, '12.3'],
    [1234567, '1,234,567'],
    [Infinity, 'never'],
  ])('%d is written %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('the plot', () => {
  const svg = plot([measured], 'A & B');

  it('has a bar a side, the longest for the largest, and none of a length that cannot be drawn', () => {
    const widths = [...svg.matchAll(/width="([\d.]+)" height="10" fill="#(?:2563eb|94a3b8|f59e0b)"\/>/g)];
    expect(widths.slice(3).map(([, width]) => Number(width))).toEqual([420, 210, 1]);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('escapes what would be markup', () => {
    expect(svg).toContain('answer &lt;again&gt;');
    expect(svg).toContain('A &amp; B');
  });
});
