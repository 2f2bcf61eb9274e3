import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { type Language, LANGUAGES, languageOf, openTexts } from '../../main/control/text/index.ts';
import { useApi, useHearing } from '../api/api-context.tsx';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** In which zone times are shown; kept in this browser, since it is about who looks and not about the gateway. */
export type Zone = 'local' | 'utc';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly zone: Zone;
  /** One press of the kill control halts and closes all. */
  readonly killAtOnce: boolean;
}

interface Held extends Preferences {
  setZone(zone: Zone): void;
  /** Reads language, theme and kill control from the settings again, after they were saved. */
  reload(): void;
}

const PreferencesContext = createContext<Held | null>(null);
const ZONE_KEY = 'mt5-fabric-zone';

/** Language, theme and zone for everything inside. Until the gateway has told its settings, the browser's own. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const hearing = useHearing();
  const [saved, setSaved] = useState<Readonly<Record<string, unknown>>>({});
  const [zone, setZoneState] = useState<Zone>(() => (localStorage.getItem(ZONE_KEY) === 'utc' ? 'utc' : 'local'));
  const reload = useCallback(() => {
    void api.call('settings', {}).then((answer) => {
      if (answer.ok) setSaved(Object.fromEntries(answer.output.settings.map(({ name, value }) => [name, value])));
    });
  }, [api]);
  useEffect(() => {
    if (hearing === 'up') reload();
  }, [hearing, reload]);

  const language = LANGUAGES.find((one) => one === saved['language']) ?? languageOf(navigator.languages);
  const theme = THEMES.find((one) => one === saved['theme']) ?? 'system';
  const killAtOnce = saved['kill_at_once'] === true;
  useTheme(theme);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const texts = useMemo(() => openTexts(language), [language]);
  const held = useMemo<Held>(() => {
    const setZone = (wanted: Zone) => {
      localStorage.setItem(ZONE_KEY, wanted);
      setZoneState(wanted);
    };
    return { language, theme, zone, killAtOnce, setZone, reload };
  }, [language, theme, zone, killAtOnce, reload]);
  return (
    <PreferencesContext value={held}>
      <I18nextProvider i18n={texts}>{children}</I18nextProvider>
    </PreferencesContext>
  );
}

export function usePreferences(): Held {
  const held = use(PreferencesContext);
  if (held === null) throw new Error('there is no PreferencesProvider around this');
  return held;
}

function useTheme(theme: Theme): void {
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
}
