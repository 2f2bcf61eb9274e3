import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../preferences/format.ts';

/** Beyond this a brain's clock makes its commands look older or younger than they are. */
const WARNED_MS = 1_000;

/** How far a brain's clock is from the gateway's, with a warning where that matters. */
export function ClockOffset({ offsetMs }: { readonly offsetMs: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (offsetMs === null) return '–';
  const sizeMs = Math.abs(offsetMs);
  if (sizeMs <= WARNED_MS) return `${offsetMs < 0 ? '−' : '+'}${format.number(sizeMs)} ms`;
  const offset = `${format.number(sizeMs / 1_000, 1)} s`;
  const words = offsetMs > 0 ? t('brains.clockAhead', { offset }) : t('brains.clockBehind', { offset });
  return (
    <span className="inline-flex items-center gap-1.5 font-medium text-stale" title={t('brains.clockWarning')}>
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      {words}
      <span className="sr-only">{t('brains.clockWarning')}</span>
    </span>
  );
}
