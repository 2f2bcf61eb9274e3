import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';

interface Props {
  readonly rules: TopicValue<'network'>['firewall'];
  /** Tells the gateway's system by how a path is written there. */
  readonly settingsFile: string;
}

const SYSTEMS = ['windows', 'linux'] as const;

/** The rule that lets brains through the firewall, that of the gateway's own system first. */
export function FirewallRules({ rules, settingsFile }: Props) {
  const { t } = useTranslation();
  const own = settingsFile.startsWith('/') ? 'linux' : 'windows';
  const ordered = SYSTEMS.toSorted((a, b) => Number(b === own) - Number(a === own));
  return (
    <section aria-label={t('network.dialog.firewall')} className="flex flex-col gap-2">
      <p>
        <span className="font-medium">{t('network.dialog.firewall')}</span>
        <span className="block text-muted">{t('network.dialog.firewallAbout')}</span>
      </p>
      {ordered.map((one) => {
        const system = t(`network.dialog.${one}`);
        return (
          <div key={one} className="flex flex-col gap-1">
            <p className="text-xs text-muted">{one === own ? t('network.dialog.thisSystem', { system }) : system}</p>
            <div className="flex items-start gap-2">
              <code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-1.5 font-mono text-xs leading-5 wrap-anywhere">
                {rules[one]}
              </code>
              <CopyButton text={rules[one]} label={t('network.dialog.copyRule', { system })} />
            </div>
          </div>
        );
      })}
    </section>
  );
}
