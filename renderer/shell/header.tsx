import { useTranslation } from 'react-i18next';
import { useHearing, useTopic } from '../api/api-context.tsx';
import { useFormat } from '../preferences/format.ts';
import { Status } from '../ui/status.tsx';
import { useSinceMs } from '../ui/clock.ts';
import { AccountLabel } from './account-label.tsx';
import { KillControl } from './kill-control.tsx';
import { PlainWarning } from './plain-warning.tsx';
import { useModeView } from './use-mode-view.ts';
import { ZoneSwitch } from './zone-switch.tsx';

/** Trading state, account, kill control, and the warning of a network without encryption: there in every view. */
export function Header() {
  return (
    <header>
      <div className="flex min-h-14 items-center gap-x-6 border-b border-line bg-surface px-4 py-2">
        <TradingState />
        <AccountLabel />
        <span className="flex-1" />
        <ZoneSwitch />
        <KillControl />
      </div>
      <PlainWarning />
    </header>
  );
}

function TradingState() {
  const { t } = useTranslation();
  const { tone, word } = useModeView();
  const isHeard = useHearing() === 'up';
  const sinceMs = useTopic('state')?.value.state.since_ms ?? null;
  return (
    <div role="group" aria-label={t('shell.state')} className="flex min-w-0 flex-col">
      <span className="text-base leading-tight whitespace-nowrap">
        <Status tone={tone}>{t(`shell.mode.${word}`)}</Status>
      </span>
      {isHeard && sinceMs !== null ? <Since atMs={sinceMs} /> : null}
    </div>
  );
}

function Since({ atMs }: { readonly atMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const age = format.age(useSinceMs(atMs));
  return (
    <span title={format.time(atMs)} className="truncate pl-5.5 text-xs text-muted">
      {t('shell.since', { time: format.clock(atMs), age })}
    </span>
  );
}
