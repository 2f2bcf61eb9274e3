import { CircleCheck, OctagonX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useHearing } from '../../api/api-context.tsx';
import { Button } from '../../ui/button.tsx';
import type { Drafts } from './use-drafts.ts';

/** Stands at the bottom while something is unsaved, and says how saving went. */
export function SaveBar({ drafts }: { readonly drafts: Drafts }) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const { changes, faults, busy, outcome } = drafts;
  if (changes === 0 && outcome === null) return null;
  return (
    <section
      aria-label={t('settings.bar.title')}
      className="sticky -bottom-4 z-10 -mb-4 flex flex-wrap items-center justify-between gap-3 border-t border-line bg-surface px-4 py-3 shadow-lg"
    >
      <div className="min-w-0 flex-1">
        {outcome === null ? null : <Outcome {...outcome} />}
        {changes === 0 ? null : (
          <p className="font-medium">
            {t('settings.bar.changes', { count: changes })}
            {faults === 0 ? null : (
              <span className="text-halted"> · {t('settings.bar.faults', { count: faults })}</span>
            )}
          </p>
        )}
      </div>
      {changes === 0 ? null : (
        <div className="flex gap-2">
          <Button disabled={busy} onClick={() => drafts.discard()}>
            {t('settings.bar.discard')}
          </Button>
          <Button look="main" busy={busy} disabled={faults > 0 || !isHeard} onClick={() => void drafts.save()}>
            {t('settings.bar.save')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Outcome({ saved, text }: NonNullable<Drafts['outcome']>) {
  const Icon = saved ? CircleCheck : OctagonX;
  return (
    <p className={`flex items-start gap-1.5 font-medium ${saved ? 'text-fine' : 'text-halted'}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      {text}
    </p>
  );
}
