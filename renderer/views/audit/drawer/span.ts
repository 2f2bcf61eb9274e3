import type { Format } from '../../../preferences/format.ts';
import { useFormat } from '../../../preferences/format.ts';
import { usePreferences } from '../../../preferences/preferences.tsx';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;

/** How long something took: `310 µs`, `4.2 ms`, `2.1 s`, then as an age. */
export function useSpanText(): (us: number) => string {
  const { language } = usePreferences();
  const format = useFormat();
  return (us) => spanText(us, language, format);
}

export function spanText(us: number, language: string, format: Format): string {
  const unit = (name: string, value: number, maximumFractionDigits: number) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits }).format(
      value,
    );
  if (Math.abs(us) < 1_000) return unit('microsecond', us, 0);
  if (Math.abs(us) < SECOND_US) return unit('millisecond', us / 1_000, 2);
  return us < MINUTE_US ? unit('second', us / SECOND_US, 2) : format.age(us / 1_000);
}
