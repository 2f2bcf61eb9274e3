import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useNetworkWords } from '../../networks/use-network-words.ts';
import { Fingerprint } from '../../ui/fingerprint.tsx';

/** Who can connect, in a line; with keys also the gateway's own, to compare with what a brain shows. */
export function SecurityLine() {
  const { t } = useTranslation();
  const text = useSecurityText();
  const network = useTopic('network')?.value ?? null;
  const key = network?.server_fingerprint ?? null;
  const isPlain = network?.security === 'plain-network';
  return (
    <p className={`flex flex-wrap items-baseline gap-x-3 ${isPlain ? 'font-medium text-stale' : 'text-muted'}`}>
      {text(network)}
      {network?.security !== 'encrypted' || key === null ? null : (
        <span>
          {t('network.line.fingerprint')}: <Fingerprint of={key} />
        </span>
      )}
    </p>
  );
}

function useSecurityText(): (network: TopicValue<'network'> | null) => string {
  const { t } = useTranslation();
  const { networksText, placeText } = useNetworkWords();
  return (network) => {
    if (network === null) return t('network.line.unknown');
    const place = placeText(network.host);
    switch (network.security) {
      case 'local':
        return t('network.line.local');
      case 'encrypted':
        return network.is_open ? t('network.line.encrypted', { place }) : t('network.line.encryptedInside');
      case 'plain-network':
        return network.allow_from.length === 0
          ? t('network.warning.nobody')
          : t('network.line.plain', { networks: networksText(network.allow_from), place });
    }
  };
}
