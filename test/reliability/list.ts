import { basename } from 'node:path';
import { type NamedTest, PROMISES, type PromiseKind } from './named-tests.ts';

const BEGIN = '<!-- list of tests: made by npm run reliability, do not edit -->';
const END = '<!-- end of the list -->';

/** The list of named tests as Markdown: a part a kind. */
export function listMarkdown(tests: readonly NamedTest[]): string {
  const kinds = Object.keys(PROMISES) as PromiseKind[];
  return kinds.map((kind) => partOf(kind, tests)).join('\n');
}

/** A document with its list replaced. Throws where it has no place for one. */
export function withList(document: string, list: string): string {
  const [before, rest] = [document.split(BEGIN)[0], document.split(END)[1]];
  if (before === undefined || rest === undefined || !document.includes(BEGIN)) {
    throw new Error(`the document has no "${BEGIN}" … "${END}"`);
  }
  return `${before}${BEGIN}\n\n${list}\n${END}${rest}`;
}

function partOf(kind: PromiseKind, tests: readonly NamedTest[]): string {
  const items = tests
    .filter((test) => test.kind === kind)
    .map(({ number, name, file }) => `- ${number}: ${plain(name)} ([${basename(file)}](../${file}))`);
  return [`### ${PROMISES[kind].title}`, '', ...items, ''].join('\n');
}

/** A name as text of Markdown: its quotes as they are, nothing of it taken for markup. */
function plain(text: string): string {
  return text.replaceAll(/\\(['"`])/g, '$1').replaceAll(/[*<[]/g, '\\$&');
}
