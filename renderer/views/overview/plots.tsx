import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { extremes, paceSeries } from './pace-series.ts';
import { type Line, Plot } from './plot.tsx';

/** p50 and p99 of the command channel, second by second. */
export function LatencyPlot() {
  const { t } = useTranslation();
  const format = useFormat();
  const { seconds, p50, p99, missing } = useSeries();
  const lines = useMemo<readonly Line[]>(
    () => [
      { name: t('overview.plot.p50'), values: p50, colour: '--fine' },
      { name: t('overview.plot.p99'), values: p99, colour: '--muted', isThin: true },
    ],
    [t, p50, p99],
  );
  const [most50, most99] = [extremes(p50), extremes(p99)];
  if (most50 === null || most99 === null) return <Empty title={t('overview.plot.latency')} />;
  const text = t('overview.plot.latencyText', {
    p50: format.number(most50.most, 2),
    p99: format.number(most99.most, 2),
    gaps: gapsInWords(missing, t),
  });
  return <Figure title={t('overview.plot.latency')} seconds={seconds} lines={lines} text={text} />;
}

/** Ticks of the data channel, second by second. */
export function TicksPlot() {
  const { t } = useTranslation();
  const format = useFormat();
  const { seconds, ticks, missing } = useSeries();
  const lines = useMemo<readonly Line[]>(
    () => [{ name: t('overview.plot.ticks'), values: ticks, colour: '--fine' }],
    [t, ticks],
  );
  const bounds = extremes(ticks);
  if (bounds === null) return <Empty title={t('overview.plot.ticks')} />;
  const text = t('overview.plot.ticksText', {
    least: format.number(bounds.least),
    most: format.number(bounds.most),
    gaps: gapsInWords(missing, t),
  });
  return <Figure title={t('overview.plot.ticks')} seconds={seconds} lines={lines} text={text} />;
}

function gapsInWords(count: number, t: TFunction): string {
  return count === 0 ? t('overview.plot.noGaps') : t('overview.plot.gaps', { count });
}

function useSeries() {
  const pace = useTopic('pace')?.value;
  return useMemo(() => paceSeries(pace ?? []), [pace]);
}

interface FigureProps {
  readonly title: string;
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  readonly text: string;
}

function Figure({ title, seconds, lines, text }: FigureProps) {
  const isHeard = useHearing() === 'up';
  return (
    <figure className="mt-3">
      <figcaption className="flex items-center gap-4 text-xs text-muted">
        <span className="font-medium">{title}</span>
        {lines.length > 1 ? lines.map((line) => <Key key={line.name} line={line} />) : null}
      </figcaption>
      <div className={isHeard ? '' : 'opacity-60 grayscale'}>
        <Plot seconds={seconds} lines={lines} text={text} />
      </div>
    </figure>
  );
}

function Key({ line }: { readonly line: Line }) {
  const stroke = line.isThin === true ? 'border-t border-muted' : 'border-t-2 border-fine';
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={`w-4 ${stroke}`} />
      {line.name}
    </span>
  );
}

function Empty({ title }: { readonly title: string }) {
  const { t } = useTranslation();
  return (
    <div className="mt-3 text-xs text-muted">
      <p className="font-medium">{title}</p>
      <p className="flex h-[150px] items-center">{t('overview.plot.empty')}</p>
    </div>
  );
}
