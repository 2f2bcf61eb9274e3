import { createContext, type ReactNode, use, useCallback, useState } from 'react';

type Announce = (text: string, urgency?: 'polite' | 'assertive') => void;
const AnnounceContext = createContext<Announce>(() => {});

/** Two live regions that are there from the start: a region that comes with its text is not read. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [polite, setPolite] = useState('');
  const [assertive, setAssertive] = useState('');
  const announce = useCallback<Announce>((text, urgency = 'polite') => {
    if (urgency === 'assertive') setAssertive(text);
    else setPolite(text);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className="sr-only">
        {polite}
      </div>
      <div role="alert" aria-live="assertive" className="sr-only">
        {assertive}
      </div>
    </AnnounceContext>
  );
}

/** Tells a screen reader; `assertive` only for changes of the trading state. */
export function useAnnounce(): Announce {
  return use(AnnounceContext);
}
