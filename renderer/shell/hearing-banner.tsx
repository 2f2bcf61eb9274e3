import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hearing } from '../../main/control/contract.ts';
import { useHearing } from '../api/api-context.tsx';
import { useFormat } from '../preferences/format.ts';
import { useNowMs } from '../ui/clock.ts';
import { Status } from '../ui/status.tsx';

/** A connection is usually made sooner: until then nothing is said of it. */
const PATIENCE_MS = 2_000;

/** Stands over every view while the gateway is not heard: since when, and how trading can be stopped all the same. */
export function HearingBanner() {
  const hearing = useHearing();
  return hearing === 'up' ? null : <Silence key={hearing} hearing={hearing} />;
}

function Silence({ hearing }: { readonly hearing: Exclude<Hearing, 'up'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [fromMs] = useState(() => performance.now());
  const silentMs = Math.max(0, useNowMs() - fromMs);
  if (hearing === 'connecting' && silentMs < PATIENCE_MS) return null;
  const age = format.age(silentMs);
  return (
    <section
      aria-label={t('shell.hearing.down')}
      className="flex flex-col gap-1 border-b-2 border-stale bg-stale/10 px-4 py-2"
    >
      <p className="flex flex-wrap items-center gap-x-3">
        <Status tone="unknown">{t(`shell.mode.UNKNOWN`)}</Status>
        <span>{t(hearing === 'down' ? 'shell.hearing.downFor' : 'shell.hearing.connectingFor', { age })}</span>
        <span>{t('shell.hearing.retrying')}</span>
      </p>
      <p>{t('shell.hearing.otherWays', { command: 'mt5-fabric --kill', file: 'HALT' })}</p>
    </section>
  );
}
