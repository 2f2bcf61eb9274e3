import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import type { Live } from '../../api/topics.ts';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { useNowMs } from '../../ui/clock.ts';
import { Status } from '../../ui/status.tsx';
import { Figure, Figures, NOTHING } from './figures.tsx';
import { TERMINAL_STALE_MS, terminalLink } from './link-view.ts';

/** The link to the terminal, and through it to the broker. */
export function TerminalCard() {
  const { t } = useTranslation();
  const hearing = useHearing();
  const live = useTopic('terminal');
  const ageMs = useHeardAgeMs(live);
  const { tone, word } = terminalLink(live?.value ?? null, hearing, ageMs);
  return (
    <Card
      title={t('overview.link.terminal')}
      aside={<Status tone={tone}>{t(`overview.link.word.${word}`)}</Status>}
      className="min-w-0"
    >
      {live === null ? (
        <p className="text-muted">{t('shell.loading')}</p>
      ) : (
        <TerminalFigures terminal={live.value} ageMs={ageMs} isHeard={hearing === 'up'} />
      )}
    </Card>
  );
}

interface Props {
  readonly terminal: TopicValue<'terminal'>;
  readonly ageMs: number | null;
  readonly isHeard: boolean;
}

function TerminalFigures({ terminal, ageMs, isHeard }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { login, server, account_mode: mode, connected, latched, transport, bridge_version: version } = terminal;
  const isFresh = isHeard && ageMs !== null && ageMs <= TERMINAL_STALE_MS;
  const heard =
    ageMs === null
      ? t('shell.never')
      : isFresh
        ? t('overview.link.under', { age: format.age(TERMINAL_STALE_MS) })
        : t('shell.ago', { age: format.age(ageMs) });
  return (
    <Figures muted={!isHeard}>
      <Figure name={t('overview.link.lastHeard')}>{heard}</Figure>
      <Figure name={t('overview.link.broker')}>
        {connected ? t('overview.link.brokerConnected') : t('overview.link.brokerLost')}
      </Figure>
      <Figure name={t('overview.link.account')}>
        {login === null || server === null
          ? NOTHING
          : [t('shell.account.at', { login, server }), mode].filter(Boolean).join(', ')}
      </Figure>
      <Figure name={t('overview.link.program')}>{version === '' ? NOTHING : version}</Figure>
      <Figure name={t('overview.link.transport')}>{transport ?? NOTHING}</Figure>
      <Figure name={t('overview.link.latch')}>
        {latched === null ? NOTHING : t(latched ? 'overview.link.latchOn' : 'overview.link.latchOff')}
      </Figure>
    </Figures>
  );
}

/**
 * The age of the terminal's last sign of life. As long as it speaks its age alone sends nothing: what was fresh when it
 * came stays so until a value says otherwise.
 */
function useHeardAgeMs(live: Live<TopicValue<'terminal'>> | null): number | null {
  const hearing = useHearing();
  const nowMs = useNowMs();
  const agoMs = live?.value.last_heard_ms_ago ?? null;
  if (live === null || agoMs === null) return null;
  if (agoMs <= TERMINAL_STALE_MS && live.value.linked && hearing === 'up') return agoMs;
  return agoMs + Math.max(0, nowMs - live.receivedMs);
}
