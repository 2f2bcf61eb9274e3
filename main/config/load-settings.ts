import {
  DESCRIPTIONS,
  SETTING_KEYS,
  environmentName,
  flagName,
  settingsSchema,
  type SettingKey,
  type Settings,
} from './settings.ts';
import { readSettingsFile, type SettingsFileNote } from './settings-file.ts';

/** Where a value came from; flags win over the environment over the file over defaults. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

export type Loaded =
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly origins: Readonly<Record<SettingKey, Origin>>;
      readonly notes: readonly SettingsFileNote[];
    }
  | { readonly ok: false; readonly message: string };

/** Values of the command line, by setting; as text, the way they were typed. */
export type FlagValues = Readonly<Partial<Record<SettingKey, string>>>;

/** Reads every source and checks the result. A refusal names the setting, its source and what is accepted. */
export function loadSettings(dataDir: string, flags: FlagValues, environment: NodeJS.ProcessEnv): Loaded {
  const file = readSettingsFile(dataDir);
  const settings: Partial<Record<SettingKey, unknown>> = {};
  const origins = {} as Record<SettingKey, Origin>;
  for (const key of SETTING_KEYS) {
    const found = findSetting(key, flags, environment, file.values);
    origins[key] = found.origin;
    const parsed = settingsSchema.shape[key].safeParse(found.value);
    if (!parsed.success) return { ok: false, message: complaint(key, found, parsed.error.issues[0]?.message) };
    settings[key] = parsed.data;
  }
  return { ok: true, settings: settings as Settings, origins, notes: file.notes };
}

/** A value and where it was found; undefined where nothing sets it. Not checked. */
export interface Found {
  readonly origin: Origin;
  readonly value: unknown;
}

/** The value of a setting that wins over the others. */
export function findSetting(
  key: SettingKey,
  flags: FlagValues,
  environment: NodeJS.ProcessEnv,
  file: Readonly<Partial<Record<SettingKey, unknown>>>,
): Found {
  const flag = flags[key];
  if (flag !== undefined) return { origin: 'flag', value: valueOfText(key, flag) };
  const variable = environment[environmentName(key)];
  if (variable !== undefined && variable !== '') return { origin: 'environment', value: valueOfText(key, variable) };
  if (file[key] !== undefined) return { origin: 'file', value: file[key] };
  return { origin: 'default', value: undefined };
}

/** What a setting typed as text stands for; text that is neither number nor switch stays text and is refused by the schema. */
export function valueOfText(key: SettingKey, text: string): unknown {
  const schema = settingsSchema.shape[key];
  const standard = schema.safeParse(undefined).data;
  if (Array.isArray(standard)) return text.split(',').filter((name) => name !== '');
  if (typeof standard === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  // A number, unless the setting takes text that looks like one.
  return /^-?\d+(\.\d+)?$/.test(text) && !schema.safeParse(text).success ? Number(text) : text;
}

function complaint(key: SettingKey, found: Found, accepted = DESCRIPTIONS[key].value): string {
  const named = {
    flag: `--${flagName(key)}`,
    environment: environmentName(key),
    file: `"${flagName(key).replaceAll('-', '_')}" in settings.json`,
    default: flagName(key),
  }[found.origin];
  return `${named} is ${JSON.stringify(found.value)}; it takes ${accepted}`;
}
