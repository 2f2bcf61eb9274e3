import type { ComponentProps } from 'react';

const LOOKS = {
  plain: 'border-control-line bg-surface text-text hover:bg-sunken',
  quiet: 'border-transparent bg-transparent text-text hover:bg-sunken',
  main: 'border-fine bg-fine text-surface hover:brightness-110 dark:text-page',
  danger: 'border-halted bg-halted text-on-halted hover:brightness-110',
} as const;

interface Props extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS;
  /** What it began is under way: it cannot be pressed again, and keeps the focus. */
  readonly busy?: boolean;
}

/** A button; `main` for the one thing a view is for, `danger` only for what closes positions. */
export function Button({ look = 'plain', busy = false, className = '', disabled, onClick, ...others }: Props) {
  const isOff = disabled === true || busy;
  return (
    <button
      type="button"
      aria-disabled={isOff}
      aria-busy={busy}
      onClick={isOff ? undefined : onClick}
      className={`inline-flex min-h-8 items-center justify-center gap-2 rounded-md border px-3 py-1 font-medium whitespace-nowrap transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 ${LOOKS[look]} ${className}`}
      {...others}
    />
  );
}
