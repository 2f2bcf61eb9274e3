import { useTranslation } from 'react-i18next';
import { useTopic } from '../../api/api-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { brainCommands } from './brain-commands.ts';

/** Says how the first brain connects. */
export function ConnectHint() {
  const { t } = useTranslation();
  const network = useTopic('network')?.value;
  if (network?.security !== 'encrypted') return <Commands reachedAt={network?.addresses[0]?.address ?? null} />;
  return <EmptyState title={t('pairing.empty.title')}>{t('pairing.empty.text')}</EmptyState>;
}

/** The two commands that connect a brain without keys. */
function Commands({ reachedAt }: { readonly reachedAt: string | null }) {
  const { t } = useTranslation();
  const channels = useTopic('channels')?.value;
  const commands = channels === undefined ? null : brainCommands(channels, reachedAt);
  return (
    <EmptyState title={t('brains.empty.title')}>
      <p>{t('brains.empty.text')}</p>
      {commands === null ? (
        <p className="mt-3">{t('brains.empty.unknownPorts')}</p>
      ) : (
        <>
          <Command what={t('brains.empty.tryIt')} command={commands.tryIt} />
          <Command what={t('brains.empty.runIt')} command={commands.runIt} />
        </>
      )}
    </EmptyState>
  );
}

function Command({ what, command }: { readonly what: string; readonly command: string }) {
  const { t } = useTranslation();
  return (
    <div className="mt-4 flex flex-col gap-1">
      <p className="font-medium text-text">{what}</p>
      <div className="flex items-start gap-2">
        <code className="flex-1 rounded-md bg-sunken px-3 py-1.5 font-mono text-xs leading-5 break-words text-text">
          {command}
        </code>
        <CopyButton text={command} label={t('brains.empty.copy', { what })} />
      </div>
    </div>
  );
}
