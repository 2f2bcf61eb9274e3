import { useTranslation } from 'react-i18next';
import { useTopic } from '../../api/api-context.tsx';
import { DoctorCard } from './doctor-card.tsx';
import { InUseCard } from './in-use-card.tsx';
import { PaperCard } from './paper-card.tsx';
import { TerminalsCard } from './terminals-card.tsx';

/** The terminal in use, those of this machine with the bridge program in them, and every link down to the broker. */
export function MetaTraderView() {
  const { t } = useTranslation();
  const isPaper = useTopic('terminal')?.value.account_mode === 'PAPER';
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-lg font-semibold">{t('shell.views.metatrader')}</h1>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <InUseCard />
          {isPaper ? <PaperCard /> : null}
        </div>
        <TerminalsCard />
      </div>
      <DoctorCard />
    </div>
  );
}
