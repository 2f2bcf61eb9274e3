import { useTranslation } from 'react-i18next';
import { ClientsCard } from './clients-card.tsx';
import { UnknownCommands } from './unknown-commands.tsx';

/** Who talks to the gateway: how each brain is, its lease, and commands of which nobody knows what became. */
export function BrainsView() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-lg font-semibold">{t('shell.views.brains')}</h1>
        <p className="text-muted">{t('brains.security')}</p>
      </div>
      <UnknownCommands />
      <ClientsCard />
    </div>
  );
}
