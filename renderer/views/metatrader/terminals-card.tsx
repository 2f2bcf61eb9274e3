import { Download, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/api-context.tsx';
import { useAsked } from '../../api/use-asked.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FoundTerminal } from './found-terminal.tsx';

/** The terminals of this machine, each with its bridge program. */
export function TerminalsCard() {
  const { t } = useTranslation();
  const { output, busy, error, ask } = useAsked('terminals');
  const look = (
    <Button busy={busy} onClick={() => void ask()}>
      <RefreshCw aria-hidden className={`size-4 ${busy ? 'animate-spin' : ''}`} />
      {t('metatrader.terminals.look')}
    </Button>
  );
  return (
    <Card title={t('metatrader.terminals.title')} aside={look}>
      <p role="alert" className="font-medium text-halted empty:hidden">
        {error === null ? null : t('shell.failed', { message: error })}
      </p>
      {output === null ? (
        busy && <p className="text-muted">{t('shell.loading')}</p>
      ) : output.terminals.length === 0 ? (
        <NoneFound lookedIn={output.looked_in} />
      ) : (
        <ul className="-mx-4 -my-3 divide-y divide-line">
          {output.terminals.map((terminal) => (
            <li key={terminal.folder} className="px-4 py-3">
              <FoundTerminal terminal={terminal} onInstalled={() => void ask()} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function NoneFound({ lookedIn }: { readonly lookedIn: readonly string[] }) {
  const { t } = useTranslation();
  const { shell } = useApi();
  const download = (
    <Button onClick={() => shell.openPage('metatrader-download')}>
      <Download aria-hidden className="size-4" />
      {t('metatrader.terminals.none.download')}
    </Button>
  );
  return (
    <EmptyState title={t('metatrader.terminals.none.title')} actions={download}>
      <p>{t('metatrader.terminals.none.then')}</p>
      <p className="mt-2">
        {lookedIn.length === 0 ? t('metatrader.terminals.none.nowhere') : t('metatrader.terminals.none.looked')}
      </p>
      <ul>
        {lookedIn.map((folder) => (
          <li key={folder} className="font-mono text-xs break-all">
            {folder}
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
