import { useTranslation } from 'react-i18next';

export function MetaTraderView() {
  const { t } = useTranslation();
  return <h1 className="text-lg font-semibold">{t('shell.views.metatrader')}</h1>;
}
