import { KillControl } from './kill-control.tsx';

/** Trading state, account and kill control: there in every view. */
export function Header() {
  return (
    <header className="flex min-h-14 items-center justify-between gap-4 border-b border-line bg-surface px-4 py-2">
      <span />
      <KillControl />
    </header>
  );
}
