import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StateView, TopicValue } from '../../main/control/contract.ts';
import { useFormat } from '../preferences/format.ts';
import { Button } from '../ui/button.tsx';
import { isDone, ticketsInOrder } from './flatten-tickets.ts';
import { stateInWords, type TicketActions, useTicketActions } from './ticket-actions.tsx';

type Ticket = TopicValue<'state'>['tickets'][number];

/** So many tickets are shown before the rest is asked for. */
const SHOWN_AT_ONCE = 4;
const PHASES = ['FLATTENING', 'EMPTY', 'BLOCKED', 'UNKNOWN', 'FLAT'] as const;

/** How far the flatten has come, ticket by ticket; what still needs something is at the top. */
export function FlattenProgress({
  state,
  tickets,
}: {
  readonly state: StateView;
  readonly tickets: readonly Ticket[];
}) {
  const { t } = useTranslation();
  const [isWide, setWide] = useState(false);
  const actions = useTicketActions();
  const phase = PHASES.find((known) => known === state.flatten_phase);
  if (phase === undefined && tickets.length === 0) return null;
  const done = tickets.filter(isDone).length;
  const shown = isWide ? tickets : ticketsInOrder(tickets).slice(0, SHOWN_AT_ONCE);
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-3 font-medium">
        {phase === undefined ? null : <span>{t(`kill.flatten.${phase}`)}</span>}
        <span className="font-normal text-muted">
          {tickets.length > 0
            ? t('kill.flatten.progress', { done, all: tickets.length })
            : phase === 'FLATTENING' && t('kill.flatten.looking')}
        </span>
        {tickets.length > SHOWN_AT_ONCE ? (
          <Button look="quiet" className="-my-1" aria-expanded={isWide} onClick={() => setWide(!isWide)}>
            {isWide ? t('kill.flatten.fewer') : t('kill.flatten.more', { count: tickets.length })}
          </Button>
        ) : null}
      </p>
      {tickets.length === 0 ? null : (
        <ul aria-label={t('kill.flatten.label')} className="flex max-h-56 flex-col overflow-auto">
          {shown.map((ticket) => (
            <TicketLine key={`${ticket.kind} ${ticket.ticket}`} ticket={ticket} actions={actions} />
          ))}
        </ul>
      )}
      {actions.dialog}
    </div>
  );
}

function TicketLine({ ticket: item, actions }: { readonly ticket: Ticket; readonly actions: TicketActions }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ticket, symbol, state, volume, message } = item;
  const kind = item.kind === 'order' ? 'order' : 'position';
  const subject = { kind, ticket, symbol, volume } as const;
  const outcome = actions.outcomeOf(ticket);
  const isOver = isDone(item);
  const verb = kind === 'order' ? 'cancel' : 'close';
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 border-t border-line">
      <span className="w-20 font-medium">{symbol}</span>
      <span className="w-14 text-muted">{t(`kill.flatten.kind.${kind}`)}</span>
      <span className="w-40">{ticket}</span>
      <span className="w-20 text-right">{t('kill.flatten.lots', { volume: format.lots(volume) })}</span>
      <span className={`w-32 ${isOver ? 'text-muted' : 'font-medium'}`}>{stateInWords(state, t)}</span>
      <span className="min-w-0 flex-1 text-muted wrap-anywhere">{outcome?.message ?? message}</span>
      {isOver && state !== 'TAKEN_OUT' ? null : (
        <Button
          look="quiet"
          aria-label={t(`kill.ticket.${verb}Of`, { ticket })}
          busy={outcome?.kind === 'pending'}
          onClick={() => actions.close(subject)}
        >
          {t(`kill.ticket.${verb}`)}
        </Button>
      )}
      {isOver ? null : (
        <Button
          look="quiet"
          aria-label={t('kill.flatten.takeOutOf', { ticket })}
          onClick={() => actions.takeOut(subject)}
        >
          {t('kill.flatten.takeOut')}
        </Button>
      )}
    </li>
  );
}
