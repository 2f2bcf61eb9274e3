import { type Preferences, usePreferences } from './preferences.tsx';

/** Numbers, money, times and ages in the operator's language and zone. */
export interface Format {
  /** With this many decimals, at least and at most. */
  number(value: number, decimals?: number): string;
  /** Like `number`, with its sign also where it is above 0. */
  signed(value: number, decimals: number): string;
  /** A volume: two decimals, more where it has them. */
  lots(volume: number): string;
  /** With its currency where that is a code that the language knows, else as a number with the code behind it. */
  money(value: number, currency: string): string;
  /** `2026-11-27 14:02:31`, in the zone of the preferences. */
  time(ms: number): string;
  /** `2026-11-27`. */
  date(ms: number): string;
  /** `14:02:31`. */
  clock(ms: number): string;
  /** `3 s`, `4 min`, `2 h`, `5 d`; below a second `0 s`. */
  age(ms: number): string;
  bytes(count: number): string;
}

/** One for all: making an Intl format costs more than showing a row. */
const formats = new Map<string, Format>();

export function useFormat(): Format {
  const { language, zone } = usePreferences();
  const key = `${language} ${zone}`;
  const known = formats.get(key) ?? createFormat(language, zone);
  formats.set(key, known);
  return known;
}

export function createFormat(language: Preferences['language'], zone: Preferences['zone']): Format {
  const numbers = new Map<number, Intl.NumberFormat>();
  const number = (value: number, decimals = 0) => {
    let format = numbers.get(decimals);
    if (format === undefined) {
      format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
      numbers.set(decimals, format);
    }
    return format.format(value);
  };
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const clock = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium', ...timeZone });
  const date = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...timeZone });
  const time = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...timeZone });
  const unit = (name: string, value: number) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  return {
    number,
    signed: (value, decimals) => (value > 0 ? '+' : '') + number(value, decimals),
    lots: (volume) => number(volume, Math.max(2, decimalsOf(volume))),
    money: (value, currency) => {
      if (!/^[A-Z]{3}$/.test(currency)) return `${number(value, 2)} ${currency}`.trim();
      return new Intl.NumberFormat(language, { style: 'currency', currency }).format(value);
    },
    time: (ms) => time.format(ms),
    date: (ms) => date.format(ms),
    clock: (ms) => clock.format(ms),
    age: (ms) => {
      const seconds = Math.floor(ms / 1_000);
      if (seconds < 60) return unit('second', seconds);
      if (seconds < 3_600) return unit('minute', Math.floor(seconds / 60));
      if (seconds < 86_400) return unit('hour', Math.floor(seconds / 3_600));
      return unit('day', Math.floor(seconds / 86_400));
    },
    bytes: (count) =>
      count < 1_048_576
        ? unit('kilobyte', Math.ceil(count / 1_024))
        : unit('megabyte', Math.round(count / 104_857.6) / 10),
  };
}

const MOST_DECIMALS = 8;

function decimalsOf(value: number): number {
  return Math.min(MOST_DECIMALS, value.toFixed(MOST_DECIMALS).replace(/0+$/, '').split('.')[1]?.length ?? 0);
}
