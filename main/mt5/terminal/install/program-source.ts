import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { textOf } from './text-file.ts';

export const PROGRAM = 'MT5FabricBridge';

/** An input of the program, as its source declares it. Text without its quotes. */
export interface ProgramInput {
  readonly name: string;
  readonly standard: string;
}

/** The program's source files, by their path below its folder with `/` between names. */
export interface ProgramSource {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly version: string;
  readonly inputs: readonly ProgramInput[];
}

/** The sources below a folder; null when the program is not there. */
export function readProgramSource(folder: string): ProgramSource | null {
  const files = new Map(sourceNames(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const main = files.get(`${PROGRAM}.mq5`);
  if (main === undefined) return null;
  const texts = [...files.values()].map(textOf);
  return { files, version: versionIn(texts), inputs: texts.flatMap(inputsIn) };
}

/** `.mq5` and `.mqh` files below a folder, in order. */
function sourceNames(folder: string, below = ''): string[] {
  const entries = entriesOf(join(folder, below));
  const names = entries.filter((entry) => entry.isFile() && /\.mq[5h]$/.test(entry.name)).map((entry) => entry.name);
  const deeper = entries.filter((entry) => entry.isDirectory()).map((entry) => posix.join(below, entry.name));
  return [
    ...names.map((name) => posix.join(below, name)),
    ...deeper.flatMap((name) => sourceNames(folder, name)),
  ].sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What `#define BRIDGE_VERSION "…"` says, in whichever file has it; empty when none does. */
export function versionIn(texts: readonly string[]): string {
  for (const text of texts) {
    const found = /^\s*#define\s+BRIDGE_VERSION\s+"([^"]+)"/m.exec(text);
    if (found?.[1] !== undefined) return found[1];
  }
  return '';
}

function inputsIn(text: string): ProgramInput[] {
  const declared = text.matchAll(/^\s*input\s+(?!group\b)\w+\s+(\w+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;/]+?)\s*;/gm);
  return [...declared].map(([, name = '', value = '']) => ({ name, standard: unquoted(value) }));
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

/** SHA-256 of a file's bytes, in hex. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
