import { useTranslation } from 'react-i18next';
import { UnknownCommands } from '../brains/unknown-commands.tsx';
import { AccountCard } from './account-card.tsx';
import { CommandCard, DataCard } from './channel-cards.tsx';
import { OrdersCard } from './orders-card.tsx';
import { PositionsCard } from './positions-card.tsx';
import { QuotesCard } from './quotes-card.tsx';
import { TerminalCard } from './terminal-card.tsx';
import { Trouble } from './trouble.tsx';

/** Everything that an operator in a hurry looks at: what needs a person first, then links, account, book and prices. */
export function OverviewView() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">{t('shell.views.overview')}</h1>
      <Trouble />
      <UnknownCommands />
      <div className="grid grid-cols-1 gap-4 md:grid-cols-3">
        <div className="flex min-w-0 flex-col gap-4">
          <TerminalCard />
          <AccountCard />
        </div>
        <CommandCard />
        <DataCard />
      </div>
      <div className="grid grid-cols-1 items-start gap-4 2xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <PositionsCard />
          <OrdersCard />
        </div>
        <QuotesCard />
      </div>
    </div>
  );
}
