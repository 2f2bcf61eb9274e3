import { createRequire } from 'node:module';
import treeSitter, { type Node, type Parser } from '@vscode/tree-sitter-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSources, translate } from '../../mql5/translate.ts';

const GRAMMAR = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-cpp.wasm');

let parser: Parser;

/** What the grammar of C++ cannot make sense of, or misses, with its line. */
function faults(text: string): string[] {
  const root = parser.parse(text)?.rootNode;
  if (root === undefined) throw new Error('nothing was parsed');
  return faultsIn(root);
}

function faultsIn(node: Node): string[] {
  const own = node.isError || node.isMissing ? [`${node.startPosition.row + 1}: ${node.text.slice(0, 100)}`] : [];
  return node.hasError ? [...own, ...node.children.flatMap((child) => (child === null ? [] : faultsIn(child)))] : own;
}

/** g++ takes more than C++, and the translation more than MQL5: another reader of the same text. */
describe('The syntax of the bridge program, read by tree-sitter', () => {
  beforeAll(async () => {
    await treeSitter.Parser.init();
    parser = new treeSitter.Parser();
    parser.setLanguage(await treeSitter.Language.load(GRAMMAR));
  });

  it('has no fault after the translation', () => {
    expect(faults(translate(readSources()))).toEqual([]);
  });

  it('has no fault as it ships, but for the inputs, which C++ does not have', () => {
    const texts = [...readSources()].map(([name, text]) => [name, text.replaceAll(/^input /gm, '')] as const);
    expect(texts.flatMap(([name, text]) => faults(text).map((fault) => `${name}:${fault}`))).toEqual([]);
  });

  it.each([
    'void F( { }',
    'void F() { if x) return; }',
    'int F() { return 1 +; }',
    'struct S { int a; ',
    'int 1x = 2;',
  ])('would be at fault as %j', (text) => {
    expect(faults(text)).not.toEqual([]);
  });
});
