import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTopic } from '../api/api-context.tsx';
import { useNetworkWords } from '../networks/use-network-words.ts';
import { addressOf } from './route.ts';

/** In plain-network mode it stands in every view, also while the gateway is not heard, and cannot be put away. */
export function PlainWarning() {
  const { t } = useTranslation();
  const { networksText } = useNetworkWords();
  const network = useTopic('network')?.value;
  if (network?.security !== 'plain-network') return null;
  const networks = networksText(network.allow_from);
  return (
    <section
      aria-label={t('network.warning.label')}
      className="flex flex-wrap items-center justify-between gap-x-4 border-b border-stale bg-stale/15 px-4 py-1"
    >
      <p className="flex min-w-0 items-center gap-1.5 font-medium text-text">
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-stale" />
        <span className="min-w-0 wrap-anywhere">
          {networks === '' ? t('network.warning.nobody') : t('network.warning.text', { networks })}
        </span>
      </p>
      <a href={addressOf('settings', { group: 'network' })} className="underline underline-offset-2">
        {t('network.warning.settings')}
      </a>
    </section>
  );
}
