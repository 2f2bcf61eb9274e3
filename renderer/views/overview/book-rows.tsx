import { useTranslation } from 'react-i18next';
import { type Outcome, type Subject, type TicketActions } from '../../shell/ticket-actions.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Button } from '../../ui/button.tsx';
import { useSinceMs } from '../../ui/clock.ts';
import { Status, type Tone } from '../../ui/status.tsx';
import { Td, Tr } from '../../ui/table.tsx';
import { NOTHING } from './figures.tsx';

const TONES: Readonly<Record<Outcome['kind'], Tone>> = { pending: 'stale', done: 'normal', failed: 'down' };

/** A price with the symbol's digits; none where it is 0. */
export function priceText(price: number, digits: number, number: (value: number, decimals: number) => string): string {
  return price === 0 ? NOTHING : number(price, digits);
}

/** Whose it is: a mark where it did not come through this gateway, else its comment. */
export function Origin({ own, comment }: { readonly own: boolean; readonly comment: string }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex max-w-36 items-center gap-2">
      {own ? null : (
        <span
          title={t('overview.positions.foreignHint')}
          className="rounded border border-control-line px-1 text-xs text-muted"
        >
          {t('overview.positions.foreign')}
        </span>
      )}
      <span className="truncate" title={comment}>
        {comment}
      </span>
    </span>
  );
}

/** How long ago; the time itself on pointing at it. */
export function Since({ atMs }: { readonly atMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const age = format.age(useSinceMs(atMs));
  return <time title={format.time(atMs)}>{t('shell.ago', { age })}</time>;
}

/** The button that closes one; the row keeps what came of it. */
export function CloseCell({ subject, actions }: { readonly subject: Subject; readonly actions: TicketActions }) {
  const { t } = useTranslation();
  const verb = subject.kind === 'position' ? 'close' : 'cancel';
  return (
    <Td align="right" className="sticky right-0 bg-surface">
      <Button
        className="-my-1 min-h-7"
        aria-label={t(`kill.ticket.${verb}Of`, { ticket: subject.ticket })}
        busy={actions.outcomeOf(subject.ticket)?.kind === 'pending'}
        onClick={() => actions.close(subject)}
      >
        {t(`kill.ticket.${verb}`)}
      </Button>
    </Td>
  );
}

/** What came of closing it, under its row; nothing where nobody has tried. */
export function OutcomeRow({ outcome, span }: { readonly outcome: Outcome | null; readonly span: number }) {
  if (outcome === null) return null;
  return (
    <Tr>
      <Td span={span} className="whitespace-normal">
        <Status tone={TONES[outcome.kind]}>{outcome.message}</Status>
      </Td>
    </Tr>
  );
}
