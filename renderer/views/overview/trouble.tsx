import type { TFunction } from 'i18next';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import { goTo } from '../../shell/route.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

type Terminal = TopicValue<'terminal'>;

const SWITCHES = [
  'TERMINAL_CONNECTED',
  'TERMINAL_TRADE_ALLOWED',
  'MQL_TRADE_ALLOWED',
  'ACCOUNT_TRADE_ALLOWED',
  'ACCOUNT_TRADE_EXPERT',
] as const;

/** What keeps the terminal from trading, in words; how to begin where there has never been one; else nothing. */
export function Trouble() {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const terminal = useTopic('terminal')?.value;
  if (terminal === undefined || !isHeard) return null;
  if (isFirstRun(terminal)) return <FirstRun fault={terminal.link_fault} />;
  const lines = troubleLines(terminal, t);
  if (lines.length === 0) return null;
  return (
    <section
      aria-label={t('overview.trouble.title')}
      className="flex items-start gap-3 rounded-lg border border-down bg-surface px-4 py-3"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-down" />
      <ul className="min-w-0 flex-1">
        {lines.map((line) => (
          <li key={line} className="wrap-anywhere">
            {line}
          </li>
        ))}
      </ul>
      <Button onClick={() => goTo('metatrader')}>{t('overview.trouble.open')}</Button>
    </section>
  );
}

/** Nothing has been linked in this run: perhaps the operator has not set one up. */
function isFirstRun({ linked, login, bridge_version: version }: Terminal): boolean {
  return !linked && login === null && version === '';
}

function FirstRun({ fault }: { readonly fault: string | null }) {
  const { t } = useTranslation();
  return (
    <Card title={t('overview.first.title')}>
      <EmptyState
        title={fault === null ? t('overview.trouble.notLinked') : t('overview.trouble.linkFault', { fault })}
        actions={
          <>
            <Button look="main" onClick={() => goTo('metatrader')}>
              {t('overview.first.install')}
            </Button>
            <Button onClick={() => goTo('settings')}>{t('overview.first.paper')}</Button>
          </>
        }
      >
        {t('overview.first.text')}
      </EmptyState>
    </Card>
  );
}

function troubleLines({ linked, link_fault: fault, connected, blocked_by: off }: Terminal, t: TFunction): string[] {
  if (!linked) return [fault === null ? t('overview.trouble.notLinked') : t('overview.trouble.linkFault', { fault })];
  const switches = off.map((name) => {
    const known = SWITCHES.find((one) => one === name);
    return known === undefined ? t('overview.trouble.blocked.other', { name }) : t(`overview.trouble.blocked.${known}`);
  });
  const isNamed = connected || off.includes('TERMINAL_CONNECTED');
  return isNamed ? switches : [t('overview.trouble.notConnected'), ...switches];
}
