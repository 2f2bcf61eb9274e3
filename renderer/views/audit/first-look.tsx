import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useApi, useHearing } from '../../api/api-context.tsx';
import { FIRST_PAGE_ROWS, type Page } from './list/audit-list.ts';

/** After the screen itself has been drawn, in milliseconds. */
const AFTER_MS = 500;

interface FirstLook {
  /** Undefined before the answer, null once it has been used. */
  readonly page: Page | null | undefined;
  readonly used: () => void;
}

const FirstLookContext = createContext<FirstLook>({ page: undefined, used: () => {} });

/**
 * Asks once for the newest rows ahead, so that the first look into the log waits neither for its reader to start nor for
 * the rows.
 */
export function FirstLookProvider({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const isHeard = useHearing() === 'up';
  const [page, setPage] = useState<Page | null | undefined>(undefined);
  const isWanted = isHeard && page === undefined;
  useEffect(() => {
    if (!isWanted) return;
    const ask = async () => {
      const answer = await api.call('auditPage', { filter: {}, limit: FIRST_PAGE_ROWS });
      if (answer.ok) setPage((now) => (now === undefined ? answer.output : now));
    };
    const timer = setTimeout(() => void ask(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [api, isWanted]);
  const look = useMemo(() => ({ page, used: () => setPage(null) }), [page]);
  return <FirstLookContext value={look}>{children}</FirstLookContext>;
}

/** Whether the log can be kept drawn while another view is shown. */
export function useIsLogAhead(): boolean {
  return use(FirstLookContext).page !== undefined;
}

/** What was asked for ahead, for the first list of all rows that is shown. */
export function useFirstLook(): Page | null {
  const { page, used } = use(FirstLookContext);
  // Effects do not run while the view is hidden.
  useEffect(used, [used]);
  return page ?? null;
}
