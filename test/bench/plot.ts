import { SIDES, type Measured, type Side } from './row.ts';
import { SIDE_NAMES, numberText } from './table.ts';

const COLOURS: Readonly<Record<Side, string>> = { ours: '#2563eb', bare: '#94a3b8', python: '#f59e0b' };
const BAR_HEIGHT = 13;
const FIGURE_GAP = 12;
const LABEL_WIDTH = 400;
const BAR_WIDTH = 420;
const WIDTH = LABEL_WIDTH + BAR_WIDTH + 120;
const TOP = 56;

/** All figures as bars in SVG, each figure on a scale of its own. */
export function plot(all: readonly Measured[], title: string): string {
  let y = TOP;
  const groups = all.map((measured) => {
    const group = figureBars(measured, y);
    y += group.height + FIGURE_GAP;
    return group.svg;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="22" font-size="15" font-weight="600">${escaped(title)}</text>`,
    legend(),
    ...groups,
    '</svg>',
    '',
  ].join('\n');
}

function legend(): string {
  return SIDES.map((side, index) => {
    const x = 16 + index * 130;
    return `<rect x="${x}" y="32" width="10" height="10" fill="${COLOURS[side]}"/><text x="${x + 15}" y="41">${SIDE_NAMES[side]}</text>`;
  }).join('');
}

function figureBars({ row, figure, values }: Measured, top: number): { readonly svg: string; readonly height: number } {
  const sides = SIDES.filter((side) => values[side] !== undefined);
  const largest = Math.max(...sides.map((side) => values[side]!.median).filter(Number.isFinite), 0);
  const bars = sides.map((side, index) => {
    const value = values[side]!.median;
    const y = top + index * BAR_HEIGHT;
    const width = Number.isFinite(value) && largest > 0 ? Math.max(1, (value / largest) * BAR_WIDTH) : 1;
    const label = `${numberText(value)} ${Number.isFinite(value) ? figure.unit : ''}`.trim();
    return `<rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 3}" fill="${COLOURS[side]}"/><text x="${(LABEL_WIDTH + width + 5).toFixed(1)}" y="${y + 9}">${label}</text>`;
  });
  const better = figure.better === 'lower' ? 'less is better' : 'more is better';
  const name = `<text x="${LABEL_WIDTH - 10}" y="${top + 9}" text-anchor="end">${escaped(`${row}: ${figure.title}`)}</text>`;
  const note = `<text x="${LABEL_WIDTH - 10}" y="${top + 9 + BAR_HEIGHT}" text-anchor="end" fill="#64748b" font-size="9">${better}</text>`;
  return { svg: [name, note, ...bars].join(''), height: Math.max(2, sides.length) * BAR_HEIGHT };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
