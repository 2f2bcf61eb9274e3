import type { JsonValue } from './json-value.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Comes back instead of a value. */
const FAILED = Symbol('failed');
/** A whole number may have this many digits: far past 64 bits, far from what costs time to convert. */
const MAX_WHOLE_DIGITS = 40;
const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const LITERALS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/** How a parse ended; `message` is one English sentence with the place of the fault. */
export type JsonResult =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };

/**
 * A strict JSON reader in one pass. JSON.parse would keep the last of two equal keys, round whole numbers past 2^53,
 * turn 1e999 into Infinity and pass lone surrogates on; here each of these is refused or exact.
 * Inside, FAILED means that the fault has been noted and the way leads out.
 */
export class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;
  #fault: string | null = null;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  parse(): JsonResult {
    this.#skipSpace();
    const value = this.#at < this.#text.length ? this.#value() : this.#fail('no value: the text is empty');
    this.#skipSpace();
    if (value !== FAILED && this.#at === this.#text.length) return { ok: true, value };
    this.#fail(`unexpected ${this.#shown()} after the end of the value`);
    return { ok: false, message: this.#fault ?? 'not JSON' };
  }

  #value(): JsonValue | typeof FAILED {
    const code = this.#text.charCodeAt(this.#at);
    if (code === QUOTE) return this.#string();
    if (code === OPEN_OBJECT) return this.#object();
    if (code === OPEN_LIST) return this.#list();
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.#number();
    return this.#literal();
  }

  #object(): JsonValue | typeof FAILED {
    if (!this.#enter()) return FAILED;
    const object: Record<string, JsonValue> = {};
    if (this.#take(CLOSE_OBJECT)) return this.#leave(object);
    for (;;) {
      const keyAt = this.#at;
      const key =
        this.#text.charCodeAt(keyAt) === QUOTE ? this.#string() : this.#failExpected('a key in double quotes');
      if (key === FAILED) return FAILED;
      if (Object.hasOwn(object, key)) return this.#fail(`duplicate key ${quoted(key)}`, keyAt);
      this.#skipSpace();
      if (!this.#take(COLON)) return this.#failExpected('":" after the key');
      const value = this.#value();
      if (value === FAILED) return FAILED;
      put(object, key, value);
      this.#skipSpace();
      if (this.#take(COMMA)) continue;
      return this.#take(CLOSE_OBJECT) ? this.#leave(object) : this.#failExpected('"," or "}"');
    }
  }

  #list(): JsonValue | typeof FAILED {
    if (!this.#enter()) return FAILED;
    const list: JsonValue[] = [];
    if (this.#take(CLOSE_LIST)) return this.#leave(list);
    for (;;) {
      const item = this.#value();
      if (item === FAILED) return FAILED;
      list.push(item);
      this.#skipSpace();
      if (this.#take(COMMA)) continue;
      return this.#take(CLOSE_LIST) ? this.#leave(list) : this.#failExpected('"," or "]"');
    }
  }

  #string(): string | typeof FAILED {
    const text = this.#text;
    const start = this.#at + 1;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === BACKSLASH) return this.#escapedString(start, at);
      if (code < 0x20) return this.#fail('an unescaped control character in a string', at);
    }
    return this.#fail('a string without its closing quote', start - 1);
  }

  /** The rest of a string from its first backslash on. */
  #escapedString(start: number, firstEscape: number): string | typeof FAILED {
    const text = this.#text;
    let out = '';
    let from = start;
    let at = firstEscape;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code < 0x20) return this.#fail('an unescaped control character in a string', at);
      if (code !== BACKSLASH && code !== QUOTE) {
        at++;
        continue;
      }
      out += text.slice(from, at);
      if (code === QUOTE) {
        this.#at = at + 1;
        // Raw text is well-formed UTF-8, so an unpaired surrogate can only come from an escape.
        return out.isWellFormed() ? out : this.#fail('half of a surrogate pair in a string', start - 1);
      }
      const escape = text.charAt(at + 1);
      const unit = escape === 'u' ? unicodeEscape(text, at + 2) : ESCAPES[escape];
      if (unit === undefined) return this.#fail('an escape that JSON does not have', at);
      out += unit;
      at += escape === 'u' ? 6 : 2;
      from = at;
    }
    return this.#fail('a string without its closing quote', start - 1);
  }

  #number(): JsonValue | typeof FAILED {
    const start = this.#at;
    NUMBER.lastIndex = start;
    const [literal, fraction] = NUMBER.exec(this.#text) ?? [];
    if (literal === undefined) return this.#fail('a minus sign without a number');
    this.#at += literal.length;
    const value = Number(literal);
    if (fraction !== '')
      return Number.isFinite(value) ? value : this.#fail('a number past the range of a double', start);
    if (Number.isSafeInteger(value)) return value;
    if (literal.length - (value < 0 ? 1 : 0) > MAX_WHOLE_DIGITS)
      return this.#fail(`a whole number of more than ${MAX_WHOLE_DIGITS} digits`, start);
    return BigInt(literal);
  }

  #literal(): JsonValue | typeof FAILED {
    const literal = LITERALS.find(([word]) => this.#text.startsWith(word, this.#at));
    if (literal === undefined) return this.#failExpected('a value');
    this.#at += literal[0].length;
    return literal[1];
  }

  #enter(): boolean {
    if (++this.#depth > this.#maxDepth) {
      this.#fail(`objects and lists nested deeper than ${this.#maxDepth} levels`);
      return false;
    }
    this.#at++;
    this.#skipSpace();
    return true;
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  /** Steps over `code` and the space after it, if it is next. */
  #take(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    if (code === COMMA || code === COLON) this.#skipSpace();
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #failExpected(what: string): typeof FAILED {
    return this.#fail(`expected ${what}, got ${this.#shown()}`);
  }

  /** Notes the first fault; those after it are only consequences. */
  #fail(what: string, at = this.#at): typeof FAILED {
    this.#fault ??= `${what} at byte ${Buffer.byteLength(this.#text.slice(0, at))}`;
    return FAILED;
  }

  #shown(): string {
    const [word] = /^[\w.+-]{1,20}/.exec(this.#text.slice(this.#at, this.#at + 20)) ?? [];
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) return 'the end';
    if (code === 0xfeff) return 'a byte order mark';
    return JSON.stringify(word ?? String.fromCodePoint(code));
  }
}

/** Adds an own key; `__proto__` as well, which a plain assignment would take for the prototype. */
function put(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, ...OWN });
  else object[key] = value;
}
const OWN = { writable: true, enumerable: true, configurable: true };

function unicodeEscape(text: string, at: number): string | undefined {
  const hex = text.slice(at, at + 4);
  return /^[0-9A-Fa-f]{4}$/.test(hex) ? String.fromCharCode(parseInt(hex, 16)) : undefined;
}

function quoted(key: string): string {
  const shown = key.length > 40 ? `${key.slice(0, 40)}…` : key;
  return JSON.stringify(shown.toWellFormed());
}
