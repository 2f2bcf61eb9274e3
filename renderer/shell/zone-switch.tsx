import { useTranslation } from 'react-i18next';
import { usePreferences, type Zone } from '../preferences/preferences.tsx';

const ZONES = ['local', 'utc'] as const satisfies readonly Zone[];

/** In which zone all times of the screen are. */
export function ZoneSwitch() {
  const { t } = useTranslation();
  const preferences = usePreferences();
  return (
    <div role="group" aria-label={t('shell.zone.label')} className="hidden rounded-md border border-line sm:flex">
      {ZONES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === preferences.zone}
          onClick={() => preferences.setZone(one)}
          className="px-2 py-1 text-xs whitespace-nowrap text-muted first:rounded-l-md last:rounded-r-md aria-pressed:bg-sunken aria-pressed:font-semibold aria-pressed:text-text"
        >
          {t(`shell.zone.${one}`)}
        </button>
      ))}
    </div>
  );
}
