import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useHearing } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { useNowMs } from '../../ui/clock.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import type { Lease } from './client-row.tsx';

interface Props {
  readonly lease: Lease | null;
  readonly receivedMs: number;
  /** The button stands below. */
  readonly isNarrow: boolean;
}

/** A brain's lease: what is left of it, what its end brings, and the button that ends it without that. */
export function LeaseCell({ lease, receivedMs, isNarrow }: Props) {
  const { t } = useTranslation();
  const [isEnding, setEnding] = useState(false);
  if (lease === null) return <span className="text-muted">{t('brains.lease.none')}</span>;
  return (
    <div className={isNarrow ? 'flex flex-col items-start gap-1' : 'flex items-center justify-between gap-3'}>
      <div>
        <TimeLeft lease={lease} receivedMs={receivedMs} />
        <span className="block text-xs text-muted">{t(`brains.lease.then.${lease.on_expiry}`)}</span>
      </div>
      <Button aria-label={t('brains.lease.endOf', { name: lease.client })} onClick={() => setEnding(true)}>
        {t('brains.lease.end')}
      </Button>
      {isEnding ? <EndLeaseDialog client={lease.client} onClose={() => setEnding(false)} /> : null}
    </div>
  );
}

function TimeLeft({ lease, receivedMs }: { readonly lease: Lease; readonly receivedMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNowMs();
  const total = format.age(lease.lease_s * 1_000);
  if (useHearing() !== 'up') return t('brains.lease.unknown', { total });
  const leftMs = lease.remaining_ms - Math.max(0, now - receivedMs);
  if (leftMs <= 0) return <span className="font-medium text-stale">{t('brains.lease.over')}</span>;
  return t('brains.lease.left', { left: format.age(leftMs), total });
}

function EndLeaseDialog({ client, onClose }: { readonly client: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { run } = useCall('endLease');
  const end = async (reason: string) => {
    const answer = await run({ client, reason });
    if (!answer.ok) return t('shell.failed', { message: answer.error });
    if (!answer.output.ended) return t('brains.lease.gone');
    announce(t('brains.lease.ended', { name: client }));
    return null;
  };
  return (
    <ReasonDialog
      title={t('brains.lease.endOf', { name: client })}
      confirm={t('brains.lease.end')}
      onConfirm={end}
      onClose={onClose}
    >
      <p className="whitespace-normal">{t('brains.lease.endText')}</p>
    </ReasonDialog>
  );
}
