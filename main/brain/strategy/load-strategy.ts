import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Strategy } from './strategy.ts';

/** A strategy, or why the file is none. */
export type LoadResult =
  { readonly ok: true; readonly strategy: Strategy } | { readonly ok: false; readonly message: string };

const CALLBACKS = ['onStart', 'onTick', 'onEvent', 'onStop'] as const satisfies readonly (keyof Strategy)[];
type Exports = Readonly<Record<string, unknown>>;
const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);

/** What this Node does with TypeScript. */
export interface NodeAbility {
  readonly version: string;
  /** Whether it runs TypeScript by leaving its types out. */
  readonly typescript: boolean;
}

/**
 * Loads a strategy module: TypeScript, by leaving its types out as Node itself does, or JavaScript; ES module or
 * CommonJS. Refuses a file that cannot be loaded, that has no callback, or a callback's name misspelled.
 */
export async function loadStrategy(file: string, node: NodeAbility = thisNode()): Promise<LoadResult> {
  const path = resolve(file);
  if (!existsSync(path)) return refuse(`there is no file ${path}`);
  if (TYPESCRIPT.has(extname(path)) && !node.typescript) return refuse(tooOld(path, node.version));
  let module: unknown;
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (error) {
    return refuse(whyNotLoaded(path, error));
  }
  return asStrategy(basename(path), module as Exports);
}

/** Takes named exports, or an object that is the default export (what `module.exports` is). */
function asStrategy(name: string, exports: Exports): LoadResult {
  const given = exports['default'];
  const isNamed = CALLBACKS.some((callback) => exports[callback] !== undefined);
  const found = !isNamed && typeof given === 'object' && given !== null ? (given as Exports) : exports;
  const misspelled = Object.keys(found).find(isNearMiss);
  if (misspelled !== undefined) return refuse(`${name} has ${misspelled}, but a callback is ${CALLBACKS.join(', ')}`);
  const wrong = CALLBACKS.find((callback) => found[callback] !== undefined && typeof found[callback] !== 'function');
  if (wrong !== undefined) return refuse(`${wrong} in ${name} is no function`);
  if (!CALLBACKS.some((callback) => callback !== 'onStop' && found[callback] !== undefined))
    return refuse(`${name} is no strategy: it exports none of onStart, onTick, onEvent`);
  return { ok: true, strategy: found };
}

/** `ontick`, `onTicks`, `on_tick`: a callback that would never be called. */
function isNearMiss(key: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '').replace(/s$/, '');
  return CALLBACKS.every((name) => name !== key) && CALLBACKS.some((name) => plain(name) === plain(key));
}

function whyNotLoaded(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return `${path} is in node_modules, where Node runs no TypeScript: move it, or compile it to JavaScript`;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return `${path}: ${messageOf(error)}; Node only leaves types out, so no enum, namespace or parameter property`;
  return `${path} cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function tooOld(path: string, version: string): string {
  return `${path} is TypeScript, which Node ${version} does not run: use Node 24, or node --experimental-strip-types where Node 22 has it, or a JavaScript file`;
}

function thisNode(): NodeAbility {
  return { version: process.versions.node, typescript: Boolean(process.features.typescript) };
}

function refuse(message: string): LoadResult {
  return { ok: false, message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
