import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS_VERSION, SETTING_KEYS, fileName, type SettingKey, type Settings } from './settings.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Something about the settings file that a person should be told. */
export interface SettingsFileNote {
  readonly kind: 'set-aside' | 'unknown-key';
  readonly message: string;
}

export interface SettingsFile {
  readonly values: Partial<Record<SettingKey, unknown>>;
  readonly notes: readonly SettingsFileNote[];
}

/** The settings file of a data folder. */
export const settingsPath = (dataDir: string): string => join(dataDir, 'settings.json');

/** Reads the settings file. One that cannot be understood is renamed, said, and counts as absent: nothing of it is lost. */
export function readSettingsFile(dataDir: string): SettingsFile {
  const path = settingsPath(dataDir);
  if (!existsSync(path)) return { values: {}, notes: [] };
  const content = parse(readFileSync(path, 'utf8'));
  if (typeof content === 'string') return setAside(path, content);
  const known = new Map(SETTING_KEYS.map((key) => [fileName(key), key]));
  const values: Partial<Record<SettingKey, unknown>> = {};
  const notes: SettingsFileNote[] = [];
  for (const [name, value] of Object.entries(content)) {
    const key = known.get(name);
    if (key !== undefined) values[key] = value;
    else if (name !== 'version')
      notes.push({ kind: 'unknown-key', message: `${path}: "${name}" is no setting and is ignored` });
  }
  return { values, notes };
}

/** Writes changed settings into the file, keeping the others; the file is replaced in one step. */
export function saveSettings(dataDir: string, changes: Partial<Settings>): void {
  writeFileAtomically(settingsPath(dataDir), settingsText({ ...readSettingsFile(dataDir).values, ...changes }));
}

/** The settings file with these values; what is undefined is left to its default. */
export function settingsText(values: Readonly<Partial<Record<SettingKey, unknown>>>): string {
  const named: Record<string, unknown> = { version: SETTINGS_VERSION };
  for (const key of SETTING_KEYS) if (values[key] !== undefined) named[fileName(key)] = values[key];
  return `${JSON.stringify(named, null, 2)}\n`;
}

function parse(text: string): Record<string, unknown> | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return 'it is not a JSON object';
  const version = (content as { version?: unknown }).version;
  if (version !== SETTINGS_VERSION)
    return `its version is ${JSON.stringify(version)}, this program knows ${SETTINGS_VERSION}`;
  return content as Record<string, unknown>;
}

function setAside(path: string, why: string): SettingsFile {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(path, aside);
  return {
    values: {},
    notes: [
      {
        kind: 'set-aside',
        message: `${path} cannot be used (${why}): set aside as ${aside}, going on with the defaults`,
      },
    ],
  };
}
