import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { en } from '../../../main/control/text/en/index.ts';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { useAgeMs } from '../../ui/clock.ts';
import { Status } from '../../ui/status.tsx';
import { Row, Rows } from '../../ui/rows.tsx';

type Terminal = TopicValue<'terminal'>;
interface Seen {
  readonly terminal: Terminal;
  readonly receivedMs: number;
}

/** The gateway calls a terminal silent after 2 s; a second is allowed for the way here. */
const SILENT_MS = 3_000;

/** Which terminal the gateway trades through, and how it is. */
export function InUseCard() {
  const { t } = useTranslation();
  const live = useTopic('terminal');
  return (
    <Card title={t('metatrader.inUse.title')}>
      {live === null ? (
        <p className="text-muted">{t('shell.loading')}</p>
      ) : (
        <InUse terminal={live.value} receivedMs={live.receivedMs} />
      )}
    </Card>
  );
}

function InUse({ terminal, receivedMs }: Seen) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const kind = terminal.account_mode === 'PAPER' ? 'paper' : 'bridge';
  const row = (name: keyof typeof en.metatrader.inUse.rows, value: ReactNode) => (
    <Row name={t(`metatrader.inUse.rows.${name}`)}>{value}</Row>
  );
  return (
    <>
      <Rows muted={!isHeard}>
        {row(
          'kind',
          <>
            <span className="font-medium">{t(`metatrader.inUse.kind.${kind}`)}</span>
            <span className="block text-xs text-muted">{t(`metatrader.inUse.about.${kind}`)}</span>
          </>,
        )}
        {row('link', <LinkState terminal={terminal} receivedMs={receivedMs} />)}
        {row('broker', <BrokerState terminal={terminal} />)}
        {row('account', <AccountLine terminal={terminal} />)}
        {row('trading', <Permission terminal={terminal} />)}
        {kind === 'paper' ? null : row('latch', <Latch terminal={terminal} />)}
        {row(
          'version',
          kind === 'paper' ? t('metatrader.inUse.embedded') : terminal.bridge_version || t('shell.unknown'),
        )}
        {kind === 'paper' ? null : row('transport', transportText(terminal, t('shell.none')))}
        {row('lastHeard', <LastHeard terminal={terminal} receivedMs={receivedMs} />)}
        {terminal.listens_on.length === 0
          ? null
          : row(
              'listensOn',
              terminal.listens_on.map((place) => (
                <span key={place} className="block font-mono text-xs break-all">
                  {place}
                </span>
              )),
            )}
      </Rows>
    </>
  );

  function transportText({ transport }: Terminal, none: string): string {
    if (transport === null) return none;
    return transport === 'pipe' || transport === 'tcp' ? t(`metatrader.inUse.transport.${transport}`) : transport;
  }
}

function LinkState({ terminal, receivedMs }: Seen) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const silentMs = useAgeMs(terminal.last_heard_ms_ago, receivedMs);
  if (!isHeard) return <Status tone="unknown">{t('metatrader.inUse.link.unknown')}</Status>;
  if (!terminal.linked) {
    return (
      <>
        <Status tone="down">{t('metatrader.inUse.link.down')}</Status>
        <span className="block">{terminal.link_fault}</span>
      </>
    );
  }
  if (silentMs !== null && silentMs > SILENT_MS)
    return <Status tone="stale">{t('metatrader.inUse.link.stale')}</Status>;
  return <Status tone="fine">{t('metatrader.inUse.link.up')}</Status>;
}

function BrokerState({ terminal: { linked, connected } }: { readonly terminal: Terminal }) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  if (!isHeard || !linked) return <Status tone="unknown">{t('metatrader.inUse.broker.unknown')}</Status>;
  if (!connected) return <Status tone="down">{t('metatrader.inUse.broker.down')}</Status>;
  return <Status tone="fine">{t('metatrader.inUse.broker.up')}</Status>;
}

function AccountLine({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation();
  const { login, server, account_mode: mode, margin_mode: margin } = terminal;
  if (login === null || server === null) return t('metatrader.inUse.noAccount');
  const { modes, margins } = en.metatrader.inUse;
  return (
    <>
      {t('metatrader.inUse.account', { login, server })}
      <span className="block text-xs text-muted">
        {[
          isKeyOf(modes, mode) ? t(`metatrader.inUse.modes.${mode}`) : mode,
          isKeyOf(margins, margin) ? t(`metatrader.inUse.margins.${margin}`) : margin,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

/** Whether MetaTrader lets the program trade, and each switch that is in the way. */
function Permission({ terminal: { linked, blocked_by: blockedBy } }: { readonly terminal: Terminal }) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  if (!isHeard || !linked) return <Status tone="unknown">{t('shell.unknown')}</Status>;
  if (blockedBy.length === 0) return <Status tone="fine">{t('metatrader.inUse.trading.on')}</Status>;
  return (
    <>
      <Status tone="paused">{t('metatrader.inUse.trading.off')}</Status>
      <ul className="mt-1 flex flex-col gap-1">
        {blockedBy.map((name) => (
          <li key={name}>
            {isKeyOf(en.metatrader.inUse.blocked, name) ? t(`metatrader.inUse.blocked.${name}`) : null}
            <span className="block font-mono text-xs text-muted">{name}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Latch({ terminal: { latched, latch_epoch: epoch } }: { readonly terminal: Terminal }) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  if (latched === null || !isHeard) return t('metatrader.inUse.latch.unknown');
  return (
    <>
      {latched ? t('metatrader.inUse.latch.on') : t('metatrader.inUse.latch.off')}
      {epoch === null ? null : <span className="text-muted"> · {t('metatrader.inUse.latch.epoch', { epoch })}</span>}
    </>
  );
}

function LastHeard({ terminal, receivedMs }: Seen) {
  const { t } = useTranslation();
  const format = useFormat();
  const ageMs = useAgeMs(terminal.last_heard_ms_ago, receivedMs);
  return ageMs === null ? t('shell.never') : t('shell.ago', { age: format.age(ageMs) });
}

function isKeyOf<T extends object>(texts: T, key: string | null): key is Extract<keyof T, string> {
  return key !== null && Object.hasOwn(texts, key);
}
