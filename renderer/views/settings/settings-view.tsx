import { useTranslation } from 'react-i18next';

export function SettingsView() {
  const { t } = useTranslation();
  return <h1 className="text-lg font-semibold">{t('shell.views.settings')}</h1>;
}
