import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { useCall } from '../../../api/api-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { Choices } from '../../../ui/choices.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, INPUT } from '../../../ui/field.tsx';
import { HostField } from './host-field.tsx';
import type { Pairing } from './pair-dialog.tsx';
import {
  addressesOf,
  EXPIRIES,
  type Expiry,
  faultsOf,
  newDraft,
  type PairDraft,
  pairInputOf,
  ROLES,
} from './pair-draft.ts';

interface Props {
  readonly network: TopicValue<'network'>;
  readonly onPaired: (pairing: Pairing) => void;
  readonly onClose: () => void;
}

/** The first step: who the brain is, what it may do, for how long, and how it reaches the gateway. */
export function PairForm({ network, onPaired, onClose }: Props) {
  const { t } = useTranslation();
  const { run, busy } = useCall('pair');
  const [draft, setDraft] = useState(() => newDraft(network));
  const [isTried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const edit = (change: Partial<PairDraft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setRefusal(null);
  };
  const faults = isTried ? faultsOf(draft, network) : {};
  const pair = async () => {
    setTried(true);
    setRefusal(null);
    const input = pairInputOf(draft, network);
    if (input === null) return;
    const answer = await run(input);
    if (!answer.ok) setRefusal(t('shell.failed', { message: answer.error }));
    else if (answer.output.paired) onPaired(answer.output);
    else setRefusal(answer.output.message);
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t('shell.cancel')}</Button>
      <Button look="main" busy={busy} onClick={() => void pair()}>
        {t('pairing.confirm')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('pairing.title')} actions={actions} onClose={onClose} wide>
      <div className="flex flex-col gap-4">
        <p className="text-xs text-muted">{t('pairing.step', { step: 1, steps: 2 })}</p>
        {network.security === 'encrypted' ? null : <p className="text-stale">{t('pairing.notOpen')}</p>}
        <NameField
          name={draft.name}
          fault={
            faults.name === undefined ? null : t(faults.name === 'taken' ? 'pairing.nameTaken' : 'pairing.nameFault')
          }
          onChange={(name) => edit({ name })}
        />
        <Choices
          title={t('pairing.role')}
          choices={ROLES.map((role) => ({
            value: role,
            label: t(`pairing.roles.${role}`),
            about: t(`pairing.roleAbout.${role}`),
          }))}
          chosen={draft.role}
          fault={faults.role === undefined ? null : t('pairing.roleMissing')}
          onChoose={(role) => edit({ role })}
        />
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          <HostField
            addresses={addressesOf(network)}
            draft={draft}
            fault={faults.host === undefined ? null : t('pairing.hostFault')}
            onChange={edit}
          />
          <ExpiryField expiry={draft.expiry} onChange={(expiry) => edit({ expiry })} />
        </div>
        <p role="alert" className="font-medium text-halted empty:hidden">
          {refusal}
        </p>
      </div>
    </Dialog>
  );
}

interface NameProps {
  readonly name: string;
  readonly fault: string | null;
  readonly onChange: (name: string) => void;
}

function NameField({ name, fault, onChange }: NameProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('pairing.name')} hint={t('pairing.nameHint')} fault={fault}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={name}
          onChange={(event) => onChange(event.target.value)}
          className={INPUT}
        />
      )}
    </Field>
  );
}

interface ExpiryProps {
  readonly expiry: Expiry;
  readonly onChange: (expiry: Expiry) => void;
}

function ExpiryField({ expiry, onChange }: ExpiryProps) {
  const { t } = useTranslation();
  const choices = Object.keys(EXPIRIES) as Expiry[];
  return (
    <Field label={t('pairing.expiry')} hint={t('pairing.expiryHint')}>
      {({ id, describedBy }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          value={expiry}
          onChange={(event) => onChange(choices.find((one) => one === event.target.value) ?? 'none')}
          className={INPUT}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {t(`pairing.days.${choice}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
