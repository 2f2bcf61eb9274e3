import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** Stands at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A part of a view with a title of its own. */
export function Card({ title, aside, children, className = '' }: Props) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={`rounded-lg border border-line bg-surface ${className}`}>
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
        <h2 id={heading} className="font-semibold">
          {title}
        </h2>
        {aside}
      </div>
      <div className="px-4 py-3">{children}</div>
    </section>
  );
}
