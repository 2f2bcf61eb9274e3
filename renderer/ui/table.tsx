import type { ReactNode } from 'react';

/** How a column stands: figures at the right, so that their digits are under each other. */
export type Align = 'left' | 'right';

const SIDES: Readonly<Record<Align, string>> = { left: 'text-left', right: 'text-right' };

/** A table of a card, edge to edge; its columns are named, also for those who do not see it. */
export function Table({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div role="group" aria-label={label} tabIndex={0} className="relative -mx-4 -my-3 overflow-x-auto rounded-b-lg">
      <table aria-label={label} className="w-full border-collapse whitespace-nowrap">
        <thead className="text-xs text-muted">
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The name of a column. */
export function Th({ align = 'left', children }: { readonly align?: Align; readonly children?: ReactNode }) {
  return (
    <th scope="col" className={`px-2 py-1.5 font-medium first:pl-4 last:pr-4 ${SIDES[align]}`}>
      {children}
    </th>
  );
}

export function Tr({ muted = false, children }: { readonly muted?: boolean; readonly children: ReactNode }) {
  return <tr className={`border-t border-line ${muted ? 'text-muted' : ''}`}>{children}</tr>;
}

interface CellProps {
  readonly align?: Align;
  readonly className?: string;
  readonly span?: number;
  readonly children?: ReactNode;
}

export function Td({ align = 'left', className = '', span, children }: CellProps) {
  return (
    <td colSpan={span} className={`px-2 py-1.5 first:pl-4 last:pr-4 ${SIDES[align]} ${className}`}>
      {children}
    </td>
  );
}
