import { Fragment, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsked } from '../../api/use-asked.ts';
import { useRoute } from '../../shell/route.ts';
import { grouped } from './groups.ts';
import { NetworkCard } from './network/network-card.tsx';
import { SaveBar } from './save-bar.tsx';
import { SettingsGroup } from './settings-group.tsx';
import { useDrafts } from './use-drafts.ts';

/** Every setting of the gateway: what it is, where it comes from, and a field that refuses nonsense in place. */
export function SettingsView() {
  const { t } = useTranslation();
  const { output, error, ask } = useAsked('settings');
  const settings = output?.settings ?? [];
  const drafts = useDrafts(settings, ask);
  useScrollToGroup(output !== null);
  return (
    <div className="flex max-w-5xl flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-lg font-semibold">{t('shell.views.settings')}</h1>
        {output === null ? null : (
          <p className="text-xs break-all text-muted">{t('settings.file', { file: output.file })}</p>
        )}
      </div>
      <p role="alert" className="font-medium text-halted empty:hidden">
        {error === null ? null : t('shell.failed', { message: error })}
      </p>
      {output === null && error === null ? <p className="text-muted">{t('shell.loading')}</p> : null}
      {grouped(settings).map(([group, members]) => (
        <Fragment key={group}>
          {group === 'listeners' && output !== null ? <NetworkCard {...output} onSaved={ask} /> : null}
          <SettingsGroup group={group} settings={members} drafts={drafts} />
        </Fragment>
      ))}
      <SaveBar drafts={drafts} />
    </div>
  );
}

/** `#/settings?group=paper` leads to that group. */
function useScrollToGroup(isShown: boolean): void {
  const group = useRoute().query.get('group');
  useEffect(() => {
    if (isShown && group !== null) document.getElementById(`settings-${group}`)?.scrollIntoView();
  }, [isShown, group]);
}
