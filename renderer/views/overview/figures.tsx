import type { ReactNode } from 'react';

/** Names and figures in two columns; `muted` where they are not of now. */
export function Figures({ muted = false, children }: { readonly muted?: boolean; readonly children: ReactNode }) {
  return (
    <dl className={`grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 ${muted ? 'text-muted' : ''}`}>{children}</dl>
  );
}

/** One figure with its name. */
export function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="truncate text-muted">{name}</dt>
      <dd className="min-w-0 text-right wrap-anywhere">{children}</dd>
    </>
  );
}

/** A figure that is not known. */
export const NOTHING = '–';
