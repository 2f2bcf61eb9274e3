import { useEffect } from 'react';
import { useApi, useHearing } from '../../api/api-context.tsx';

/** After the screen itself has been drawn, in milliseconds. */
const AFTER_MS = 500;
const ROWS = 40;

/** Asks for the newest rows once, so that the first look into the log does not wait for its reader to start. */
export function useWarmLog(): void {
  const api = useApi();
  const isHeard = useHearing() === 'up';
  useEffect(() => {
    if (!isHeard) return;
    const timer = setTimeout(() => void api.call('auditPage', { filter: {}, limit: ROWS }), AFTER_MS);
    return () => clearTimeout(timer);
  }, [api, isHeard]);
}
