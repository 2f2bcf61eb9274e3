import { useTranslation } from 'react-i18next';

export function BrainsView() {
  const { t } = useTranslation();
  return <h1 className="text-lg font-semibold">{t('shell.views.brains')}</h1>;
}
