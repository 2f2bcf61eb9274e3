import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../api/api-context.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, INPUT } from '../../ui/field.tsx';
import type { Paired } from './pairing-cell.tsx';

const MOST_CHARACTERS = 64;

/** Calls a brain something else on screens; its name in the log stays. */
export function RenameDialog({ paired, onClose }: { readonly paired: Paired; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { run, busy } = useCall('rename');
  const { name } = paired;
  const [typed, setTyped] = useState(paired.label);
  const [refusal, setRefusal] = useState<string | null>(null);
  const label = typed.trim();
  const rename = async () => {
    setRefusal(null);
    const answer = await run({ name, label });
    if (!answer.ok) {
      setRefusal(t('shell.failed', { message: answer.error }));
    } else if (answer.output.renamed) {
      announce(t('pairing.renamed', { name, label }));
      onClose();
    } else {
      setRefusal(answer.output.message);
    }
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t('shell.cancel')}</Button>
      <Button look="main" busy={busy} disabled={label === ''} onClick={() => void rename()}>
        {t('pairing.renameConfirm')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('pairing.renameTitle', { name })} actions={actions} onClose={onClose}>
      <Field label={t('pairing.label')} hint={t('pairing.labelHint', { name })} fault={refusal}>
        {({ id, describedBy, invalid }) => (
          <input
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            autoComplete="off"
            spellCheck={false}
            maxLength={MOST_CHARACTERS}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className={INPUT}
          />
        )}
      </Field>
    </Dialog>
  );
}
