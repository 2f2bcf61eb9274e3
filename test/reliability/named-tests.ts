import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A promise that has a number, and how many of its kind there are. */
export const PROMISES = {
  'kill switch': { title: 'Kill switch', count: 36 },
  'exactly once': { title: 'Exactly once', count: 27 },
  'audit log': { title: 'Audit log', count: 17 },
} as const;
export type PromiseKind = keyof typeof PROMISES;

/** A test whose name begins with the number of a promise, like `kill switch 07: …`. */
export interface NamedTest {
  readonly kind: PromiseKind;
  readonly number: number;
  readonly name: string;
  /** Path from the project's folder, with slashes. */
  readonly file: string;
}

const TITLE = /(['"`])((?:kill switch|exactly once|audit log) \d{2}: (?:(?!\1).)+)\1/g;
const NUMBERED = /^(kill switch|exactly once|audit log) (\d{2}): (.+)$/;

/** All named tests of a folder of tests, in order of kind and number. */
export function namedTests(folder: string): readonly NamedTest[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file));
  const kinds = Object.keys(PROMISES);
  return files
    .flatMap((file) => titlesIn(readFileSync(file, 'utf8'), relative(join(folder, '..'), file).replaceAll('\\', '/')))
    .sort(
      (a, b) =>
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        a.number - b.number ||
        a.file.localeCompare(b.file) ||
        a.name.localeCompare(b.name),
    );
}

/** The named tests of one file's text. */
export function titlesIn(text: string, file: string): readonly NamedTest[] {
  return [...text.matchAll(TITLE)].flatMap(([, , title = '']) => {
    const [, kind, number, name = ''] = NUMBERED.exec(title) ?? [];
    return kind === undefined ? [] : [{ kind: kind as PromiseKind, number: Number(number), name, file }];
  });
}

/** The numbers of a kind that no test has. */
export function missingNumbers(tests: readonly NamedTest[], kind: PromiseKind): readonly number[] {
  const covered = new Set(tests.filter((test) => test.kind === kind).map(({ number }) => number));
  const numbers = Array.from({ length: PROMISES[kind].count }, (_, at) => at + 1);
  return numbers.filter((number) => !covered.has(number));
}
