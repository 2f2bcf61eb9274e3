import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { translateArrays } from './translate/arrays.ts';
import { translateWords } from './translate/literals.ts';
import { outline } from './translate/outline.ts';
import { printed, tokenize, TranslationError, type Token } from './translate/tokens.ts';

export { TranslationError } from './translate/tokens.ts';

/** Texts of a program by name, with `/` between folders: the .mq5 and what it includes. */
export type Sources = ReadonlyMap<string, string>;

const PROGRAM_FOLDER = join(import.meta.dirname, '../../resources/mql5');

/** The program as it ships. A test may change a text in the map before it builds it. */
export function readSources(folder = PROGRAM_FOLDER): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.mq[5h]$/.test(name));
  return new Map(names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]));
}

/**
 * The one .mq5 among the sources as C++, for the header terminal/mql-api.hpp. `#line` keeps the original's names and
 * lines in what a compiler says. Throws a TranslationError for what MetaEditor would refuse or what is not provided.
 */
export function translate(sources: Sources): string {
  const name = programName(sources);
  const flat = withoutProperties(included(sources, name, new Set()));
  checkReferences(flat);
  const program = outline(translateArrays(translateWords(flat)));
  return [
    '#include "mql-api.hpp"\nnamespace mql5::program {\n',
    printed(program.defines),
    printed(program.enumerations),
    printed(program.structures),
    printed(program.prototypes),
    printed(program.body),
    '\n#line 1 "events"\n',
    events(name, program.functions),
  ].join('');
}

/** Name of the one .mq5 among the sources. */
export function programName(sources: Sources): string {
  const [name, ...others] = [...sources.keys()].filter((key) => key.endsWith('.mq5'));
  if (name === undefined || others.length > 0) throw new Error('the sources must hold one .mq5');
  return name;
}

/** The tokens of a file with those of its includes in their places; MetaEditor includes a file once. */
function included(sources: Sources, name: string, seen: Set<string>): Token[] {
  seen.add(name);
  return tokenize(sources.get(name)!.replace(/^\uFEFF/, ''), name).flatMap((token) => {
    const [, wanted] = /^#include\s+["<]([^">]+)[">]/.exec(token.text) ?? [];
    if (token.kind !== 'directive' || wanted === undefined) return [token];
    const path = posix.join(posix.dirname(name), wanted.replaceAll('\\', '/'));
    if (!sources.has(path)) throw new TranslationError(token, `there is no ${path}`);
    return seen.has(path) ? [] : included(sources, path, seen);
  });
}

function withoutProperties(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, at) => {
    if (token.kind === 'directive') return !token.text.startsWith('#property');
    const before = tokens[at - 1];
    const isGroup = token.text === 'input' && tokens[at + 1]?.text === 'group';
    const isGroupWord = token.text === 'group' && before?.text === 'input';
    const isGroupName = token.kind === 'string' && before?.text === 'group';
    const isGroupEnd = token.text === ';' && before?.kind === 'string' && tokens[at - 2]?.text === 'group';
    return !isGroup && !isGroupWord && !isGroupName && !isGroupEnd;
  });
}

/** MQL5 has references only as parameters. */
function checkReferences(tokens: readonly Token[]): void {
  tokens.forEach((token, at) => {
    const [type, name, equals] = [tokens[at - 1], tokens[at + 1], tokens[at + 2]];
    if (token.text !== '&' || type?.kind !== 'word' || name?.kind !== 'word' || equals?.text !== '=') return;
    throw new TranslationError(token, `MQL5 has no local references: ${type.text} &${name.text}`);
  });
}

/** The table through which the terminal calls the program. */
function events(name: string, functions: ReadonlySet<string>): string {
  const handler = (event: string, wrapper: string) => (functions.has(event) ? wrapper : 'nullptr');
  const rows = [
    JSON.stringify(posix.basename(name, '.mq5')),
    handler('OnInit', '[]() -> int { return terminal::initResult([] { return mql5::program::OnInit(); }); }'),
    handler('OnDeinit', 'mql5::program::OnDeinit'),
    handler('OnTick', 'mql5::program::OnTick'),
    handler('OnTimer', 'mql5::program::OnTimer'),
    handler('OnTradeTransaction', 'mql5::program::OnTradeTransaction'),
  ];
  return `}\nconst terminal::Program terminal::program = {\n  ${rows.join(',\n  ')}};\n`;
}
