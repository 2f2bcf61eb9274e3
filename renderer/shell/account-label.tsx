import { useTranslation } from 'react-i18next';
import { useHearing, useTopic } from '../api/api-context.tsx';

const MODES = ['REAL', 'DEMO', 'CONTEST', 'PAPER'] as const;

/** Whose money it is: the label differs in shape as well, so that a real account is never taken for another. */
export function AccountLabel() {
  const { t } = useTranslation();
  const isHeard = useHearing() === 'up';
  const terminal = useTopic('terminal')?.value;
  const { login, server, account_mode: told } = terminal ?? { login: null, server: null, account_mode: null };
  const mode = MODES.find((known) => known === told);
  const isKnown = login !== null && server !== null;
  const look = mode === 'REAL' ? 'border-text bg-text text-page' : 'border-control-line text-text';
  return (
    <div
      role="group"
      aria-label={t('shell.account.label')}
      className={`hidden min-w-0 items-center gap-2 md:flex ${isHeard ? '' : 'text-muted'}`}
    >
      {told === null ? null : (
        <span className={`shrink-0 rounded border px-1.5 text-xs font-semibold ${look}`}>
          {mode === undefined ? told : t(`shell.account.${mode}`)}
        </span>
      )}
      <span className="truncate text-muted">
        {isKnown ? t('shell.account.at', { login, server }) : t('shell.account.unknown')}
      </span>
    </div>
  );
}
