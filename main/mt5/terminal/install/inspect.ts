import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from './find-terminals.ts';
import { placesIn, wantedFiles, type Places, type Wanted } from './install-plan.ts';
import { versionIn } from './program-source.ts';
import { readBytes, readText } from './text-file.ts';

/** Something that has to be in a terminal's folder: absent, as this gateway wants it, or something else. */
export type Presence = 'missing' | 'right' | 'other';

/** What of the program is in a terminal. */
export interface InstallState {
  readonly terminal: Terminal;
  /** Version of the installed source; null when there is none. */
  readonly version: string | null;
  readonly sources: Presence;
  /** The compiled program is there and not older than its sources. */
  readonly isCompiled: boolean;
  readonly token: Presence;
  readonly preset: Presence;
}

/** Looks at a terminal's folder and changes nothing. An empty token of `wanted` is that of a gateway without one yet. */
export function inspect(terminal: Terminal, wanted: Wanted): InstallState {
  const places = placesIn(terminal.dataFolder);
  const presences = new Map<string, Presence>();
  for (const [name, bytes] of wantedFiles(wanted))
    presences.set(name, presenceOf(join(terminal.dataFolder, name), bytes));
  const sources = [...presences].filter(([name]) => !name.endsWith('.set')).map(([, presence]) => presence);
  return {
    terminal,
    version: installedVersion(places, wanted),
    sources: existsSync(places.source) ? (sources.every((one) => one === 'right') ? 'right' : 'other') : 'missing',
    isCompiled: isCompiled(places, wanted),
    token: tokenPresence(places, wanted.token),
    preset: [...presences].find(([name]) => name.endsWith('.set'))?.[1] ?? 'missing',
  };
}

/** Whether the compiled program is there and not older than any of its sources. */
export function isCompiled(places: Places, wanted: Wanted): boolean {
  const compiledMs = modifiedMs(places.compiled);
  return compiledMs > 0 && sourcePaths(places, wanted).every((path) => modifiedMs(path) <= compiledMs);
}

function installedVersion(places: Places, wanted: Wanted): string | null {
  if (!existsSync(places.source)) return null;
  return versionIn(sourcePaths(places, wanted).flatMap((path) => readText(path) ?? []));
}

function sourcePaths(places: Places, wanted: Wanted): string[] {
  return [...wanted.source.files.keys()].map((name) => join(places.program, name));
}

function presenceOf(path: string, wanted: Buffer): Presence {
  try {
    const bytes = readBytes(path);
    if (bytes === null) return 'missing';
    return bytes.equals(wanted) ? 'right' : 'other';
  } catch {
    return 'other';
  }
}

function tokenPresence(places: Places, token: string): Presence {
  const text = readText(places.token);
  if (text === null) return 'missing';
  return text.trim() === token ? 'right' : 'other';
}

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
