import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlOutput, TopicValue } from '../../../../main/control/contract.ts';
import { useHearing, useTopic } from '../../../api/api-context.tsx';
import { useNetworkWords } from '../../../networks/use-network-words.ts';
import { addressOf } from '../../../shell/route.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Fingerprint } from '../../../ui/fingerprint.tsx';
import { Row, Rows } from '../../../ui/rows.tsx';
import { Status } from '../../../ui/status.tsx';
import type { Setting } from '../setting-texts.ts';
import { FirewallRules } from './firewall-rules.tsx';
import { OpenDialog } from './open-dialog.tsx';
import { fixedNames, isPending, type Stand, standOf, useStandWords } from './stand.ts';
import { useStandSaver } from './use-stand-saver.ts';

type Network = TopicValue<'network'>;

interface Props extends ControlOutput<'settings'> {
  /** The settings have changed. */
  readonly onSaved: () => Promise<void>;
}

/** Who can reach the gateway now and after the next start, and the one way to open it. */
export function NetworkCard({ settings, file, onSaved }: Props) {
  const { t } = useTranslation();
  const network = useTopic('network')?.value ?? null;
  const isHeard = useHearing() === 'up';
  return (
    <div id="settings-network" className="scroll-mt-2">
      <Card title={t('network.card.title')}>
        {network === null ? (
          <p className="text-muted">{t('shell.loading')}</p>
        ) : (
          <div className="flex flex-col gap-4">
            <Facts network={network} settings={settings} isHeard={isHeard} />
            {network.is_open ? <FirewallRules rules={network.firewall} settingsFile={file} /> : null}
            <Controls network={network} settings={settings} file={file} onSaved={onSaved} />
          </div>
        )}
      </Card>
    </div>
  );
}

interface FactsProps {
  readonly network: Network;
  readonly settings: readonly Setting[];
  readonly isHeard: boolean;
}

function Facts({ network, settings, isHeard }: FactsProps) {
  const { t } = useTranslation();
  const { placeText } = useNetworkWords();
  const addresses = network.addresses.map(({ address, device }) => t('network.dialog.hostOne', { address, device }));
  return (
    <Rows muted={!isHeard}>
      <Row name={t('network.card.now')}>
        <StandStatus stand={{ ...network, allowFrom: network.allow_from }} />
      </Row>
      {isPending(settings) ? (
        <Row name={t('network.card.next')}>
          <StandStatus stand={standOf(settings)} />
        </Row>
      ) : null}
      <Row name={t('network.card.listens')}>{placeText(network.host)}</Row>
      <Row name={t('network.card.addresses')}>
        {addresses.length === 0 ? t('network.card.noAddresses') : addresses.join(t('network.separator'))}
      </Row>
      {network.server_fingerprint === null ? null : (
        <Row name={t('network.card.key')}>
          <Fingerprint of={network.server_fingerprint} />
        </Row>
      )}
    </Rows>
  );
}

function StandStatus({ stand }: { readonly stand: Stand }) {
  const { tone, text } = useStandWords()(stand);
  return <Status tone={tone}>{text}</Status>;
}

interface ControlsProps extends Props {
  readonly network: Network;
}

function Controls({ network, settings, file, onSaved }: ControlsProps) {
  const { t } = useTranslation();
  const saver = useStandSaver(onSaved);
  const [isOpening, setOpening] = useState(false);
  const fixed = fixedNames(settings);
  if (fixed.length > 0) {
    return (
      <p className="flex items-center gap-1.5 font-medium">
        <Lock aria-hidden className="size-3.5 shrink-0" />
        {t('network.card.fixed', { names: fixed.join(t('settings.separator')) })}
      </p>
    );
  }
  const isClosed = standOf(settings).security === 'local';
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button onClick={() => setOpening(true)}>{t(isClosed ? 'network.card.open' : 'network.card.change')}</Button>
      {isClosed ? null : (
        <Button busy={saver.busy} onClick={() => void saver.close()}>
          {t('network.card.close')}
        </Button>
      )}
      {network.security === 'encrypted' ? (
        <a href={addressOf('brains')} className="px-2 underline underline-offset-2">
          {t('network.card.pair')}
        </a>
      ) : null}
      <p
        role="status"
        className={`basis-full font-medium empty:hidden ${saver.isRefused ? 'text-halted' : 'text-fine'}`}
      >
        {saver.said}
      </p>
      {isOpening ? (
        <OpenDialog
          network={network}
          stand={standOf(settings)}
          settingsFile={file}
          onSave={saver.open}
          onClose={() => setOpening(false)}
        />
      ) : null}
    </div>
  );
}
