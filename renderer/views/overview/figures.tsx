import type { ReactNode } from 'react';

/** Names and figures in two columns; `muted` where they are not of now. */
export function Figures({ muted = false, children }: { readonly muted?: boolean; readonly children: ReactNode }) {
  return <dl className={`flex flex-col gap-y-0.5 ${muted ? 'text-muted' : ''}`}>{children}</dl>;
}

/** One figure with its name. */
export function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex justify-between gap-x-4">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-right wrap-anywhere">{children}</dd>
    </div>
  );
}

/** A figure that is not known. */
export const NOTHING = '–';
