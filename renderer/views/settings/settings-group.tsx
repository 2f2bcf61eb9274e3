import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card.tsx';
import type { Group } from './groups.ts';
import type { Setting } from './setting-texts.ts';
import { SettingRow } from './setting-row.tsx';
import type { Drafts } from './use-drafts.ts';

interface Props {
  readonly group: Group;
  readonly settings: readonly Setting[];
  readonly drafts: Drafts;
}

/** Settings that belong together. */
export function SettingsGroup({ group, settings, drafts }: Props) {
  const { t } = useTranslation();
  return (
    <div id={`settings-${group}`} className="scroll-mt-2">
      <Card title={t(`settings.groups.${group}.title`)}>
        <p className="mb-2 text-muted">{t(`settings.groups.${group}.about`)}</p>
        <div className="-mx-4 -mb-3 divide-y divide-line">
          {settings.map((setting) => (
            <SettingRow key={setting.name} setting={setting} drafts={drafts} />
          ))}
        </div>
      </Card>
    </div>
  );
}
