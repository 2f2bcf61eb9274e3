import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const DOCS = resolve(import.meta.dirname, '../../docs');
/** A row of the checklist: [`deny.ts:14`](../main/desktop/deny.ts#L14): `will-redirect`. */
const ROW = /^\| (?<item>\d.*?) +\| \[`[^`]*:(?<shown>\d+)`\]\((?<file>[^)#]+)#L(?<line>\d+)\): `(?<word>[^`]+)`/;

const rows = readFileSync(join(DOCS, 'SECURITY.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+[ ,]/.test(line))
  .map((line) => ({ line, parts: ROW.exec(line)?.groups }));

describe("Electron's security checklist in docs/SECURITY.md", () => {
  it('has all twenty items', () => {
    const items = rows.flatMap(({ line }) => /^\| ([\d, ]+)/.exec(line)?.[1]?.split(',').map(Number) ?? []);
    expect(items).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it.each(rows)('links to the line that implements it: $line', ({ parts }) => {
    const { file, line, shown, word } = parts!;
    const source = readFileSync(join(DOCS, file!), 'utf8').split('\n');
    expect(shown).toBe(line);
    expect(
      source[Number(line) - 1],
      `${word} stands in line ${source.findIndex((one) => one.includes(word!)) + 1}`,
    ).toContain(word);
  });
});
