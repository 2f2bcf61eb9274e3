import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { isLoopback } from '../../../networks/networks.ts';
import { useNetworkWords } from '../../../networks/use-network-words.ts';
import type { Tone } from '../../../ui/status.tsx';
import type { Setting } from '../setting-texts.ts';

/** How a gateway stands in the network, by the settings that say it. */
export interface Stand {
  readonly security: TopicValue<'network'>['security'];
  readonly host: string;
  readonly allowFrom: readonly string[];
}

/** The settings that open and close the gateway; they are saved together. */
export const STAND_SETTINGS = ['security', 'host', 'allow_from', 'accept_unencrypted'] as const;

/** How it will stand with these settings, after the next start. */
export function standOf(settings: readonly Setting[]): Stand {
  const valueOf = (name: string) => settings.find((setting) => setting.name === name)?.value;
  const [security, host, allowFrom] = [valueOf('security'), valueOf('host'), valueOf('allow_from')];
  return {
    security: security === 'encrypted' || security === 'plain-network' ? security : 'local',
    host: typeof host === 'string' ? host : '127.0.0.1',
    allowFrom: Array.isArray(allowFrom) ? allowFrom : [],
  };
}

/** Whether the running gateway stands otherwise than these settings say. */
export function isPending(settings: readonly Setting[]): boolean {
  return standSettings(settings).some(({ running }) => running !== undefined);
}

/** Names of those that only command line or environment can change. */
export function fixedNames(settings: readonly Setting[]): string[] {
  const isFixed = ({ origin }: Setting) => origin === 'flag' || origin === 'environment';
  return standSettings(settings)
    .filter(isFixed)
    .map(({ name }) => name);
}

function standSettings(settings: readonly Setting[]): readonly Setting[] {
  return settings.filter(({ name }) => STAND_SETTINGS.some((one) => one === name));
}

/** A stand in words. */
export function useStandWords(): (stand: Stand) => { readonly tone: Tone; readonly text: string } {
  const { t } = useTranslation();
  const { networksText } = useNetworkWords();
  return ({ security, host, allowFrom }) => {
    switch (security) {
      case 'local':
        return { tone: 'normal', text: t('network.card.state.local') };
      case 'encrypted':
        return isLoopback(host)
          ? { tone: 'normal', text: t('network.card.state.encryptedInside') }
          : { tone: 'fine', text: t('network.card.state.encrypted') };
      case 'plain-network': {
        const networks = networksText(allowFrom);
        const text = networks === '' ? t('network.warning.nobody') : t('network.card.state.plain', { networks });
        return { tone: 'exposed', text };
      }
    }
  };
}
