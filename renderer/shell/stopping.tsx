import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/api-context.tsx';

/** What was pressed here to stop trading, for control, header and banner. */
export interface Stopping {
  /** Has not been answered yet. */
  readonly isStopping: boolean;
  /** Why the last press was not confirmed; null where it was. */
  readonly fault: string | null;
  /** Counts presses. */
  readonly presses: number;
  /** Stops trading at once; with `all`, closes everything too. */
  readonly stop: (all: boolean) => void;
}

const StoppingContext = createContext<Stopping | null>(null);

/** Holds the stop that is under way, for everything inside. */
export function StoppingProvider({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const { t } = useTranslation();
  const [underWay, setUnderWay] = useState(0);
  const [fault, setFault] = useState<string | null>(null);
  const [presses, setPresses] = useState(0);
  const stop = useCallback(
    (all: boolean) => {
      setUnderWay((before) => before + 1);
      setFault(null);
      setPresses((before) => before + 1);
      const asked = all
        ? api.call('kill', { reason: t('kill.killReason') })
        : api.call('halt', { reason: t('kill.haltReason') });
      void asked
        .then((answer) => setFault(answer.ok ? null : answer.error))
        .catch((error: unknown) => setFault(String(error)))
        .finally(() => setUnderWay((before) => before - 1));
    },
    [api, t],
  );
  const isStopping = underWay > 0;
  const stopping = useMemo(() => ({ isStopping, fault, presses, stop }), [isStopping, fault, presses, stop]);
  return <StoppingContext value={stopping}>{children}</StoppingContext>;
}

export function useStopping(): Stopping {
  const stopping = use(StoppingContext);
  if (stopping === null) throw new Error('there is no StoppingProvider around this');
  return stopping;
}
