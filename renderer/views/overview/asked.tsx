import { useTranslation } from 'react-i18next';
import { useHearing } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { useNowMs } from '../../ui/clock.ts';
import { Status } from '../../ui/status.tsx';

/** What is asked of the terminal once a second, with why there is nothing newer. */
export interface Asked {
  readonly asked_ms_ago: number | null;
  readonly fault: string | null;
}

/** Whether it is of now: without a fault what has come is current, however long ago, since only a change is sent. */
export function useIsCurrent(asked: Asked | null): boolean {
  const isHeard = useHearing() === 'up';
  return isHeard && asked !== null && asked.fault === null && asked.asked_ms_ago !== null;
}

/** Says how old it is and why, where it is not of now; nothing where it is. */
export function AskedAge({ asked, receivedMs }: { readonly asked: Asked; readonly receivedMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nowMs = useNowMs();
  const isCurrent = useIsCurrent(asked);
  if (isCurrent) return null;
  const { asked_ms_ago: agoMs, fault } = asked;
  if (agoMs === null) {
    return <Status tone="unknown">{fault === null ? t('overview.waiting') : t('overview.notYet', { fault })}</Status>;
  }
  const age = format.age(agoMs + Math.max(0, nowMs - receivedMs));
  const text = fault === null ? t('overview.old', { age }) : t('overview.oldBecause', { age, fault });
  return <Status tone="stale">{text}</Status>;
}
