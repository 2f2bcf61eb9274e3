import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { useHearing } from '../../../api/api-context.tsx';
import { areNetworks, EVERY_ADDRESS, isLoopback } from '../../../networks/networks.ts';
import { Button } from '../../../ui/button.tsx';
import { Choices } from '../../../ui/choices.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { listed } from '../draft.ts';
import { FirewallRules } from './firewall-rules.tsx';
import { ListenField } from './listen-field.tsx';
import { PlainFields } from './plain-fields.tsx';
import type { Stand } from './stand.ts';

/** The same in every language: it is typed, not read. */
const WORD = 'UNENCRYPTED';

interface Props {
  readonly network: TopicValue<'network'>;
  /** As it is saved now. */
  readonly stand: Stand;
  readonly settingsFile: string;
  /** Null when it is saved, else why it is not. */
  readonly onSave: (stand: Stand) => Promise<string | null>;
  readonly onClose: () => void;
}

/** Opening is deliberate: encrypted unless another way is chosen, and that only with a list and typed words. */
export function OpenDialog({ network, stand, settingsFile, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const [mode, setMode] = useState<'encrypted' | 'plain-network'>(
    stand.security === 'plain-network' ? 'plain-network' : 'encrypted',
  );
  const [host, setHost] = useState(isLoopback(stand.host) ? EVERY_ADDRESS : stand.host);
  const [allow, setAllow] = useState(stand.allowFrom.join(', '));
  const [consent, setConsent] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  // The recommended one first.
  const modes = [
    { value: 'encrypted', label: t('network.dialog.encrypted'), about: t('network.dialog.encryptedAbout') },
    { value: 'plain-network', label: t('network.dialog.plain'), about: t('network.dialog.plainAbout') },
  ] as const;
  const allowFrom = listed(allow);
  const isConsented = allowFrom.length > 0 && areNetworks(allowFrom) && consent.trim() === WORD;
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    const refused = await onSave({ security: mode, host, allowFrom });
    setBusy(false);
    if (refused === null) onClose();
    else setRefusal(refused);
  };
  const actions = (
    <>
      <Button data-autofocus onClick={onClose}>
        {t('shell.cancel')}
      </Button>
      <Button
        look="main"
        busy={busy}
        disabled={!isHeard || (mode === 'plain-network' && !isConsented)}
        onClick={() => void save()}
      >
        {t('network.dialog.save')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('network.dialog.title')} actions={actions} onClose={onClose} wide>
      <div className="flex flex-col gap-5">
        <p>{t('network.dialog.about')}</p>
        <Choices title={t('network.dialog.mode')} choices={modes} chosen={mode} onChoose={setMode} />
        {mode === 'plain-network' ? (
          <PlainFields word={WORD} allow={allow} consent={consent} onAllow={setAllow} onConsent={setConsent} />
        ) : null}
        <ListenField host={host} addresses={network.addresses} onChange={setHost} />
        <div className="flex flex-col gap-2">
          <FirewallRules rules={network.firewall} settingsFile={settingsFile} />
          {mode === 'plain-network' ? <p className="text-xs text-muted">{t('network.dialog.firewallFrom')}</p> : null}
        </div>
        <p className="font-medium">{t('network.dialog.restart')}</p>
        <p role="alert" className="font-medium text-halted empty:hidden">
          {refusal}
        </p>
      </div>
    </Dialog>
  );
}
