import { useTranslation } from 'react-i18next';
import { useAsked } from '../../api/use-asked.ts';
import { addressOf } from '../../shell/route.ts';
import { Card } from '../../ui/card.tsx';
import { useSettingTexts } from '../settings/setting-texts.ts';
import { Row, Rows } from '../../ui/rows.tsx';

/** With what the paper broker runs; it is changed in the settings. */
export function PaperCard() {
  const { t } = useTranslation();
  const { output } = useAsked('settings');
  const { labelOf, valueText } = useSettingTexts();
  const settings = output?.settings.filter(({ name }) => name.startsWith('paper_')) ?? [];
  const change = (
    <a href={addressOf('settings', { group: 'paper' })} className="font-medium text-fine underline underline-offset-2">
      {t('metatrader.paper.change')}
    </a>
  );
  return (
    <Card title={t('metatrader.paper.title')} aside={change}>
      <Rows>
        {settings.map((setting) => (
          <Row key={setting.name} name={labelOf(setting.name)}>
            {valueText(setting, setting.running ?? setting.value)}
          </Row>
        ))}
      </Rows>
    </Card>
  );
}
