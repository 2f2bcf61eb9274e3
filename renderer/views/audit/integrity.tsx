import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useCall, useHearing, useTopic } from '../../api/api-context.tsx';
import { type Format, useFormat } from '../../preferences/format.ts';
import { Button } from '../../ui/button.tsx';
import { useSinceMs } from '../../ui/clock.ts';
import { Status, type Tone } from '../../ui/status.tsx';
import { entryAddress } from './address.ts';

type State = TopicValue<'audit'>['integrity'];

const TONES: Readonly<Record<State['kind'], Tone>> = {
  unverified: 'unknown',
  verifying: 'stale',
  verified: 'fine',
  broken: 'halted',
  damaged: 'down',
  failed: 'down',
};

/** Whether the log is as it was written, in words, and a button that has that checked. */
export function Integrity() {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const state = useTopic('audit')?.value.integrity ?? null;
  const { run, busy, error } = useCall('auditVerify');
  return (
    <div role="group" aria-label={t('audit.integrity.label')} className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {isHeard && state !== null ? (
        <Known state={state} />
      ) : (
        <Status tone="unknown">{t('audit.integrity.unknown')}</Status>
      )}
      <Button busy={busy || state?.kind === 'verifying'} disabled={!isHeard} onClick={() => void run({})}>
        {t('audit.integrity.verify')}
      </Button>
      {error === null ? null : (
        <p role="alert" className="text-xs font-medium text-halted">
          {t('audit.integrity.refused', { message: error })}
        </p>
      )}
    </div>
  );
}

function Known({ state }: { readonly state: State }) {
  const words = useWords(state);
  const isBad = state.kind === 'broken' || state.kind === 'damaged';
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {isBad ? (
        <a href={entryAddress(state.seq)} className="underline">
          <Status tone={TONES[state.kind]}>{words}</Status>
        </a>
      ) : (
        <Status tone={TONES[state.kind]}>{words}</Status>
      )}
      {'what' in state ? <span className="text-[13px] text-muted">{state.what}</span> : null}
    </span>
  );
}

function useWords(state: State): string {
  const { t } = useTranslation();
  const format = useFormat();
  const atMs = 'at_ms' in state ? state.at_ms : 0;
  const time = shortTime(format, atMs, useSinceMs(atMs));
  switch (state.kind) {
    case 'unverified':
      return t('audit.integrity.unverified');
    case 'verifying':
      return t('audit.integrity.verifying', { percent: percentText(format, state.seq, state.rows) });
    case 'verified':
      return t('audit.integrity.verified', { entry: format.number(state.seq), time });
    case 'broken':
    case 'damaged':
      return t(`audit.integrity.${state.kind}`, { entry: format.number(state.seq) });
    case 'failed':
      return t('audit.integrity.failed', { time });
  }
}

/** `14:02`; with its day where that is not today's. */
function shortTime(format: Format, atMs: number, sinceMs: number): string {
  const text = format.time(atMs);
  return text.slice(format.time(atMs + sinceMs).startsWith(text.slice(0, 10)) ? 11 : 0, 16);
}

function percentText(format: Format, done: number, all: number): string {
  return `${format.number(all === 0 ? 0 : Math.floor((done / all) * 100))} %`;
}
