import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { AskedAge, useIsCurrent } from './asked.tsx';
import { Figure, Figures, NOTHING } from './figures.tsx';

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
    <Figures muted={muted}>
      <Figure name={t('overview.account.equity')}>{money(account.equity)}</Figure>
      <Figure name={t('overview.account.balance')}>{money(account.balance)}</Figure>
      <Figure name={t('overview.account.profit')}>{money(account.profit)}</Figure>
      <Figure name={t('overview.account.margin')}>{money(margin)}</Figure>
      <Figure name={t('overview.account.free')}>{money(account.margin_free)}</Figure>
      <Figure name={t('overview.account.level')}>
        {margin === 0 ? NOTHING : t('overview.account.levelOf', { value: format.number(level, 1) })}
      </Figure>
    </Figures>
  );
}
