import { useTranslation } from 'react-i18next';

export function OverviewView() {
  const { t } = useTranslation();
  return <h1 className="text-lg font-semibold">{t('shell.views.overview')}</h1>;
}
