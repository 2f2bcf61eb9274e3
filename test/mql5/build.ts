import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readSources, translate, type Sources } from './translate.ts';

/** How a program is compiled: as it is, with address and undefined-behaviour sanitizers, or for Windows. */
export type Variant = 'plain' | 'sanitized' | 'windows';

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
  sanitized: {
    compiler: 'g++',
    compileFlags: ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
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
const building = new Map<string, Promise<string>>();

/**
 * The program as an executable; its path. The second build of the same text is a look into the cache. Throws a
 * TranslationError or a CompileError. Warnings count as errors.
 */
export async function buildProgram({ variant, sources = readSources() }: BuildOptions): Promise<string> {
  const text = translate(sources);
  const runtime = await once(runtimePath(variant), (target) => compileRuntime(variant, target));
  const program = join(CACHE, `program-${digest(runtime, text)}${TOOLCHAINS[variant].suffix}`);
  return once(program, (target) => compileProgram(variant, text, runtime, target));
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

/** Makes a file that is not there yet. Others may make the same: each builds beside it, and the last rename wins. */
function once(path: string, make: (target: string) => Promise<void>): Promise<string> {
  const begun = building.get(path);
  if (begun !== undefined) return begun;
  const made = existsSync(path) ? Promise.resolve(path) : makeBeside(path, make);
  building.set(path, made);
  made.catch(() => building.delete(path));
  return made;
}

async function makeBeside(path: string, make: (target: string) => Promise<void>): Promise<string> {
  const folder = `${path}.${process.pid}.tmp`;
  mkdirSync(folder, { recursive: true });
  try {
    const target = join(folder, 'made');
    await make(target);
    renameSync(target, path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runtimePath(variant: Variant): string {
  const files = readdirSync(TERMINAL).sort();
  const texts = files.map((name) => readFileSync(join(TERMINAL, name), 'utf8'));
  const flags = JSON.stringify([FLAGS, TOOLCHAINS[variant]]);
  return join(CACHE, `terminal-${variant}-${digest(compilerVersion(variant) ?? '', flags, ...files, ...texts)}.a`);
}

/** The terminal, compiled once for all programs. */
async function compileRuntime(variant: Variant, target: string): Promise<void> {
  const units = readdirSync(TERMINAL).filter((name) => name.endsWith('.cpp'));
  const object = (unit: string) => `${target}-${unit}.o`;
  const waiting = [...units];
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), 4) }, async () => {
      for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
        await compile(variant, ['-c', join(TERMINAL, unit), '-o', object(unit)]);
      }
    }),
  );
  await call('ar', ['rcs', target, ...units.map(object)]);
}

async function compileProgram(variant: Variant, text: string, runtime: string, target: string): Promise<void> {
  const source = `${target}.cpp`;
  writeFileSync(source, text);
  await compile(variant, ['-Werror', '-c', source, '-o', `${target}.o`]);
  await call(TOOLCHAINS[variant].compiler, [
    ...[`${target}.o`, runtime, '-o', target],
    ...TOOLCHAINS[variant].linkFlags,
  ]);
}

function compile(variant: Variant, words: readonly string[]): Promise<void> {
  const { compiler, compileFlags } = TOOLCHAINS[variant];
  return call(compiler, [...FLAGS, ...compileFlags, '-I', TERMINAL, ...words]);
}

async function call(program: string, words: readonly string[]): Promise<void> {
  try {
    await run(program, [...words], { maxBuffer: 16 * 1024 * 1024 });
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
