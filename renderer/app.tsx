import { Activity } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlApi } from '../main/control/contract.ts';
import { ApiProvider } from './api/api-context.tsx';
import { PreferencesProvider } from './preferences/preferences.tsx';
import { Header } from './shell/header.tsx';
import { Navigation } from './shell/navigation.tsx';
import { useRoute, type View } from './shell/route.ts';
import { StateBanner } from './shell/state-banner.tsx';
import { StoppingProvider } from './shell/stopping.tsx';
import { Announcer } from './ui/announcer.tsx';
import { AuditView } from './views/audit/audit-view.tsx';
import { FirstLookProvider, useIsLogAhead } from './views/audit/first-look.tsx';
import { BrainsView } from './views/brains/brains-view.tsx';
import { MetaTraderView } from './views/metatrader/metatrader-view.tsx';
import { OverviewView } from './views/overview/overview-view.tsx';
import { SettingsView } from './views/settings/settings-view.tsx';

const SHOWN: Readonly<Record<View, () => React.ReactNode>> = {
  overview: OverviewView,
  brains: BrainsView,
  audit: AuditView,
  metatrader: MetaTraderView,
  settings: SettingsView,
};

/** The whole screen over a gateway. */
export function App({ api }: { readonly api: ControlApi }) {
  return (
    <ApiProvider api={api}>
      <PreferencesProvider>
        <Announcer>
          <StoppingProvider>
            <FirstLookProvider>
              <Frame />
            </FirstLookProvider>
          </StoppingProvider>
        </Announcer>
      </PreferencesProvider>
    </ApiProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const { view } = useRoute();
  const isLogAhead = useIsLogAhead();
  const View = SHOWN[view];
  return (
    <div className="flex h-full">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:bg-surface focus:p-2">
        {t('shell.skip')}
      </a>
      <Navigation />
      <div className="flex min-w-0 flex-1 flex-col">
        <Header />
        <StateBanner />
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-auto p-4 outline-none">
          {view === 'audit' ? null : <View />}
          {/* The one view that is dear to draw stays drawn; hidden, it follows nothing and asks nothing. */}
          {view === 'audit' || isLogAhead ? (
            <Activity mode={view === 'audit' ? 'visible' : 'hidden'}>
              <AuditView />
            </Activity>
          ) : null}
        </main>
      </div>
    </div>
  );
}
