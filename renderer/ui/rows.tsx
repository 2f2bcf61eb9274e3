import type { ReactNode } from 'react';

interface RowsProps {
  readonly muted?: boolean;
  readonly children: ReactNode;
}

/** Names and values beside each other; muted where they are only the last known. */
export function Rows({ muted = false, children }: RowsProps) {
  return (
    <dl
      className={`grid grid-cols-[minmax(8rem,max-content)_minmax(0,1fr)] gap-x-6 gap-y-2 ${muted ? 'text-muted' : ''}`}
    >
      {children}
    </dl>
  );
}

export function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
