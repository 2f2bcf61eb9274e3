import { useTranslation } from 'react-i18next';
import type { StateView } from '../../main/control/contract.ts';
import { useFormat } from '../preferences/format.ts';
import { causesInOrder } from './mode-view.ts';

/** Who stopped trading, why and when; what is the mode's own reason first. */
export function Causes({ state }: { readonly state: StateView }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-0.5">
      {causesInOrder(state).map((cause) => (
        <li key={`${cause.kind} ${cause.actor} ${cause.at_ms}`} className="flex flex-wrap items-baseline gap-x-3">
          <span className="wrap-anywhere">{t('kill.banner.cause', { actor: cause.actor, reason: cause.reason })}</span>
          <span title={format.time(cause.at_ms)} className="text-xs text-muted">
            {t('kill.banner.since', { time: format.clock(cause.at_ms) })}
          </span>
          {cause.standing ? (
            <span className="rounded border border-control-line px-1 text-xs font-medium">
              {t('kill.banner.stands')}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
