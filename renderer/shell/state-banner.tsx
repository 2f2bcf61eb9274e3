import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../main/control/contract.ts';
import { useTopic } from '../api/api-context.tsx';
import { useFormat } from '../preferences/format.ts';
import { Button } from '../ui/button.tsx';
import { useSinceMs } from '../ui/clock.ts';
import { Status, type Tone } from '../ui/status.tsx';
import { Causes } from './causes.tsx';
import { FlattenProgress } from './flatten-progress.tsx';
import { HearingBanner } from './hearing-banner.tsx';
import { type ModeWord, needsResume } from './mode-view.ts';
import { ResumeDialog } from './resume-dialog.tsx';
import { useStopping } from './stopping.tsx';
import { TradingVoice } from './trading-voice.tsx';
import { useModeView } from './use-mode-view.ts';

/** Stands over every view while trading is not on, while the gateway is not heard, and while a stop is not confirmed. */
export function StateBanner() {
  const { word, tone } = useModeView();
  const live = useTopic('state')?.value ?? null;
  const [isResuming, setResuming] = useState(false);
  const isHeard = word !== 'UNKNOWN';
  const isStopped = live !== null && live.state.mode !== 'TRADING';
  return (
    <>
      <TradingVoice />
      <StopFault />
      <HearingBanner />
      {isHeard && isStopped ? <Stopped live={live} word={word} tone={tone} onResume={() => setResuming(true)} /> : null}
      {isResuming && isStopped && needsResume(live.state.mode) ? (
        <ResumeDialog live={live} onClose={() => setResuming(false)} />
      ) : null}
    </>
  );
}

/** A stop that was not confirmed is the loudest thing there is. */
function StopFault() {
  const { t } = useTranslation();
  const { fault } = useStopping();
  return (
    <p role="alert" className="bg-halted px-4 py-2 font-medium text-on-halted empty:hidden">
      {fault === null ? null : t('kill.failed', { message: fault, command: 'mt5-fabric --kill' })}
    </p>
  );
}

interface StoppedProps {
  readonly live: TopicValue<'state'>;
  readonly word: ModeWord;
  readonly tone: Tone;
  readonly onResume: () => void;
}

function Stopped({ live, word, tone, onResume }: StoppedProps) {
  const { t } = useTranslation();
  const { state, tickets, refused } = live;
  const look = tone === 'halted' ? 'border-halted bg-halted/8' : 'border-stale bg-stale/8';
  return (
    <section aria-label={t('kill.banner.label')} className={`border-b-2 px-4 py-2.5 ${look}`}>
      <div className="flex items-start gap-4">
        <div className="flex min-w-0 flex-1 flex-col gap-1.5">
          <p className="flex flex-wrap items-center gap-x-3">
            <span className="text-base">
              <Status tone={tone}>{t(`shell.mode.${word}`)}</Status>
            </span>
            <Since atMs={state.since_ms} />
            {refused > 0 ? <span>{t('kill.banner.refused', { count: refused })}</span> : null}
            {needsResume(state.mode) ? null : <span className="text-muted">{t('kill.banner.clears')}</span>}
          </p>
          <Causes state={state} />
          {state.recorded ? null : <p className="font-medium text-halted">{t('kill.banner.notRecorded')}</p>}
          <FlattenProgress state={state} tickets={tickets} />
        </div>
        {needsResume(state.mode) ? <Button onClick={onResume}>{t('kill.banner.resume')}</Button> : null}
      </div>
    </section>
  );
}

function Since({ atMs }: { readonly atMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <span>{t('shell.since', { time: format.time(atMs), age: format.age(useSinceMs(atMs)) })}</span>;
}
