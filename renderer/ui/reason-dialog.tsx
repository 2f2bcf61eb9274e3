import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field, INPUT } from './field.tsx';

const LEAST_CHARACTERS = 3;
/** Longest reason. */
export const MOST_CHARACTERS = 280;

/** What the gateway takes as a reason; spaces around it do not count. */
export function isReason(text: string): boolean {
  const { length } = text.trim();
  return length >= LEAST_CHARACTERS && length <= MOST_CHARACTERS;
}

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Where a reason is typed; says what is accepted. */
export function ReasonField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('shell.reason')} hint={t('shell.reasonHint')}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          aria-describedby={describedBy}
          rows={2}
          maxLength={MOST_CHARACTERS}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={INPUT}
        />
      )}
    </Field>
  );
}

interface Props {
  readonly title: string;
  /** What will happen. */
  readonly children?: ReactNode;
  /** The word on the button that does it. */
  readonly confirm: string;
  /** For what closes positions. */
  readonly danger?: boolean;
  /** Does it with the reason; a sentence when it was refused, null when the dialog can close. */
  readonly onConfirm: (reason: string) => Promise<string | null>;
  readonly onClose: () => void;
}

/** A dialog before what an operator answers for: nothing happens without a reason. */
export function ReasonDialog({ title, children, confirm, danger = false, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const doIt = async () => {
    setBusy(true);
    setRefusal(null);
    const refused = await onConfirm(reason.trim());
    setBusy(false);
    if (refused === null) onClose();
    else setRefusal(refused);
  };
  const actions = (
    <>
      <Button data-autofocus onClick={onClose}>
        {t('shell.cancel')}
      </Button>
      <Button look={danger ? 'danger' : 'main'} busy={busy} disabled={!isReason(reason)} onClick={() => void doIt()}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog title={title} actions={actions} onClose={onClose}>
      <div className="flex flex-col gap-3">
        {children}
        <ReasonField value={reason} onChange={setReason} />
        <p role="alert" className="font-medium text-halted empty:hidden">
          {refusal}
        </p>
      </div>
    </Dialog>
  );
}
