import { JsonParser, type JsonResult } from './json-parser.ts';
import type { JsonValue } from './json-value.ts';
import { MAX_JSON_DEPTH } from './constants.ts';

// A byte order mark stays in the text, where the parser refuses it.
const UTF8 = { fatal: true, ignoreBOM: true };
const utf8 = new TextDecoder('utf-8', UTF8);

/**
 * Reads one JSON text strictly. Refused, with one English sentence that names the place: invalid UTF-8, a byte order
 * mark, duplicate keys, half surrogate pairs, nesting past `maxDepth` levels, numbers past a double's range, anything
 * after the value. Whole numbers past ±(2^53−1) come as bigint, exactly.
 */
export function parseJson(bytes: Uint8Array, limits: { readonly maxDepth?: number } = {}): JsonResult {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, message: `not valid UTF-8 at byte ${invalidUtf8At(bytes)}` };
  }
  return new JsonParser(text, limits.maxDepth ?? MAX_JSON_DEPTH).parse();
}

/**
 * Reads JSON that a program of this project wrote. Whole numbers past 2^53 come as bigint, exactly; throws SyntaxError
 * where the text is not JSON.
 */
export function parseTrustedJson(text: string): JsonValue {
  // The reviver makes parsing several times slower: only where a number can be long enough to need it.
  if (!/[0-9]{16}/.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(text, exactWhole as (key: string, value: unknown) => unknown) as JsonValue;
}

function exactWhole(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context;
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value;
}

/**
 * JSON text of `value`, bigint as a numeric literal of all its digits; keys with undefined are left out.
 * Throws TypeError where JSON has nothing for a value: NaN, an infinity, a function, undefined itself.
 */
export function encodeJson(value: unknown): string {
  return holdsBigint(value) ? write(value, Object.keys) : JSON.stringify(value);
}

/**
 * JSON text of `value` in one form: keys sorted by code unit, no spaces, bigint exact. Equal values give equal texts in
 * whatever order their keys stand, so that the text can be hashed and compared. Throws as `encodeJson` does.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, sortedKeys);
}

const sortedKeys = (object: object): string[] => Object.keys(object).sort();

function write(value: unknown, keysOf: (object: object) => string[]): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return JSON.stringify(finite(value));
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value, keysOf) : object(value as Record<string, unknown>, keysOf);
    case 'undefined':
    case 'function':
    case 'symbol':
      throw noJson(value);
  }
}

// Loops that add to one text: every order is written as JSON several times, and lists of parts cost thrice as much.
function list(items: readonly unknown[], keysOf: (object: object) => string[]): string {
  let text = '';
  for (const item of items) text += `${text === '' ? '' : ','}${write(item, keysOf)}`;
  return `[${text}]`;
}

function object(members: Record<string, unknown>, keysOf: (object: object) => string[]): string {
  let text = '';
  for (const key of keysOf(members)) {
    const value = members[key];
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${write(value, keysOf)}`;
  }
  return `{${text}}`;
}

/** Whether a bigint is anywhere in `value`; throws where something is that JSON.stringify would turn into null or drop. */
function holdsBigint(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return false;
    case 'bigint':
      return true;
    case 'number':
      finite(value);
      return false;
    case 'object':
      if (value === null) return false;
      return Array.isArray(value) ? anyBigint(value) : anyBigintIn(value as Record<string, unknown>);
    case 'undefined':
    case 'function':
    case 'symbol':
      throw noJson(value);
  }
}

function anyBigint(items: readonly unknown[]): boolean {
  let found = false;
  // To the end, since what JSON lacks may stand behind the first bigint.
  for (const item of items) found = holdsBigint(item) || found;
  return found;
}

function anyBigintIn(members: Record<string, unknown>): boolean {
  let found = false;
  for (const key of Object.keys(members)) {
    const value = members[key];
    if (value !== undefined) found = holdsBigint(value) || found;
  }
  return found;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw noJson(value);
  return value;
}

function noJson(value: unknown): TypeError {
  return new TypeError(`JSON has no form for ${String(value)}`);
}

/** Where the text stops being UTF-8: the shortest prefix that no continuation can mend, found by halving. */
function invalidUtf8At(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (canBeUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function canBeUtf8(prefix: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', UTF8).decode(prefix, { stream: true });
    return true;
  } catch {
    return false;
  }
}
