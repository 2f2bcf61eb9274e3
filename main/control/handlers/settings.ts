import type { FlagValues, Found } from '../../config/load-settings.ts';
import { findSetting, valueOfText } from '../../config/load-settings.ts';
import { settingKind } from '../../config/setting-kind.ts';
import { readSettingsFile, settingsPath, settingsText } from '../../config/settings-file.ts';
import {
  DESCRIPTIONS,
  fileName,
  SETTING_KEYS,
  settingsSchema,
  type SettingKey,
  type Settings,
} from '../../config/settings.ts';
import { replaceFileAtomically } from '../../config/write-file-atomically.ts';
import { notRunnable } from '../../host-settings.ts';
import type { Log } from '../../log.ts';
import type { JsonValue } from '../../protocol/json-value.ts';
import type { ControlHandlers, ControlInput, ControlOutput } from '../contract.ts';
import type { RecordOperator } from '../operator-row.ts';

export interface SettingsPorts {
  readonly dataDir: string;
  readonly log: Log;
  readonly record: RecordOperator;
  /** With which this gateway runs. */
  readonly settings: Settings;
  /** What wins over the file, now and at the next start under the same command line. */
  readonly flags: FlagValues;
  readonly environment: NodeJS.ProcessEnv;
}

/** The calls about the settings. */
export type SettingsHandlers = Pick<ControlHandlers, 'settings' | 'saveSettings'>;

type Shown = ControlOutput<'settings'>['settings'][number];
type Changes = ControlInput<'saveSettings'>['changes'];
type Saved = ControlOutput<'saveSettings'>;
type FileValues = Readonly<Partial<Record<SettingKey, unknown>>>;

/** Makes the calls about the settings. */
export function settingsHandlers(ports: SettingsPorts): SettingsHandlers {
  const { dataDir } = ports;
  let lastSave: Promise<unknown> = Promise.resolve();
  return {
    settings: () => {
      const file = fileValues(ports);
      return Promise.resolve({
        file: settingsPath(dataDir),
        settings: SETTING_KEYS.map((key) => shown(key, find(key, file, ports), ports.settings)),
      });
    },
    // One after the other: each adds to what the one before has saved.
    saveSettings: ({ changes }, by) => {
      const saved = lastSave.then(() => save(changes, by, ports));
      lastSave = saved.catch(() => {});
      return saved;
    },
  };
}

async function save(changes: Changes, by: string, ports: SettingsPorts): Promise<Saved> {
  const before = fileValues(ports);
  const checked = checkedChanges(changes);
  if (!checked.ok) return { saved: false, faults: checked.faults };
  const after: FileValues = { ...before, ...checked.values };
  const faults = togetherFaults(after, Object.keys(changes), ports);
  if (faults !== null) return { saved: false, faults };

  const changed = SETTING_KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  if (changed.length === 0) return { saved: true, restart: [] };
  try {
    await replaceFileAtomically(settingsPath(ports.dataDir), settingsText(after));
  } catch (error) {
    throw new Error(`nothing was saved: ${(error as Error).message}`, { cause: error });
  }
  const rows = changed.map((key) => [key, { old: rowValue(key, before), new: rowValue(key, after) }] as const);
  await ports.record('SETTINGS_CHANGED', Object.fromEntries(rows), by);
  const isWaiting = (key: SettingKey) => DESCRIPTIONS[key].live !== true && differs(key, after, ports);
  return { saved: true, restart: changed.filter(isWaiting).map(fileName) };
}

type Checked =
  { readonly ok: true; readonly values: FileValues } | { readonly ok: false; readonly faults: Record<string, string> };

/** Each change by itself: whether there is such a setting, and whether it takes the value. */
function checkedChanges(changes: Changes): Checked {
  const faults: Record<string, string> = {};
  const values: Partial<Record<SettingKey, unknown>> = {};
  for (const [name, value] of Object.entries(changes)) {
    const key = SETTING_KEYS.find((candidate) => fileName(candidate) === name);
    if (key === undefined) {
      faults[name] = 'is no setting';
      continue;
    }
    const parsed = value === null ? { success: true as const, data: undefined } : parseValue(key, value);
    if (parsed.success) values[key] = parsed.data;
    else faults[name] = parsed.error.issues[0]?.message ?? DESCRIPTIONS[key].value;
  }
  return Object.keys(faults).length === 0 ? { ok: true, values } : { ok: false, faults };
}

/** A value as it is, else as it would be read from the command line. */
function parseValue(key: SettingKey, value: unknown) {
  const schema = settingsSchema.shape[key];
  const asItIs = schema.safeParse(value);
  if (asItIs.success || typeof value !== 'string') return asItIs;
  return schema.safeParse(valueOfText(key, value));
}

/** Whether a gateway could start with all of it; what is in the way is said of each name that it concerns. */
function togetherFaults(file: FileValues, names: readonly string[], ports: SettingsPorts) {
  const all = Object.fromEntries(SETTING_KEYS.map((key) => [key, find(key, file, ports).value]));
  const parsed = settingsSchema.safeParse(all);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = SETTING_KEYS.find((candidate) => candidate === issue?.path[0]);
    return { [key === undefined ? 'settings' : fileName(key)]: issue?.message ?? 'something else' };
  }
  const message = notRunnable(parsed.data);
  if (message === null) return null;
  const concerned = names.filter((name) => message.includes(`--${name.replaceAll('_', '-')}`));
  return Object.fromEntries((concerned.length === 0 ? names : concerned).map((name) => [name, message]));
}

function shown(key: SettingKey, found: Found, running: Settings): Shown {
  const standard = standardOf(key);
  const value = (found.value ?? standard) as Shown['value'];
  const { unit = '', live = false } = DESCRIPTIONS[key];
  const isOther = !live && JSON.stringify(value) !== JSON.stringify(running[key]);
  return {
    ...{ name: fileName(key), value, standard, origin: found.origin, ...settingKind(key), unit, live },
    ...(isOther ? { running: running[key] } : {}),
  };
}

function differs(key: SettingKey, file: FileValues, ports: SettingsPorts): boolean {
  return JSON.stringify(find(key, file, ports).value ?? standardOf(key)) !== JSON.stringify(ports.settings[key]);
}

function find(key: SettingKey, file: FileValues, { flags, environment }: SettingsPorts): Found {
  return findSetting(key, flags, environment, file);
}

function fileValues({ dataDir, log }: SettingsPorts): FileValues {
  const { values, notes } = readSettingsFile(dataDir);
  for (const { message } of notes) log.warn(message);
  return values;
}

function standardOf(key: SettingKey): Shown['standard'] {
  return settingsSchema.shape[key].parse(undefined);
}

function rowValue(key: SettingKey, file: FileValues): JsonValue {
  return (file[key] ?? standardOf(key)) as JsonValue;
}
