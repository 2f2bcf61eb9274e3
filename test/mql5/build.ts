import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { once } from './build-once.ts';
import { readSources, translate, type Sources } from './translate.ts';

/** How a program is compiled: quickly, for figures, with address and undefined-behaviour sanitizers, or for Windows. */
export type Variant = 'plain' | 'optimised' | 'sanitized' | 'windows';

/** What to build; the program as it ships when there are no sources. */
export interface BuildOptions {
  readonly variant: Variant;
  readonly sources?: Sources;
}

/** A compiler that did not take a text; the message holds the compiler's words, which name the .mq5 and its line. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

const TERMINAL = join(import.meta.dirname, 'terminal');
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/mt5-fabric-mql5');

/** Without two warnings about what is right in MQL5: an event's unused parameter, structures filled from the front. */
const FLAGS = [
  ...['-std=c++20', '-O1', '-fwrapv', '-ftrivial-auto-var-init=pattern', '-fno-lifetime-dse'],
  ...[
    '-Werror=return-type',
    '-Wall',
    '-Wextra',
    '-Wconversion',
    '-Wno-unused-parameter',
    '-Wno-missing-field-initializers',
  ],
];

interface Toolchain {
  readonly compiler: string;
  readonly compileFlags: readonly string[];
  readonly linkFlags: readonly string[];
  readonly suffix: string;
}

const TOOLCHAINS: Readonly<Record<Variant, Toolchain>> = {
  plain: { compiler: 'g++', compileFlags: [], linkFlags: [], suffix: '' },
  // Inlining makes g++ take the growing of an empty array for a write outside of it.
  optimised: { compiler: 'g++', compileFlags: ['-O2', '-Wno-array-bounds'], linkFlags: [], suffix: '' },
  sanitized: {
    compiler: 'g++',
    // A division by zero is the terminal's to report, as MetaTrader does. What a number too large for an integer becomes
    // is left to the processor, in C++ and in MQL5 alike: it counts as an error.
    compileFlags: [
      ...['-g1', '-fno-omit-frame-pointer', '-fsanitize=address,undefined,float-cast-overflow'],
      ...['-fno-sanitize-recover=all', '-fno-sanitize=integer-divide-by-zero'],
    ],
    linkFlags: ['-fsanitize=address,undefined'],
    suffix: '',
  },
  windows: {
    compiler: 'x86_64-w64-mingw32-g++-posix',
    compileFlags: [],
    linkFlags: ['-static', '-lws2_32'],
    suffix: '.exe',
  },
};

const run = promisify(execFile);

/**
 * The program as an executable; its path. The second build of the same text is a look into the cache. Throws a
 * TranslationError or a CompileError. Warnings count as errors.
 */
export async function buildProgram({ variant, sources = readSources() }: BuildOptions): Promise<string> {
  const text = translate(sources);
  const objects = await terminalObjects(variant);
  const program = join(CACHE, `program-${digest(text, ...objects)}${TOOLCHAINS[variant].suffix}`);
  return once(program, (target) => compileProgram(variant, text, objects, target));
}

/** Name and version of the compiler, like "g++ 12.2.0"; null where there is none. */
export function compilerVersion(variant: Variant = 'plain'): string | null {
  const { compiler } = TOOLCHAINS[variant];
  try {
    return `${compiler} ${execFileSync(compiler, ['-dumpfullversion'], { encoding: 'utf8' }).trim()}`;
  } catch {
    return null;
  }
}

/** The terminal, compiled once for all programs: an object a unit, so that a change costs only its own. */
async function terminalObjects(variant: Variant): Promise<readonly string[]> {
  const names = readdirSync(TERMINAL).sort();
  const textOf = (name: string) => readFileSync(join(TERMINAL, name), 'utf8');
  const flags = JSON.stringify([compilerVersion(variant), FLAGS, TOOLCHAINS[variant]]);
  const headers = digest(flags, ...names.filter((name) => name.endsWith('.hpp')).map(textOf));
  const units = names.filter((name) => name.endsWith('.cpp'));
  const objects = units.map((unit) => join(CACHE, `${unit}-${variant}-${digest(headers, textOf(unit))}.o`));
  const waiting = [...units.keys()];
  const work = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      const source = join(TERMINAL, units[at]!);
      await once(objects[at]!, (target) => compile(variant, ['-c', source, '-o', target]));
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  return objects;
}

async function compileProgram(variant: Variant, text: string, objects: readonly string[], target: string) {
  const { compiler, linkFlags } = TOOLCHAINS[variant];
  const source = `${target}.cpp`;
  writeFileSync(source, text);
  await compile(variant, ['-Werror', '-c', source, '-o', `${target}.o`]);
  await call(compiler, [`${target}.o`, ...objects, '-o', target, ...linkFlags]);
}

function compile(variant: Variant, words: readonly string[]): Promise<void> {
  const { compiler, compileFlags } = TOOLCHAINS[variant];
  return call(compiler, [...FLAGS, ...compileFlags, '-I', TERMINAL, ...words]);
}

async function call(program: string, words: readonly string[]): Promise<void> {
  try {
    await run(program, [...words], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new CompileError(stderr === undefined || stderr === '' ? message : stderr);
  }
}

function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 32);
}
