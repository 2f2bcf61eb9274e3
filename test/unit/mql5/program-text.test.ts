import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { readSources } from '../../mql5/translate.ts';
import { tokenize, type Token } from '../../mql5/translate/tokens.ts';
import { hasSystemPackage } from '../../system-packages.ts';

const BUILD_TIMEOUT_MS = 300_000;
const HEADERS = join(import.meta.dirname, '../../mql5/terminal');
/** Words in front of a bracket, or of a name, that neither call nor define. */
const KEYWORDS = new Set('if else while for switch return case sizeof'.split(' '));
/** In front of a bracket they convert. */
const TYPES = new Set('bool char uchar short ushort int uint long ulong float double string datetime color'.split(' '));

/** Functions of MQL5, as the header for the tests provides them; what else is in there begins with a small letter. */
const provided = new Set(
  readdirSync(HEADERS)
    .filter((name) => /^mql-.*\.hpp$/.test(name))
    .flatMap((name) => [...readFileSync(join(HEADERS, name), 'utf8').matchAll(/\b(?!MQL_|ENUM)([A-Z]\w+)\(/g)])
    .map(([, name = '']) => name),
);

const shipped = [...readSources()].flatMap(([name, text]) => tokenize(text, name));

/** What a text calls, and the functions, methods and types that it defines. */
function callsOf(tokens: readonly Token[]) {
  const inFrontOfBrackets = tokens.flatMap((token, at) => {
    const isName = token.kind === 'word' && !KEYWORDS.has(token.text) && tokens[at + 1]?.text === '(';
    return isName ? [{ token, before: tokens[at - 1] }] : [];
  });
  // A type stands before the name of what is defined.
  const isDefined = (before: Token | undefined) => before?.kind === 'word' && !KEYWORDS.has(before.text);
  const definitions = inFrontOfBrackets.filter(({ before }) => isDefined(before)).map(({ token }) => token.text);
  const types = tokens.filter((_, at) => /^(class|struct|enum)$/.test(tokens[at - 1]?.text ?? ''));
  const calls = inFrontOfBrackets.filter(({ before }) => !isDefined(before));
  return {
    defined: new Set([...definitions, ...types.map(({ text }) => text)]),
    functions: calls.filter(({ before }) => before?.text !== '.').map(({ token }) => token),
    methods: calls.filter(({ before }) => before?.text === '.').map(({ token }) => token),
  };
}

/** Calls of what is neither the text's own nor MQL5's. Its strings and arrays have no methods. */
function strangers(tokens: readonly Token[]): string[] {
  const { defined, functions, methods } = callsOf(tokens);
  const isKnown = (name: string) => defined.has(name) || provided.has(name) || TYPES.has(name);
  return [
    ...functions.filter(({ text }) => !isKnown(text)).map(placed),
    ...methods.filter(({ text }) => !defined.has(text)).map(placed),
  ];
}

const placed = ({ text, file, line }: Token) => `${file}:${line}: ${text}`;

describe('The text of the bridge program', () => {
  it.runIf(hasSystemPackage('g++'))(
    'compiles without a warning of -Wall, -Wextra and -Wconversion',
    () => buildProgram({ variant: 'plain' }),
    BUILD_TIMEOUT_MS,
  );

  it('has no directive but #property, #define and #include: nothing is left out or brought in from a DLL', () => {
    const directives = shipped.filter(({ kind }) => kind === 'directive');
    expect(directives.filter(({ text }) => !/^#(property|define|include) /.test(text)).map(placed)).toEqual([]);
    expect(directives.filter(({ text }) => text.startsWith('#include <')).map(placed)).toEqual([]);
  });

  it('calls only what is its own, and functions that MQL5 documents', () => {
    expect(strangers(shipped)).toEqual([]);
    const { functions, methods } = callsOf(shipped);
    expect(functions.length).toBeGreaterThan(500);
    expect(methods.length).toBeGreaterThan(100);
  });

  it('has no function under a name of MQL5', () => {
    expect([...callsOf(shipped).defined].filter((name) => provided.has(name))).toEqual([]);
  });

  it.each([
    ['void F() { puts("x"); }', ['a:1: puts']],
    ['void F() { fileReadBytes(1); }', ['a:1: fileReadBytes']],
    ['int F(const string s) { return s.length(); }', ['a:1: length']],
    ['void F(uchar &bytes[]) { bytes.clear(); F(bytes); Print(int(5)); }', ['a:1: clear']],
    ['void F() { if(G()) H(); else J(); }', ['a:1: G', 'a:1: H', 'a:1: J']],
  ])('would not pass as %j', (text, found) => {
    expect(strangers(tokenize(text, 'a'))).toEqual(found);
  });
});
