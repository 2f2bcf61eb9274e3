import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlOutput } from '../../main/control/contract.ts';
import { useApi } from '../api/api-context.tsx';
import { useFormat } from '../preferences/format.ts';
import { useAnnounce } from '../ui/announcer.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** A position or pending order that can be acted on. */
export interface Subject {
  readonly kind: 'position' | 'order';
  readonly ticket: string;
  readonly symbol: string;
  /** Lots. */
  readonly volume: number;
}

/** What came of the last action on a ticket, for its row. */
export interface Outcome {
  readonly kind: 'pending' | 'done' | 'failed';
  readonly message: string;
}

export interface TicketActions {
  /** Asks for a reason first. */
  close(subject: Subject): void;
  /** Takes it out of the flatten; asks for a reason first. */
  takeOut(subject: Subject): void;
  outcomeOf(ticket: string): Outcome | null;
  /** Stands where the actions are used. */
  readonly dialog: ReactNode;
}

const ENDED: ReadonlySet<string> = new Set(['CLOSED', 'CANCELLED', 'GONE']);

/** Closing and taking out, one ticket at a time, each behind a reason. */
export function useTicketActions(): TicketActions {
  const [asked, setAsked] = useState<{ readonly deed: 'close' | 'takeOut'; readonly subject: Subject } | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const note = (ticket: string, outcome: Outcome) => setOutcomes((before) => new Map(before).set(ticket, outcome));
  const Dialog = asked?.deed === 'close' ? CloseDialog : TakeOutDialog;
  return {
    close: (subject) => setAsked({ deed: 'close', subject }),
    takeOut: (subject) => setAsked({ deed: 'takeOut', subject }),
    outcomeOf: (ticket) => outcomes.get(ticket) ?? null,
    dialog: asked === null ? null : <Dialog subject={asked.subject} note={note} onClose={() => setAsked(null)} />,
  };
}

interface DialogProps {
  readonly subject: Subject;
  readonly note: (ticket: string, outcome: Outcome) => void;
  readonly onClose: () => void;
}

function CloseDialog({ subject, note, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  const format = useFormat();
  const announce = useAnnounce();
  const { kind, ticket, symbol, volume } = subject;
  const verb = kind === 'position' ? 'close' : 'cancel';
  const closeIt = async (reason: string) => {
    note(ticket, { kind: 'pending', message: t('kill.ticket.pending') });
    const answer = await api.call('close', { ticket, reason });
    const outcome: Outcome = answer.ok
      ? outcomeOf(answer.output, t)
      : { kind: 'failed', message: t('shell.failed', { message: answer.error }) };
    note(ticket, outcome);
    announce(t('kill.ticket.ended', { symbol, ticket, message: outcome.message }));
  };
  return (
    <ReasonDialog
      title={t(`kill.ticket.${verb}Title`, { symbol, ticket })}
      confirm={t(`kill.ticket.${verb}Confirm`)}
      danger
      onClose={onClose}
      // It can take seconds: the row tells how it ends, and the screen is not kept from the kill control meanwhile.
      onConfirm={(reason) => {
        void closeIt(reason);
        return Promise.resolve(null);
      }}
    >
      <p>{t(`kill.ticket.${verb}Text`, { volume: format.lots(volume) })}</p>
    </ReasonDialog>
  );
}

function TakeOutDialog({ subject, note, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  const { ticket, symbol } = subject;
  const takeItOut = async (reason: string) => {
    const answer = await api.call('takeOut', { ticket, reason });
    if (!answer.ok) return t('shell.failed', { message: answer.error });
    if (!answer.output.taken_out) return t('kill.flatten.notTakenOut');
    note(ticket, { kind: 'done', message: t('kill.flatten.state.TAKEN_OUT') });
    return null;
  };
  return (
    <ReasonDialog
      title={t('kill.flatten.takeOutTitle', { symbol, ticket })}
      confirm={t('kill.flatten.takeOutConfirm')}
      onClose={onClose}
      onConfirm={takeItOut}
    >
      <p>{t('kill.flatten.takeOutText')}</p>
    </ReasonDialog>
  );
}

/** A ticket that has ended is told in a word, everything else in the gateway's own sentence. */
function outcomeOf({ state, message, recorded }: ControlOutput<'close'>, t: TFunction): Outcome {
  const hasEnded = ENDED.has(state);
  const told = hasEnded ? stateInWords(state, t) : message;
  return {
    kind: hasEnded ? 'done' : 'failed',
    message: recorded ? told : t('kill.ticket.notRecorded', { message: told }),
  };
}

const STATES = [
  'OPEN',
  'CLOSING',
  'CLOSED',
  'CANCELLED',
  'GONE',
  'PARTIAL',
  'RETRY',
  'BLOCKED',
  'UNKNOWN',
  'TAKEN_OUT',
] as const;

/** The state of a ticket; one that this screen does not know as the gateway says it. */
export function stateInWords(state: string, t: TFunction): string {
  const known = STATES.find((one) => one === state);
  return known === undefined ? state : t(`kill.flatten.state.${known}`);
}
