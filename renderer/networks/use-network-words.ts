import { useTranslation } from 'react-i18next';
import { isEveryAddress } from './networks.ts';

/** A longer list of networks is not read. */
const NAMED = 3;

/** Networks and addresses in words. */
export function useNetworkWords() {
  const { t } = useTranslation();
  return {
    networksText: (networks: readonly string[]): string => {
      const named = networks.slice(0, NAMED).join(t('network.separator'));
      const count = networks.length - NAMED;
      return count > 0 ? t('network.more', { networks: named, count }) : named;
    },
    placeText: (host: string): string => (isEveryAddress(host) ? t('network.everyAddress') : host),
  };
}
