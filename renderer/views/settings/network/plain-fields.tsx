import { useTranslation } from 'react-i18next';
import { areNetworks } from '../../../networks/networks.ts';
import { Field, INPUT } from '../../../ui/field.tsx';
import { listed } from '../draft.ts';

interface Props {
  /** What is typed to accept it. */
  readonly word: string;
  readonly allow: string;
  readonly consent: string;
  readonly onAllow: (text: string) => void;
  readonly onConsent: (text: string) => void;
}

/** What plain-network mode wants: who is let in, and that it is accepted in words. */
export function PlainFields({ word, allow, consent, onAllow, onConsent }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4 rounded-md border border-stale px-4 py-3">
      <Field
        label={t('network.dialog.allow')}
        hint={t('network.dialog.allowHint')}
        fault={areNetworks(listed(allow)) ? null : t('settings.faults.networks')}
      >
        {({ id, describedBy, invalid }) => (
          <Text id={id} describedBy={describedBy} invalid={invalid} value={allow} onChange={onAllow} />
        )}
      </Field>
      <Field label={t('network.dialog.consent', { word })}>
        {({ id, describedBy }) => (
          <Text id={id} describedBy={describedBy} invalid={false} value={consent} onChange={onConsent} />
        )}
      </Field>
    </div>
  );
}

interface TextProps {
  readonly id: string;
  readonly describedBy: string;
  readonly invalid: boolean;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Text({ id, describedBy, invalid, value, onChange }: TextProps) {
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={INPUT}
    />
  );
}
