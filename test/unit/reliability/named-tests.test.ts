import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listMarkdown, withList } from '../../reliability/list.ts';
import { missingNumbers, namedTests, PROMISES, type PromiseKind, titlesIn } from '../../reliability/named-tests.ts';

const root = join(import.meta.dirname, '../../..');

describe('the named tests', () => {
  const tests = namedTests(join(root, 'test'));

  test.each(Object.keys(PROMISES) as PromiseKind[])('every number of "%s" has a test', (kind) => {
    expect(missingNumbers(tests, kind)).toEqual([]);
  });

  test('docs/RELIABILITY.md lists them as they are', () => {
    const document = readFileSync(join(root, 'docs/RELIABILITY.md'), 'utf8');
    expect(document, 'out of date: npm run reliability').toBe(withList(document, listMarkdown(tests)));
  });
});

describe('reading names from a file', () => {
  // Put together here, so that the list does not take them for tests of this file.
  const [killSwitch, exactlyOnce] = [['kill', 'switch'].join(' '), ['exactly', 'once'].join(' ')];
  const source = [
    `test('${killSwitch} 07: an UNKNOWN order is not called flat', () => {});`,
    `test("${exactlyOnce} 03: a duplicate's reply", () => {});`,
    `test('a kill switch without a number', () => {});`,
  ].join('\n');

  test('takes the numbered ones, in any kind of quotes', () => {
    expect(titlesIn(source, 'test/a.test.ts')).toEqual([
      { kind: 'kill switch', number: 7, name: 'an UNKNOWN order is not called flat', file: 'test/a.test.ts' },
      { kind: 'exactly once', number: 3, name: "a duplicate's reply", file: 'test/a.test.ts' },
    ]);
  });

  test('a number without a test is missing', () => {
    expect(missingNumbers(titlesIn(source, 'f'), 'kill switch')).toHaveLength(PROMISES['kill switch'].count - 1);
  });

  test('a document without a place for the list is refused', () => {
    expect(() => withList('# Reliability', '')).toThrow('has no');
  });
});
