import { CircleCheck, CircleDashed, Info, type LucideIcon, OctagonX, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ControlOutput } from '../../../main/control/contract.ts';
import { useAsked } from '../../api/use-asked.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';

type Check = ControlOutput<'doctor'>['checks'][number];

const LOOKS: Readonly<Record<Check['state'], { readonly Icon: LucideIcon; readonly colour: string }>> = {
  good: { Icon: CircleCheck, colour: 'text-muted' },
  note: { Icon: Info, colour: 'text-stale' },
  wrong: { Icon: OctagonX, colour: 'text-halted' },
  unchecked: { Icon: CircleDashed, colour: 'text-muted' },
};

/** The chain from data folder to broker, each link with what was found and what to do. */
export function DoctorCard() {
  const { t } = useTranslation();
  const { output, busy, error, ask } = useAsked('doctor');
  const again = (
    <Button busy={busy} onClick={() => void ask()}>
      <RefreshCw aria-hidden className={`size-4 ${busy ? 'animate-spin' : ''}`} />
      {output === null ? t('metatrader.doctor.run') : t('metatrader.doctor.again')}
    </Button>
  );
  return (
    <Card title={t('metatrader.doctor.title')} aside={again}>
      <p role="status" className="font-medium empty:hidden">
        {busy ? t('metatrader.doctor.checking') : null}
      </p>
      <p role="alert" className="font-medium text-halted empty:hidden">
        {error === null ? null : t('shell.failed', { message: error })}
      </p>
      {output === null ? null : <Chain checks={output.checks} />}
    </Card>
  );
}

function Chain({ checks }: { readonly checks: readonly Check[] }) {
  const { t } = useTranslation();
  const broken = checks.filter(({ state }) => state === 'wrong').length;
  return (
    <>
      <p className={`mb-2 font-medium ${broken === 0 ? '' : 'text-halted'}`}>
        {broken === 0 ? t('metatrader.doctor.sound') : t('metatrader.doctor.broken', { count: broken })}
      </p>
      <ol className="-mx-4 -mb-3">
        {checks.map((check, at) => (
          <CheckRow key={`${at} ${check.link}`} check={check} />
        ))}
      </ol>
    </>
  );
}

function CheckRow({ check: { link, state, found, cure } }: { readonly check: Check }) {
  const { t } = useTranslation();
  const { Icon, colour } = LOOKS[state];
  return (
    <li className="grid grid-cols-[8rem_minmax(9rem,14rem)_minmax(0,1fr)] gap-x-4 border-t border-line px-4 py-1.5">
      <span className={`flex items-center gap-1.5 self-start font-medium ${colour}`}>
        <Icon aria-hidden className="size-4 shrink-0" />
        {t(`metatrader.doctor.state.${state}`)}
      </span>
      <span>{link}</span>
      <span className="break-words">
        <span className={state === 'unchecked' ? 'text-muted' : ''}>{found}</span>
        {cure === undefined ? null : <span className="block text-muted">{t('metatrader.doctor.cure', { cure })}</span>}
      </span>
    </li>
  );
}
