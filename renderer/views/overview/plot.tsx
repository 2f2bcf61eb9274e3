import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Format } from '../../preferences/format.ts';
import { useFormat } from '../../preferences/format.ts';

const HEIGHT_PX = 150;
const AXIS_WIDTH_PX = 44;

/** A line of a plot; lines differ in their width as well as in colour. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: '--fine' | '--muted';
  readonly isThin?: boolean;
}

interface Props {
  /** Unix seconds. */
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  /** What the plot shows, in a sentence. */
  readonly text: string;
}

/** Lines over time, with a gap where a value is null. Follows its box in width, and the theme. */
export function Plot({ seconds, lines, text }: Props) {
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useMemo<uPlot.AlignedData>(
    () => [[...seconds], ...lines.map(({ values }) => [...values])],
    [seconds, lines],
  );
  const open = useEffectEvent((target: HTMLElement, width: number) => {
    plot.current = new uPlot(options(lines, width, format), data, target);
  });
  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    const fit = () => {
      const width = target.clientWidth;
      if (width === 0) return;
      if (plot.current === null) open(target, width);
      else plot.current.setSize({ width, height: HEIGHT_PX });
    };
    const size = new ResizeObserver(fit);
    size.observe(target);
    // Colours alone: uPlot's full redraw of a plot that has not been drawn yet takes its scale of time away.
    const theme = new MutationObserver(() => plot.current?.redraw(false));
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    fit();
    return () => {
      size.disconnect();
      theme.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [format]);
  useEffect(() => plot.current?.setData(data), [data]);
  return <div ref={box} role="img" aria-label={text} className="h-[150px] min-w-0 overflow-hidden" />;
}

function options(lines: readonly Line[], width: number, format: Format): uPlot.Options {
  const axis = { stroke: () => colour('--muted'), font: '11px system-ui', ticks: { show: false } };
  const grid = { stroke: () => colour('--line'), width: 1 };
  return {
    width,
    height: HEIGHT_PX,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        space: 38,
        incrs: [60],
        values: (_plot, at) => at.map((second) => format.clock(second * 1_000).slice(0, 5)),
      },
      {
        ...axis,
        grid,
        size: AXIS_WIDTH_PX,
        space: 30,
        values: (_plot, at) => at.map((value) => format.number(value, decimalsFor(at))),
      },
    ],
    series: [
      {},
      ...lines.map(({ colour: token, isThin = false }) => ({
        stroke: () => colour(token),
        width: isThin ? 1 : 2,
        spanGaps: false,
        points: { show: false },
      })),
    ],
  };
}

function decimalsFor(at: readonly number[]): number {
  return at.every((value) => Number.isInteger(value)) ? 0 : 1;
}

function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token);
}
