import { Cable, LayoutDashboard, type LucideIcon, MonitorCog, ScrollText, Settings2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addressOf, useRoute, type View, VIEWS } from './route.ts';

const ICONS: Readonly<Record<View, LucideIcon>> = {
  overview: LayoutDashboard,
  brains: Cable,
  audit: ScrollText,
  metatrader: MonitorCog,
  settings: Settings2,
};

/** The five views; words beside the icons, icons alone where the window is narrow. */
export function Navigation() {
  const { t } = useTranslation();
  const { view: shown } = useRoute();
  return (
    <nav aria-label={t('shell.navigation')} className="w-14 shrink-0 border-r border-line bg-surface lg:w-48">
      <p className="hidden h-14 items-center px-4 text-base font-semibold lg:flex">{t('shell.product')}</p>
      <ul className="flex flex-col gap-1 p-2">
        {VIEWS.map((view) => {
          const Icon = ICONS[view];
          const isShown = view === shown;
          return (
            <li key={view}>
              <a
                href={addressOf(view)}
                aria-current={isShown ? 'page' : undefined}
                title={t(`shell.views.${view}`)}
                className={`flex h-9 items-center justify-center gap-2.5 rounded-md px-2.5 lg:justify-start ${isShown ? 'bg-sunken font-semibold text-text' : 'text-muted hover:bg-sunken hover:text-text'}`}
              >
                <Icon aria-hidden className="size-4 shrink-0" />
                <span className="sr-only lg:not-sr-only">{t(`shell.views.${view}`)}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
