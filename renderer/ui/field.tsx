import { type ReactNode, useId } from 'react';

interface Props {
  readonly label: string;
  /** Unit and what is accepted. */
  readonly hint?: string | undefined;
  /** What is wrong with the value; null where nothing is. */
  readonly fault?: string | null;
  readonly children: (ids: {
    readonly id: string;
    readonly describedBy: string;
    readonly invalid: boolean;
  }) => ReactNode;
}

/** Looks of every text field. */
export const INPUT =
  'min-h-8 w-full rounded-md border border-control-line bg-surface px-2.5 py-1 text-text aria-invalid:border-halted';

/** A field with its label, hint and fault; the fault is told to a screen reader when it appears. */
export function Field({ label, hint, fault = null, children }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, describedBy: `${id}-hint ${id}-fault`, invalid: fault !== null })}
      <p id={`${id}-hint`} className="text-xs text-muted">
        {hint}
      </p>
      <p id={`${id}-fault`} role="alert" className="text-xs font-medium text-halted empty:hidden">
        {fault}
      </p>
    </div>
  );
}
