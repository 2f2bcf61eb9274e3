import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlOutput, TopicValue } from '../../main/control/contract.ts';
import { useApi, useHearing, useTopic } from '../api/api-context.tsx';
import { useAnnounce } from '../ui/announcer.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, INPUT } from '../ui/field.tsx';
import { isReason, ReasonField } from '../ui/reason-dialog.tsx';
import { Causes } from './causes.tsx';
import { isDone } from './flatten-tickets.ts';
import { leftOf } from './kill-stage.ts';
import { leftInWords } from './left-in-words.ts';
import { isFlattening } from './mode-view.ts';

/** The same in every language: it is typed, not read. */
const WORD = 'RESUME';

type Refusal = Extract<ControlOutput<'resume'>, { resumed: false }>;

interface Props {
  readonly live: TopicValue<'state'>;
  readonly onClose: () => void;
}

/** Resuming is deliberate: what stopped trading and what is still open is read, a reason and a word are typed. */
export function ResumeDialog({ live, onClose }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const announce = useAnnounce();
  const isHeard = useHearing() === 'up';
  const [reason, setReason] = useState('');
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Pick<Refusal, 'message' | 'standing'> | null>(null);
  const { state } = live;
  const standing = state.causes.filter((cause) => cause.standing);
  const canResume =
    isHeard && standing.length === 0 && !isFlattening(state) && isReason(reason) && word.trim() === WORD;
  const resume = async () => {
    setBusy(true);
    setRefusal(null);
    const answer = await api.call('resume', { reason: reason.trim() });
    setBusy(false);
    if (!answer.ok) {
      setRefusal({ message: t('shell.failed', { message: answer.error }), standing: [] });
    } else if (answer.output.resumed) {
      announce(t('kill.resume.done'));
      onClose();
    } else {
      setRefusal(answer.output);
    }
  };
  const actions = (
    <>
      <Button data-autofocus onClick={onClose}>
        {t('shell.cancel')}
      </Button>
      <Button look="main" busy={busy} disabled={!canResume} onClick={() => void resume()}>
        {t('kill.resume.confirm')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('kill.resume.title')} actions={actions} onClose={onClose} wide>
      <div className="flex flex-col gap-4">
        <Part title={t('kill.resume.why')}>
          <Causes state={state} />
        </Part>
        <Part title={t('kill.resume.left')}>
          <StillOpen live={live} />
        </Part>
        <p className="text-muted">{t('kill.resume.notResent')}</p>
        {isHeard ? null : <p className="font-medium text-stale">{t('kill.resume.unheard')}</p>}
        {standing.length > 0 ? (
          <div className="rounded-md border border-halted px-3 py-2">
            <p className="font-medium text-halted">{t('kill.resume.standing')}</p>
            <List lines={standing.map((cause) => cause.reason)} />
          </div>
        ) : null}
        {isFlattening(state) ? <p className="font-medium text-halted">{t('kill.resume.flattening')}</p> : null}
        <ReasonField value={reason} onChange={setReason} />
        <Field label={t('kill.resume.word', { word: WORD })}>
          {({ id, describedBy }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              autoComplete="off"
              spellCheck={false}
              value={word}
              onChange={(event) => setWord(event.target.value)}
              className={INPUT}
            />
          )}
        </Field>
        <div role="alert" className="empty:hidden">
          {refusal === null ? null : (
            <>
              <p className="font-medium text-halted">{refusal.message}</p>
              <List lines={refusal.standing} />
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function StillOpen({ live }: { readonly live: TopicValue<'state'> }) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const book = useTopic('book')?.value ?? null;
  const left = isHeard ? leftOf(book) : null;
  const undone = live.tickets.filter((ticket) => !isDone(ticket)).length;
  return (
    <>
      <p>{left === null ? t('kill.resume.leftUnknown') : leftInWords(left, t) || t('kill.resume.leftNothing')}</p>
      {undone > 0 ? <p>{t('kill.resume.leftUndone', { count: undone })}</p> : null}
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      {children}
    </section>
  );
}

function List({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="list-disc pl-5">
      {lines.map((line) => (
        <li key={line} className="wrap-anywhere">
          {line}
        </li>
      ))}
    </ul>
  );
}
