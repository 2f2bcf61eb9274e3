import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { EVERY_ADDRESS } from '../../../networks/networks.ts';
import { Field, INPUT } from '../../../ui/field.tsx';

interface Props {
  readonly host: string;
  readonly addresses: TopicValue<'network'>['addresses'];
  readonly onChange: (host: string) => void;
}

/** On all addresses of the machine or on one; one that is saved and not there now can be kept. */
export function ListenField({ host, addresses, onChange }: Props) {
  const { t } = useTranslation();
  const isListed = host === EVERY_ADDRESS || addresses.some(({ address }) => address === host);
  return (
    <Field label={t('network.dialog.host')}>
      {({ id, describedBy }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          value={host}
          onChange={(event) => onChange(event.target.value)}
          className={INPUT}
        >
          <option value={EVERY_ADDRESS}>{t('network.dialog.hostAll')}</option>
          {addresses.map(({ address, device }) => (
            <option key={address} value={address}>
              {t('network.dialog.hostOne', { address, device })}
            </option>
          ))}
          {isListed ? null : <option value={host}>{host}</option>}
        </select>
      )}
    </Field>
  );
}
