import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../preferences/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Status } from '../../../ui/status.tsx';
import type { ListView } from './audit-list.ts';

interface Props {
  readonly view: ListView;
  readonly isStale: boolean;
  readonly onRetry: () => void;
}

/** Under the list: how many entries it has, how far the search is, and what is missing. */
export function ListStatus({ view, isStale, onRetry }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const isFailed = view.fault !== null && !isStale && view.total > 0;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-1 text-xs text-muted">
      {view.total > 0 ? <span>{knownText()}</span> : null}
      {isStale ? <Status tone="unknown">{t('audit.list.stale')}</Status> : null}
      {isFailed ? (
        <>
          <Status tone="down">{t('audit.list.failed', { message: view.fault })}</Status>
          <Button onClick={onRetry}>{t('shell.retry')}</Button>
        </>
      ) : null}
      {view.gaps.map((gap) => (
        <Status key={gap} tone="down">
          {t('audit.list.gap', { gap })}
        </Status>
      ))}
    </div>
  );

  function knownText(): string {
    const rows = format.number(view.total);
    if (view.isFull) return t('audit.list.full', { rows });
    if (view.searchedTo !== null) return t('audit.list.searching', { entry: format.number(view.searchedTo) });
    return t(view.hasMore ? 'audit.list.knownMore' : 'audit.list.known', { rows });
  }
}
