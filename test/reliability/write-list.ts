// Writes the list of named tests into docs/RELIABILITY.md: npm run reliability
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listMarkdown, withList } from './list.ts';
import { namedTests } from './named-tests.ts';

const root = join(import.meta.dirname, '../..');
const document = join(root, 'docs/RELIABILITY.md');
const tests = namedTests(join(root, 'test'));
writeFileSync(document, withList(readFileSync(document, 'utf8'), listMarkdown(tests)));
console.log(`${tests.length} named tests in docs/RELIABILITY.md`);
