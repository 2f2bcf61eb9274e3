import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { AskedAge, useIsCurrent } from './asked.tsx';
import { NOTHING } from './figures.tsx';

type Account = NonNullable<TopicValue<'account'>['account']>;

/** What the account is worth. */
export function AccountCard() {
  const { t } = useTranslation();
  const live = useTopic('account');
  const isCurrent = useIsCurrent(live?.value ?? null);
  const account = live?.value.account ?? null;
  return (
    <Card
      title={t('overview.account.title')}
      aside={live === null ? null : <AskedAge asked={live.value} receivedMs={live.receivedMs} />}
      className="min-w-0"
    >
      {account === null ? (
        <p className="text-muted">{t('shell.account.unknown')}</p>
      ) : (
        <AccountFigures account={account} muted={!isCurrent} />
      )}
    </Card>
  );
}

function AccountFigures({ account, muted }: { readonly account: Account; readonly muted: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency, margin, margin_level: level } = account;
  const money = (value: number) => format.money(value, currency);
  return (
    <dl className={`grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-x-6 gap-y-2 ${muted ? 'text-muted' : ''}`}>
      <Amount name={t('overview.account.equity')}>{money(account.equity)}</Amount>
      <Amount name={t('overview.account.balance')}>{money(account.balance)}</Amount>
      <Amount name={t('overview.account.profit')}>{money(account.profit)}</Amount>
      <Amount name={t('overview.account.margin')}>{money(margin)}</Amount>
      <Amount name={t('overview.account.free')}>{money(account.margin_free)}</Amount>
      <Amount name={t('overview.account.level')}>
        {margin === 0 ? NOTHING : t('overview.account.levelOf', { value: format.number(level, 1) })}
      </Amount>
      <Amount name={t('overview.account.leverage')}>
        {t('overview.account.leverageOf', { value: format.number(account.leverage) })}
      </Amount>
    </dl>
  );
}

function Amount({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className="text-base font-medium">{children}</dd>
    </div>
  );
}
