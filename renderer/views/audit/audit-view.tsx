import { Download, OctagonX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import { usePreferences } from '../../preferences/preferences.tsx';
import { Button } from '../../ui/button.tsx';
import { useAuditAddress } from './address.ts';
import { AuditEntries } from './audit-entries.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBox } from './filter/filter-box.tsx';
import { queryText } from './filter/tokens.ts';
import { Integrity } from './integrity.tsx';

/** The audit log: what was asked, refused, done and changed, and whether that record is whole. */
export function AuditView() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { tokens } = useAuditAddress();
  const [isExporting, setExporting] = useState(false);
  const query = queryText(tokens);
  return (
    <div className="-m-4 flex h-[calc(100%+2rem)] min-h-96 flex-col">
      <div className="flex flex-col gap-2 px-4 pt-3 pb-2">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h1 className="text-lg font-semibold">{t('shell.views.audit')}</h1>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Integrity />
            <Button onClick={() => setExporting(true)}>
              <Download aria-hidden className="size-4" />
              {t('audit.export.open')}
            </Button>
          </div>
        </div>
        <Fault />
        <FilterBox />
      </div>
      <AuditEntries key={`${zone} ${query}`} tokens={tokens} />
      {isExporting ? <ExportDialog tokens={tokens} onClose={() => setExporting(false)} /> : null}
    </div>
  );
}

/** Nothing can be recorded: that stops trading, and nobody may overlook it. */
function Fault() {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const fault = useTopic('audit')?.value.fault ?? null;
  if (fault === null || !isHeard) return null;
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-halted px-3 py-2 font-medium text-on-halted">
      <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{t('audit.fault', { message: fault })}</span>
    </p>
  );
}
