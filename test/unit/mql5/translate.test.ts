import { describe, expect, it } from 'vitest';
import { readSources, translate, TranslationError } from '../../mql5/translate.ts';

/** A program of these lines, in C++. */
function translated(...lines: readonly string[]): string {
  return translate(new Map([['a.mq5', lines.join('\n')]]));
}

describe('The translator', () => {
  it.each([
    ['string s = "a\\tb";', 'string s = u"a\\tb"_s;'],
    ["ushort c = 'a';", 'ushort c = ushort(97);'],
    ["ushort c = '\\t';", 'ushort c = ushort(9);'],
    ["ushort c = '\\\\';", 'ushort c = ushort(92);'],
    ["ushort c = '\\x41';", 'ushort c = ushort(65);'],
    ["datetime d = D'2026.01.31 12:00';", 'datetime d = datetime(1769860800LL);'],
    ["color c = C'1,2,3';", 'color c = color(197121);'],
    ['string s = NULL;', 'string s = null;'],
    ['long a; ulong b; char c;', 'mql_long a; ulong b; mql_char c;'],
    ['ulong a = 18446744073709551615;', 'ulong a = 18446744073709551615ULL;'],
    ['void F() { int x[]; }', 'mql5::array<int> x;'],
    ['void F() { int x[4]; }', 'mql5::array<int> x= mql5::array<int>::fixed(4);'],
    ['int x[4];', 'mql5::array<int> x= mql5::array<int>::zeroed(4);'],
    ['void F() { static int x[4]; }', 'static mql5::array<int> x= mql5::array<int>::zeroed(4);'],
    ['const int x[] = {1, 2};', 'const mql5::array<int> x= mql5::array<int>::of(-1, {1, 2});'],
    ['void F(const long &x[]) {}', 'void F(const mql5::array<mql_long>&x) {}'],
    ['int F(int a, int &b[]) { return a & b[0]; }', 'return a & b[0];'],
    ['int F(int &b[]) { return b[0]; }', 'return b[0];'],
    ['input int InpA = 5; // words', 'static const int InpA = terminal::input<int>("InpA", 5);'],
    ['class A { int n; void F() { this.n = 1; } };', '(*this).n = 1;'],
    ['#define VERSION "1.0"', '#define VERSION u"1.0"_s'],
  ])('%s', (source, result) => {
    expect(normal(translated(source))).toContain(normal(result));
  });

  it('drops properties, groups of inputs and comments', () => {
    const text = translated('#property copyright "x"', 'input group "Main"', '/* a', 'b */ int x; // "c');
    expect(text).not.toMatch(/copyright|group|Main|"c|\* a/);
    expect(text).toContain('int x;');
  });

  it('lets a function be used before its definition, with the default arguments that only one of both may have', () => {
    const text = translated('void A() { B(); }', 'void B(const int x = 5, const string s = ",") { }');
    expect(normal(text)).toContain(normal('void B(const int x = 5, const string s = u","_s);'));
    expect(normal(text)).toContain(normal('void B(const int x , const string s ) { }'));
    expect(text.indexOf('x = 5')).toBeLessThan(text.indexOf('B();'));
  });

  it('declares structures, and defines enumerations, before the prototypes that mention them', () => {
    const text = translated(
      'void F(Row &row, const Kind kind) { }',
      'struct Row { int n; };',
      'enum Kind { A, B = 3 };',
    );
    const [declared, enumeration, prototype] = ['struct Row ;', 'enum Kind', 'void F'].map((part) =>
      text.indexOf(part),
    );
    expect(declared).toBeLessThan(prototype!);
    expect(enumeration).toBeLessThan(prototype!);
    expect(text).toContain('if (value == B) return u"B"_s;');
  });

  it('writes no prototype of a method that is defined outside of its class', () => {
    const text = translated('class A { void F(int n); };', 'void A::F(int n) { }');
    expect(text.match(/void A::F/g)).toHaveLength(1);
  });

  it('includes each file once, relative to the file that asks, and keeps names and lines', () => {
    const text = translate(
      new Map([
        ['main.mq5', '#include "Lib\\One.mqh"\n\nint a;'],
        ['Lib/One.mqh', '#include "Two.mqh"\n\n\nint one;'],
        ['Lib/Two.mqh', '#include "One.mqh"\nint two;'],
      ]),
    );
    expect(text).toMatch(/#line 2 "Lib\/Two\.mqh"\n\s*int two;/);
    expect(text).toMatch(/#line 4 "Lib\/One\.mqh"\n\s*int one;/);
    expect(text).toMatch(/#line 3 "main\.mq5"\n\s*int a;/);
    expect(text.match(/int one/g)).toHaveLength(1);
  });

  it('tells the terminal which event handlers there are', () => {
    const text = translated('void OnTimer() { }');
    expect(text).toContain('mql5::program::OnTimer');
    expect(text).not.toContain('mql5::program::OnTick');
  });

  it.each([
    ['auto x = 1;', "MQL5 has no 'auto'"],
    ['void F() { std::string s; }', "MQL5 has no 'std'"],
    ['void F() { A *a = new A(); }', "'new' is not provided here"],
    ['#ifdef X', "'#ifdef' is not provided here"],
    ['#import "a.dll"', "'#import' is not provided here"],
    ['#include "none.mqh"', 'there is no none.mqh'],
    ['void F() { int &x = y; }', 'MQL5 has no local references: int &x'],
    ['void F(MqlTick tick) { }', 'structures are passed by reference: MqlTick &tick'],
    ['struct Row { int n; };\nvoid F(const Row row) { }', 'structures are passed by reference: Row &row'],
    ['void F(int x[]) { }', 'arrays are passed by reference: &x[]'],
    ['int x[2][3];', 'arrays of one dimension only'],
    ['void F() { int x[], y; }', 'one array a declaration'],
    ['string s = "open;', 'a character or string without its end'],
    ['void F() { if(x) {', "'{' is never closed"],
  ])('refuses %j: %s', (source, message) => {
    const translation = () => translate(new Map([['a.mq5', `\n${source}`]]));
    expect(translation).toThrow(TranslationError);
    expect(translation).toThrow(/^a\.mq5:[23]: /);
    expect(translation).toThrow(message);
  });

  it('wants one program', () => {
    expect(() => translate(new Map())).toThrow('one .mq5');
  });

  it('takes the program as it ships', () => {
    const sources = readSources();
    expect([...sources.keys()]).toContain('MT5FabricBridge.mq5');
    expect(translate(sources)).toContain('mql5::program::OnTradeTransaction');
  });
});

/** Without white space, which means nothing here. */
function normal(text: string): string {
  return text.replace(/\s+/g, '');
}
