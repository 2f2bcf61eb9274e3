import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MAX_JSON_DEPTH } from '../../../main/protocol/constants.ts';
import { canonicalJson, encodeJson, parseJson, parseTrustedJson } from '../../../main/protocol/json.ts';
import type { JsonObject, JsonValue } from '../../../main/protocol/json-value.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const parse = (text: string) => parseJson(bytes(text));
const containing = (words: string): unknown => expect.stringContaining(words);

function valueOf(text: string): JsonValue {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text} was refused: ${parsed.message}`);
  return parsed.value;
}

const REFUSED: readonly [name: string, text: string | Uint8Array, message: string][] = [
  ['nothing', '', 'no value: the text is empty at byte 0'],
  ['only spaces', ' \n', 'no value: the text is empty at byte 2'],
  ['a byte order mark', '\ufeff{}', 'expected a value, got a byte order mark at byte 0'],
  ['bytes that are not UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), 'not valid UTF-8 at byte 6'],
  ['an overlong encoding', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'not valid UTF-8 at byte 1'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not valid UTF-8 at byte 2'],
  ['a cut multi-byte character', Buffer.from([0x22, 0x61, 0xe2, 0x82]), 'not valid UTF-8 at byte 3'],
  ['the first half of a surrogate pair', '["\\ud83d"]', 'half of a surrogate pair in a string at byte 1'],
  ['the second half of a surrogate pair', '["a\\ude00"]', 'half of a surrogate pair in a string at byte 1'],
  ['half a surrogate pair in a key', '{"\\ud83d":1}', 'half of a surrogate pair in a string at byte 1'],
  ['a duplicate key', '{"action":"A","action":"B"}', 'duplicate key "action" at byte 14'],
  ['a duplicate key written differently', '{"a":1,"\\u0061":2}', 'duplicate key "a" at byte 7'],
  ['a duplicate __proto__', '{"__proto__":1,"__proto__":2}', 'duplicate key "__proto__" at byte 15'],
  ['a duplicate key further in', '{"p":[{"é":1,"é":2}]}', 'duplicate key "é" at byte 14'],
  ['a number past a double', '[1e999]', 'a number past the range of a double at byte 1'],
  ['a negative number past a double', '-1e999', 'a number past the range of a double at byte 0'],
  ['a whole number without end', '1'.repeat(41), 'a whole number of more than 40 digits at byte 0'],
  ['a negative one', `-${'1'.repeat(41)}`, 'a whole number of more than 40 digits at byte 0'],
  ['NaN', '{"volume":NaN}', 'expected a value, got "NaN" at byte 10'],
  ['Infinity', '[Infinity]', 'expected a value, got "Infinity" at byte 1'],
  ['minus Infinity', '[-Infinity]', 'a minus sign without a number at byte 1'],
  ['a hexadecimal number', '[0x10]', 'expected "," or "]", got "x10" at byte 2'],
  ['a leading zero', '[01]', 'expected "," or "]", got "1" at byte 2'],
  ['a leading plus', '[+1]', 'expected a value, got "+1" at byte 1'],
  ['a number that ends in a point', '[1.]', 'expected "," or "]", got "." at byte 2'],
  ['a number that begins with a point', '[.5]', 'expected a value, got ".5" at byte 1'],
  ['an exponent without digits', '[1e]', 'expected "," or "]", got "e" at byte 2'],
  ['a second value', '{} {}', 'unexpected "{" after the end of the value at byte 3'],
  ['trailing bytes', '{}\0', 'unexpected "\\u0000" after the end of the value at byte 2'],
  ['a trailing comma', '[1,]', 'expected a value, got "]" at byte 3'],
  ['a trailing comma in an object', '{"a":1,}', 'expected a key in double quotes, got "}" at byte 7'],
  ['a missing colon', '{"a" 1}', 'expected ":" after the key, got "1" at byte 5'],
  ['a missing comma', '[1 2]', 'expected "," or "]", got "2" at byte 3'],
  ['a key without quotes', '{a:1}', 'expected a key in double quotes, got "a" at byte 1'],
  ['single quotes', "{'a':1}", 'expected a key in double quotes, got "\'" at byte 1'],
  ['a cut text', '{"a":', 'expected a value, got the end at byte 5'],
  ['a string without its end', '["abc', 'a string without its closing quote at byte 1'],
  ['a string that ends in a backslash', '"abc\\', 'an escape that JSON does not have at byte 4'],
  ['a raw line break in a string', '["a\nb"]', 'an unescaped control character in a string at byte 3'],
  ['a raw NUL after an escape', '["\\n\0"]', 'an unescaped control character in a string at byte 4'],
  ['an unknown escape', '["\\x41"]', 'an escape that JSON does not have at byte 2'],
  ['a cut \\u escape', '["\\u00e"]', 'an escape that JSON does not have at byte 2'],
  ['a word', 'hello', 'expected a value, got "hello" at byte 0'],
  ['a wrong case', 'True', 'expected a value, got "True" at byte 0'],
  ['a comment', '[1 /* one */]', 'expected "," or "]", got "/" at byte 3'],
  ['a no-break space', '[\u00a01]', 'expected a value, got "\u00a0" at byte 1'],
];

describe('parseJson', () => {
  it.each(REFUSED)('refuses %s and names the place', (_name, text, message) => {
    expect(parseJson(typeof text === 'string' ? bytes(text) : text)).toEqual({ ok: false, message });
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('takes %s nested to the limit, and refuses one level more', (_name, open, close) => {
    const nested = (depth: number) =>
      `${open.repeat(depth - 1)}${open === '[' ? '[]' : '{}'}${close.repeat(depth - 1)}`;
    expect(parse(nested(MAX_JSON_DEPTH))).toMatchObject({ ok: true });
    expect(parse(nested(MAX_JSON_DEPTH + 1))).toMatchObject({ ok: false, message: containing('deeper') });
  });

  it('refuses nesting 100,000 deep before it can cost anything', () => {
    const message = `objects and lists nested deeper than ${MAX_JSON_DEPTH} levels at byte ${MAX_JSON_DEPTH}`;
    expect(parse('['.repeat(100_000))).toEqual({ ok: false, message });
    expect(parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toEqual({ ok: false, message });
  });

  it('counts only what is open at once as depth', () => {
    expect(parse(`[${'[],'.repeat(1_000)}{}]`)).toMatchObject({ ok: true });
  });

  it('takes another limit', () => {
    expect(parseJson(bytes('[[1]]'), { maxDepth: 1 })).toMatchObject({ ok: false });
    expect(parseJson(bytes('[[1]]'), { maxDepth: 2 })).toMatchObject({ ok: true });
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['1'.repeat(40), BigInt('1'.repeat(40))],
    [`-${'1'.repeat(40)}`, -BigInt('1'.repeat(40))],
    ['1e3', 1000],
    ['9007199254740993.0', 9007199254740992],
    ['0.29', 0.29],
    ['1e-9', 1e-9],
    ['5e-324', 5e-324],
    ['1E+2', 100],
  ])('reads %s', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  it('keeps the sign of -0', () => {
    expect(Object.is(valueOf('-0'), -0)).toBe(true);
  });

  it('reads every escape, pairs of surrogates among them', () => {
    expect(valueOf('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00é😀"')).toBe('"\\/\b\f\n\r\té😀é😀');
  });

  it('reads spaces of JSON everywhere', () => {
    expect(valueOf(' \t\r\n{ "a" : [ 1 , true , null ] , "b" : { } }\n')).toEqual({ a: [1, true, null], b: {} });
  });

  it('makes __proto__ and constructor ordinary keys that change nothing else', () => {
    const value = valueOf('{"__proto__":{"polluted":true},"constructor":1,"a":2}') as JsonObject;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'a']);
    expect(value['polluted']).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(value, '__proto__')?.value).toEqual({ polluted: true });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const schema = z.object({ a: z.number(), constructor: z.number() });
    expect(schema.parse(value)).toEqual({ a: 2, constructor: 1 });
    expect(z.record(z.string(), z.unknown()).safeParse(value).success).toBe(true);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        parseJson(random);
      }),
    );
  });

  it('never throws on text that is almost JSON', () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\0123456789.eE+-truefalsn '.split(''),
      '"a"',
      '\\u',
      'ud83d',
      '1e9',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const strict = parse(text);
        // What this parser takes is JSON to everybody else too.
        if (strict.ok) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(asNumbers(valueOf(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a duplicate key wherever it stands', () => {
    const key = fc.string({ unit: 'grapheme', maxLength: 8 });
    const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 1 }), { minKeys: 1, maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(), fc.nat({ max: 5 }), (value, from, to, depth) => {
        const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`);
        const doubled = Object.keys(value)[from % members.length]!;
        members.splice(to % (members.length + 1), 0, `${JSON.stringify(doubled)}:0`);
        const text = `${'{"in":['.repeat(depth)}{${members.join(',')}}${']}'.repeat(depth)}`;
        expect(parse(text)).toMatchObject({ ok: false, message: containing('duplicate key') });
      }),
    );
  });

  it('reads whole numbers of any size exactly, and encodes them as they were', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }), (whole) => {
        const value = valueOf(`{"ticket":${whole}}`) as { ticket: number | bigint };
        expect(BigInt(value.ticket)).toBe(whole);
        expect(encodeJson(value)).toBe(`{"ticket":${whole}}`);
        expect(parseTrustedJson(`[${whole}]`)).toEqual([value.ticket]);
      }),
    );
  });
});

describe('encodeJson', () => {
  it('writes what JSON.stringify writes where no bigint is inside', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(encodeJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('writes bigint as all its digits, at any depth, and everything else as before', () => {
    const value = { a: 'é"\n', tickets: [{ ticket: 9007199254740993n }, null, true, -0, 1e21], none: undefined, z: {} };
    expect(encodeJson(value)).toBe('{"a":"é\\"\\n","tickets":[{"ticket":9007199254740993},null,true,0,1e+21],"z":{}}');
  });

  it('leaves keys with undefined out', () => {
    expect(encodeJson({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it.each([
    ['NaN', { volume: NaN }],
    ['an infinity', [1, -Infinity]],
    ['NaN beside a bigint', [1n, NaN]],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a function', { f: () => 1 }],
  ])('throws on %s, which JSON cannot say', (_name, value) => {
    expect(() => encodeJson(value)).toThrow(TypeError);
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and puts no space', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 9007199254740993n }], B: 'x' })).toBe(
      '{"B":"x","a":[{"c":9007199254740993,"d":null}],"b":1}',
    );
  });

  it('gives one text for a value, in whatever order its keys stand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.infiniteStream(fc.nat({ max: 1_000 })), (value, random) => {
        const plain = value as JsonValue;
        expect(canonicalJson(shuffled(plain, random))).toBe(canonicalJson(plain));
      }),
    );
  });

  it('can be read back, and is then the same text again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as JsonValue);
        expect(canonicalJson(valueOf(text))).toBe(text);
        expect(canonicalJson(parseTrustedJson(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells different values apart', () => {
    const texts = [{ volume: 0.01 }, { volume: '0.01' }, { volume: 0.1 }, { volume: null }, {}, []].map(canonicalJson);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('throws on what JSON cannot say', () => {
    expect(() => canonicalJson({ volume: NaN })).toThrow(TypeError);
  });
});

describe('parseTrustedJson', () => {
  it('keeps whole numbers past 2^53 exact and fractions as they are', () => {
    expect(parseTrustedJson('{"ticket":9007199254740993,"price":1.0512345678901234567,"time":1766800000}')).toEqual({
      ticket: 9007199254740993n,
      price: 1.0512345678901234567,
      time: 1766800000,
    });
  });

  it('leaves digits in strings alone', () => {
    expect(parseTrustedJson('["9007199254740993"]')).toEqual(['9007199254740993']);
  });

  it('throws on what is not JSON', () => {
    expect(() => parseTrustedJson('{"a":')).toThrow(SyntaxError);
  });
});

/** What a parser without bigint would have read. */
function asNumbers(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(asNumbers);
  const copy = Object.entries(value).map(([key, item]) => [key, asNumbers(item)] as const);
  return Object.fromEntries(copy);
}

/** The same value with its keys in another order. */
function shuffled(value: JsonValue, random: Iterator<number>): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => shuffled(item, random));
  const entries = Object.entries(value)
    .map(([key, item]) => ({ key, item: shuffled(item, random), rank: random.next().value as number }))
    .sort((a, b) => a.rank - b.rank);
  return Object.fromEntries(entries.map(({ key, item }) => [key, item]));
}
