import { useTranslation } from 'react-i18next';
import { useFormat } from '../../preferences/format.ts';
import { useSinceMs } from '../../ui/clock.ts';

/** How long ago that was, ticking; the time itself on hovering. */
export function LastSeen({ atMs }: { readonly atMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <time title={format.time(atMs)}>{t('shell.ago', { age: format.age(useSinceMs(atMs)) })}</time>;
}
