import { useTranslation } from 'react-i18next';
import { en } from '../../../main/control/text/en/index.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { addressOf } from '../../shell/route.ts';

type Why = keyof typeof en.network.refused.whys;

const isKnown = (why: string): why is Why => Object.hasOwn(en.network.refused.whys, why);

/** How many were not let in since the start, and why; nothing at all where there were none. */
export function RefusedConnections() {
  const { t } = useTranslation();
  const format = useFormat();
  const refused = Object.entries(useTopic('network')?.value.refused ?? {}).toSorted(([, a], [, b]) => b - a);
  const count = refused.reduce((sum, [, times]) => sum + times, 0);
  if (count === 0) return null;
  const whys = refused.map(([why, times]) =>
    t('network.refused.why', {
      why: isKnown(why) ? t(`network.refused.whys.${why}`) : why,
      times: format.number(times),
    }),
  );
  return (
    <p className="flex flex-wrap gap-x-3 text-muted">
      <span>
        {t('network.refused.total', { count })} ({whys.join(t('network.separator'))})
      </span>
      <a href={addressOf('audit', { q: 'type:CONNECTION_REFUSED' })} className="underline underline-offset-2">
        {t('network.refused.show')}
      </a>
    </p>
  );
}
