import { replaced, tokenize, TranslationError, type Token } from './tokens.ts';

/** C++ has these, MQL5 has not: a program that uses one would compile here and not in MetaEditor. */
const NOT_IN_MQL5 = new Set(
  (
    'auto nullptr std using constexpr static_cast reinterpret_cast const_cast dynamic_cast decltype namespace unsigned signed ' +
    'wchar_t goto try catch throw noexcept concept requires friend mutable asm co_await co_return co_yield typedef'
  ).split(' '),
);
/** MQL5 has them, and the program does without them. */
const NOT_PROVIDED = new Set(['new', 'delete']);

const WORDS = new Map([
  ['long', 'mql_long'],
  ['char', 'mql_char'],
  ['NULL', 'null'],
]);

const ESCAPES = new Map([
  ['n', 10],
  ['t', 9],
  ['r', 13],
  ['0', 0],
]);

/** Literals and the words that mean something else in C++. */
export function translateWords(tokens: readonly Token[]): Token[] {
  return tokens.map((token, at) => {
    switch (token.kind) {
      case 'string':
        return replaced(token, `u${token.text}_s`, 'string');
      case 'character':
        return replaced(token, character(token), 'number');
      case 'word':
        return word(token, tokens[at + 1]);
      case 'directive':
        return directive(token);
      case 'number':
        return replaced(token, isLarge(token.text) ? `${token.text}ULL` : token.text, 'number');
      case 'mark':
        return token;
    }
  });
}

/** C++ takes a decimal beyond 2^63 only with the suffix. */
function isLarge(text: string): boolean {
  return /^\d{19,}$/.test(text) && BigInt(text) > 0x7fffffffffffffffn;
}

function word(token: Token, next: Token | undefined): Token {
  if (NOT_IN_MQL5.has(token.text)) throw new TranslationError(token, `MQL5 has no '${token.text}'`);
  if (NOT_PROVIDED.has(token.text)) throw new TranslationError(token, `'${token.text}' is not provided here`);
  if (token.text === 'this' && next?.text === '.') return replaced(token, '(*this)', 'word');
  return replaced(token, WORDS.get(token.text) ?? token.text, 'word');
}

/** `'a'`, `D'2026.01.31 12:00'` in seconds, or `C'255,0,0'` as MQL5 stores a colour. */
function character(token: Token): string {
  const quoted = token.text.slice(token.text.indexOf("'") + 1, -1);
  if (token.text.startsWith('D')) return `datetime(${seconds(token, quoted)}LL)`;
  if (token.text.startsWith('C')) return `color(${colour(token, quoted)})`;
  return `ushort(${characterCode(token, quoted)})`;
}

function characterCode(token: Token, quoted: string): number {
  const hexadecimal = /^\\x([0-9a-fA-F]{1,4})$/.exec(quoted)?.[1];
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  const meant = quoted.startsWith('\\') ? quoted.slice(1) : quoted;
  if (meant.length !== 1) throw new TranslationError(token, `${token.text} is not one character`);
  return (quoted.startsWith('\\') ? ESCAPES.get(meant) : undefined) ?? meant.charCodeAt(0);
}

function seconds(token: Token, quoted: string): number {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] =
    /^(\d{4})\.(\d\d)\.(\d\d)(?: (\d\d)(?::(\d\d)(?::(\d\d))?)?)?$/.exec(quoted) ?? [];
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number.isNaN(atMs)) throw new TranslationError(token, `${token.text} is not a date here; write it in full`);
  return atMs / 1000;
}

function colour(token: Token, quoted: string): number {
  const [red, green, blue] = quoted.split(',').map(Number);
  if (red === undefined || green === undefined || blue === undefined || Number.isNaN(red + green + blue)) {
    throw new TranslationError(token, `${token.text} is not a colour`);
  }
  return red + green * 256 + blue * 65536;
}

/** A `#define` with its value translated; the others have been dealt with before. */
function directive(token: Token): Token {
  const [, head, value] = /^(#define\s+\w+(?:\([^)]*\))?)(.*)$/.exec(token.text) ?? [];
  if (head === undefined || value === undefined) {
    throw new TranslationError(token, `'${token.text.split(/\s/, 1)[0]}' is not provided here`);
  }
  const translated = translateWords(tokenize(value, token.file, token.line));
  return replaced(
    token,
    [head, ...translated.map((part) => (part.spaced ? ' ' : '') + part.text)].join(''),
    'directive',
  );
}
