import { SIDES, type Figure, type Measured, type Side } from './row.ts';
import type { Spread } from './statistics.ts';
import { goalText, judge, ratio } from './verdict.ts';

/** How the sides are called in what people read. */
export const SIDE_NAMES: Readonly<Record<Side, string>> = { ours: 'ours', bare: 'bare zeromq.js', python: 'Python' };

const HEAD = ['row', 'figure', ...SIDES.map((side) => SIDE_NAMES[side]), '× bare', '× Python', 'to reach', ''];
const NUMBERS_FROM = 2;
const NUMBERS_TO = 6;

/** All figures as a table for people: medians, with min and max of the rounds in brackets. */
export function table(all: readonly Measured[]): string {
  const lines = [HEAD, ...all.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, column, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(measured: Measured, index: number, all: readonly Measured[]): readonly string[] {
  const { row, figure, values } = measured;
  const verdicts = judge(measured);
  return [
    all[index - 1]?.row === row ? '' : row,
    figure.title,
    ...SIDES.map((side) => spreadText(values[side], figure)),
    ...(['bare', 'python'] as const).map((side) => ratioText(ratio(measured, side))),
    verdicts
      .map(({ goal }) => (goal.kind === 'must' ? goalText(figure, goal) : `aim ${goalText(figure, goal)}`))
      .join(', '),
    verdicts.map(({ goal, reached }) => (reached ? 'ok' : goal.kind === 'must' ? 'MISSED' : 'below aim')).join(', '),
  ];
}

function pad(cell: string, column: number, width: number): string {
  return column >= NUMBERS_FROM && column <= NUMBERS_TO ? cell.padStart(width) : cell.padEnd(width);
}

function spreadText(spread: Spread | undefined, figure: Figure): string {
  if (spread === undefined) return '–';
  const median = `${numberText(spread.median)} ${Number.isFinite(spread.median) ? figure.unit : ''}`.trim();
  return spread.min === spread.max ? median : `${median} [${numberText(spread.min)}–${numberText(spread.max)}]`;
}

/** A number with three digits that matter, and thousands apart; Infinity is `never`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  const digits = Math.abs(value) >= 100 || value === 0 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function ratioText(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
