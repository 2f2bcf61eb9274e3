import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compile, type CompileOptions, type Compiled } from './compile.ts';
import type { Terminal } from './find-terminals.ts';
import { isCompiled } from './inspect.ts';
import { placesIn, wantedFiles, type Places, type Wanted } from './install-plan.ts';
import { keepCopy } from './kept-copy.ts';
import { manifestText, readManifest, type Manifest } from './manifest.ts';
import { hashOf } from './program-source.ts';
import { readBytes, readText } from './text-file.ts';

/** What an installation did. Paths are below the terminal's data folder, with `/` between names. */
export type Installed =
  | {
      readonly kind: 'installed';
      readonly written: readonly string[];
      readonly removed: readonly string[];
      /** Files that were not as an installation had left them, and the copies that keep them. */
      readonly kept: readonly { readonly file: string; readonly copy: string }[];
      /** Version that was there before; empty for none. */
      readonly versionBefore: string;
      readonly token: 'same' | 'written' | 'replaced';
      readonly compiled: Compiled | { readonly kind: 'up-to-date' };
    }
  /** A file or folder cannot be written; what was written before stays, and a second run completes it. */
  | { readonly kind: 'unwritable'; readonly why: string };

/**
 * Installs the program into a terminal, or brings it up to date, and compiles it there. A file that is not as the last
 * installation left it is kept as a copy first. A second run changes nothing.
 */
export async function installBridge(terminal: Terminal, wanted: Wanted, options: CompileOptions): Promise<Installed> {
  const places = placesIn(terminal.dataFolder);
  const before = readManifest(places.manifest);
  let copied: CopyResult;
  try {
    copied = copyFiles(terminal.dataFolder, places, wanted, before);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: 'unwritable', why: error.message };
  }
  return {
    kind: 'installed',
    ...copied,
    versionBefore: before.version,
    compiled: await compileIfNeeded(terminal, places, wanted, options),
  };
}

type CopyResult = Pick<Extract<Installed, { kind: 'installed' }>, 'written' | 'removed' | 'kept' | 'token'>;

function copyFiles(dataFolder: string, places: Places, wanted: Wanted, before: Manifest): CopyResult {
  const files = wantedFiles(wanted);
  const written: string[] = [];
  const kept: { file: string; copy: string }[] = [];
  const keepIfChanged = (file: string, current: Buffer) => {
    if (hashOf(current) === before.files[file]) return;
    const copy = keepCopy(join(dataFolder, file), current, before.version);
    kept.push({ file, copy: basename(copy) });
  };
  for (const [file, bytes] of files) {
    const current = readBytes(join(dataFolder, file));
    if (current?.equals(bytes) === true) continue;
    if (current !== null) keepIfChanged(file, current);
    replaceFile(join(dataFolder, file), bytes);
    written.push(file);
  }
  const removed: string[] = [];
  for (const file of Object.keys(before.files).filter((name) => isOurs(name) && !files.has(name))) {
    const current = readBytes(join(dataFolder, file));
    if (current === null) continue;
    keepIfChanged(file, current);
    rmSync(join(dataFolder, file));
    removed.push(file);
  }
  const token = writeToken(places, wanted.token);
  writeManifest(places, wanted, files);
  return { written, removed, kept, token };
}

// A manifest is a file like any other: it must not name what an installation could not have written.
function isOurs(file: string): boolean {
  return /^MQL5\/(Experts\/MT5Fabric|Presets)\/[^\\:]+\.(mq5|mqh|set)$/.test(file) && !file.split('/').includes('..');
}

function writeToken(places: Places, token: string): 'same' | 'written' | 'replaced' {
  const current = readText(places.token);
  if (current === token) return 'same';
  replaceFile(places.token, Buffer.from(token), 0o600);
  return current === null ? 'written' : 'replaced';
}

function writeManifest(places: Places, wanted: Wanted, files: ReadonlyMap<string, Buffer>): void {
  const hashes = Object.fromEntries([...files].map(([file, bytes]) => [file, hashOf(bytes)]));
  const text = manifestText({ version: wanted.source.version, files: hashes });
  if (readText(places.manifest) !== text) replaceFile(places.manifest, Buffer.from(text));
}

/** In one step: MetaTrader and MetaEditor never read half a file. */
function replaceFile(path: string, bytes: Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  try {
    writeFileSync(draft, bytes, { mode, flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

async function compileIfNeeded(
  { editor, installFolder }: Terminal,
  places: Places,
  wanted: Wanted,
  options: CompileOptions,
): Promise<Compiled | { readonly kind: 'up-to-date' }> {
  if (isCompiled(places, wanted)) return { kind: 'up-to-date' };
  if (editor === null) {
    return {
      kind: 'failed',
      why: `there is no metaeditor64.exe in ${installFolder ?? 'its installation, which has gone'}`,
    };
  }
  return compile(editor, places, options);
}

/** Whether the system refused something, like a file that cannot be written; anything else is a bug. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
