import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useHearing } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { usePreferences } from '../../preferences/preferences.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { goToEntry, goToFilter, useAuditAddress } from './address.ts';
import { EntryDrawer } from './drawer/entry-drawer.tsx';
import { useFirstLook } from './first-look.tsx';
import { filterOf, type Token, withToken } from './filter/tokens.ts';
import { AuditList, type ListView } from './list/audit-list.ts';
import { AuditTable } from './list/audit-table.tsx';
import { ListStatus } from './list/list-status.tsx';

/** The entries that match one filter, and the one of them that is open. Made anew for another filter. */
export function AuditEntries({ tokens }: { readonly tokens: readonly Token[] }) {
  const api = useApi();
  const { zone } = usePreferences();
  const { entry } = useAuditAddress();
  const isStale = useHearing() !== 'up';
  const grid = useRef<HTMLDivElement>(null);
  const firstLook = useFirstLook();
  const [list] = useState(() => {
    const first = tokens.length === 0 ? firstLook : null;
    return new AuditList(api, filterOf(tokens, zone, Date.now()), first);
  });
  const view = useSyncExternalStore(list.follow, list.view);
  useEffect(() => api.subscribe('audit', ({ head }) => list.headIs(head.seq)), [api, list]);
  // Asked for before the empty list is painted, not after.
  useLayoutEffect(() => {
    if (isStale) return;
    list.resume();
    return () => list.stop();
  }, [list, isStale]);
  useNewerTold(view);

  const pick = useCallback((token: Token) => goToFilter(withToken(tokens, token)), [tokens]);
  const close = () => {
    goToEntry(null);
    grid.current?.focus();
  };
  const beside = (by: number) => {
    const at = entry === null ? -1 : list.indexOf(entry);
    return at < 0 || at + by < 0 ? null : (list.row(at + by)?.seq ?? null);
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col border-t border-line">
      {view.total === 0 ? (
        <Nothing view={view} isStale={isStale} isFiltered={tokens.length > 0} onRetry={() => list.resume()} />
      ) : (
        <AuditTable
          list={list}
          view={view}
          grid={grid}
          openSeq={entry}
          isStale={isStale}
          onOpen={goToEntry}
          onPick={pick}
        />
      )}
      <ListStatus view={view} isStale={isStale} onRetry={() => list.resume()} />
      {entry === null ? null : (
        <EntryDrawer
          seq={entry}
          newerSeq={beside(-1)}
          olderSeq={beside(1)}
          onGo={goToEntry}
          onClose={close}
          onPick={pick}
        />
      )}
    </div>
  );
}

/** Tells a screen reader that newer entries wait, without counting each of them. */
function useNewerTold({ newer }: ListView): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const isWaiting = newer.count > 0 || newer.isMore;
  const text = newer.isMore ? '200+' : String(newer.count);
  const last = useRef('');
  useEffect(() => {
    last.current = text;
  }, [text]);
  useEffect(() => {
    if (isWaiting) announce(t('audit.list.newerTold', { rows: last.current }));
  }, [isWaiting, announce, t]);
}

interface NothingProps {
  readonly view: ListView;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly onRetry: () => void;
}

/** Why no entry is shown, and what can be done. */
function Nothing({ view, isStale, isFiltered, onRetry }: NothingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return <div className="min-h-0 flex-1 overflow-auto bg-surface px-4">{whatStands()}</div>;

  function whatStands() {
    if (isStale) return <EmptyState title={t('audit.list.unheard')}>{t('shell.hearing.retrying')}</EmptyState>;
    if (view.fault !== null) {
      return (
        <EmptyState
          title={t('audit.list.failed', { message: view.fault })}
          actions={<Button onClick={onRetry}>{t('shell.retry')}</Button>}
        />
      );
    }
    if (view.searchedTo !== null) {
      return <EmptyState title={t('audit.list.searching', { entry: format.number(view.searchedTo) })} />;
    }
    if (view.hasMore || view.isLoading) return <EmptyState title={t('shell.loading')} />;
    if (!isFiltered) return <EmptyState title={t('audit.list.none')}>{t('audit.list.noneHint')}</EmptyState>;
    return (
      <EmptyState
        title={t('audit.list.noMatch')}
        actions={<Button onClick={() => goToFilter([])}>{t('audit.filter.clear')}</Button>}
      >
        {t('audit.list.noMatchHint')}
      </EmptyState>
    );
  }
}
