import { useTranslation } from 'react-i18next';

export function AuditView() {
  const { t } = useTranslation();
  return <h1 className="text-lg font-semibold">{t('shell.views.audit')}</h1>;
}
