import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** What stands where there is nothing to show: says why, and what can be done. */
export function EmptyState({ title, children, actions }: Props) {
  return (
    <div className="flex flex-col items-start gap-2 py-4">
      <p className="font-medium">{title}</p>
      {children === undefined ? null : <div className="max-w-prose text-muted">{children}</div>}
      {actions === undefined ? null : <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
