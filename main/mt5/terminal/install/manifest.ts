import { readText } from './text-file.ts';

/** What was installed: the program's version, and the SHA-256 of each file by its path below the data folder. */
export interface Manifest {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What the manifest says; nothing installed when it is missing or is none. */
export function readManifest(path: string): Manifest {
  const none = { version: '', files: {} };
  const text = readText(path);
  if (text === null) return none;
  try {
    return manifestOf(JSON.parse(text)) ?? none;
  } catch {
    return none;
  }
}

export function manifestText({ version, files }: Manifest): string {
  return `${JSON.stringify({ version, files }, null, 2)}\n`;
}

function manifestOf(value: unknown): Manifest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { version, files } = value as Record<string, unknown>;
  if (typeof version !== 'string' || typeof files !== 'object' || files === null) return null;
  const hashes: Record<string, string> = {};
  for (const [file, hash] of Object.entries(files)) if (typeof hash === 'string') hashes[file] = hash;
  return { version, files: hashes };
}
