import { useTranslation } from 'react-i18next';
import { Field, INPUT } from '../../../ui/field.tsx';
import { type Addresses, type PairDraft, TYPED } from './pair-draft.ts';

interface Props {
  readonly addresses: Addresses;
  readonly draft: Pick<PairDraft, 'address' | 'typed'>;
  readonly fault: string | null;
  readonly onChange: (change: Partial<PairDraft>) => void;
}

/** Under which address or name the brain reaches the gateway: one that the machine has, or what is typed. */
export function HostField({ addresses, draft, fault, onChange }: Props) {
  const { t } = useTranslation();
  const isTyped = draft.address === TYPED;
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('pairing.host')} hint={t('pairing.hostHint')}>
        {({ id, describedBy }) => (
          <select
            id={id}
            aria-describedby={describedBy}
            value={draft.address}
            onChange={(event) => onChange({ address: event.target.value })}
            className={INPUT}
          >
            {addresses.map(({ address, device }) => (
              <option key={address} value={address}>
                {device === null ? address : t('network.dialog.hostOne', { address, device })}
              </option>
            ))}
            <option value={TYPED}>{t('pairing.hostOther')}</option>
          </select>
        )}
      </Field>
      {isTyped ? (
        <Field label={t('pairing.hostTyped')} fault={fault}>
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              autoComplete="off"
              spellCheck={false}
              value={draft.typed}
              onChange={(event) => onChange({ typed: event.target.value })}
              className={INPUT}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}
