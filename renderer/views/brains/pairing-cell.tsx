import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useFormat } from '../../preferences/format.ts';
import { useWallMs } from '../../ui/clock.ts';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { LastSeen } from './last-seen.tsx';

export type Paired = TopicValue<'network'>['paired'][number];

/** From so long before its end a pairing's expiry needs a person. */
const WARNED_MS = 14 * 86_400_000;

/** What a brain may do and until when, its key, and where it last came from. */
export function PairingCell({ paired }: { readonly paired: Paired | null }) {
  const { t } = useTranslation();
  if (paired === null) return <span className="text-muted">{t('pairing.notPaired')}</span>;
  const { role, fingerprint, expires_ms: expiresMs } = paired;
  return (
    <>
      <span className="flex items-center gap-2">
        {t(`pairing.roles.${role}`)}
        {expiresMs === null ? null : <Expiry atMs={expiresMs} />}
      </span>
      <span className="block text-muted">
        <Fingerprint of={fingerprint} />
      </span>
      <span className="block text-xs text-muted">
        <LastConnection {...paired} />
      </span>
    </>
  );
}

function Expiry({ atMs }: { readonly atMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const leftMs = atMs - useWallMs();
  if (leftMs > WARNED_MS) {
    return (
      <span className="text-xs text-muted" title={format.time(atMs)}>
        {t('pairing.until', { date: format.date(atMs) })}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1 font-medium text-stale" title={format.time(atMs)}>
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      {leftMs <= 0 ? t('pairing.expired') : t('pairing.expiresIn', { age: format.age(leftMs) })}
      {leftMs <= 0 ? null : <span className="sr-only">{t('pairing.expiryWarning')}</span>}
    </span>
  );
}

function LastConnection({ last_address: address, last_connected_ms: atMs }: Paired) {
  const { t } = useTranslation();
  if (address === null || atMs === null) return t('pairing.neverConnected');
  return (
    <>
      {address}, <LastSeen atMs={atMs} />
    </>
  );
}
