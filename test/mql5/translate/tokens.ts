/** A token of MQL5 and where it stands. Comments and white space are not tokens; `spaced` tells of them. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'character' | 'mark' | 'directive';
  readonly text: string;
  readonly file: string;
  readonly line: number;
  /** White space or a comment stood before it. */
  readonly spaced: boolean;
}

/** Something in the source that cannot be translated, or that MetaEditor would not take. */
export class TranslationError extends Error {
  override readonly name = 'TranslationError';

  constructor(where: Pick<Token, 'file' | 'line'>, message: string) {
    super(`${where.file}:${where.line}: ${message}`);
  }
}

const PATTERN = new RegExp(
  [
    String.raw`(?<space>(?:\s|//[^\n]*|/\*[^]*?\*/)+)`,
    String.raw`(?<directive>#[^\n]*)`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*")`,
    String.raw`(?<character>[DC]?'(?:[^'\\\n]|\\.)*')`,
    String.raw`(?<word>[A-Za-z_]\w*)`,
    String.raw`(?<number>\.?\d(?:[eE][+-]|[\w.])*)`,
    String.raw`(?<mark>::|<<=|>>=|<<|>>|[-+*/%&|^=!<>]=|&&|\|\||\+\+|--|[^\s\w"'])`,
  ].join('|'),
  'gy',
);

/** The tokens of one file. */
export function tokenize(text: string, file: string, firstLine = 1): Token[] {
  const tokens: Token[] = [];
  let line = firstLine;
  let spaced = false;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const groups = PATTERN.exec(text)?.groups;
    if (groups === undefined) throw new TranslationError({ file, line }, 'a character or string without its end');
    const [kind, found] = Object.entries(groups).find(([, value]) => (value as string | undefined) !== undefined)!;
    if (kind !== 'space') tokens.push({ kind: kind as Token['kind'], text: found, file, line, spaced });
    spaced = kind === 'space';
    line += newlines(found);
  }
  return tokens;
}

/** The same place with another text. */
export function replaced(token: Token, text: string, kind: Token['kind'] = 'mark'): Token {
  return { ...token, kind, text };
}

/** Index of the bracket that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== 'mark') continue;
    if ('([{'.includes(token.text)) depth++;
    if (')]}'.includes(token.text)) depth--;
    if (depth === 0) return at;
  }
  throw new TranslationError(tokens[open]!, `'${tokens[open]!.text}' is never closed`);
}

/** The tokens as C++ text in which compilers find the lines of the original. */
export function printed(tokens: readonly Token[]): string {
  let text = '';
  let file = '';
  let line = 0;
  for (const token of tokens) {
    const gap = token.line - line;
    if (token.file !== file || gap < 0 || gap > 50) text += `\n#line ${token.line} ${JSON.stringify(token.file)}\n`;
    else if (gap > 0) text += '\n'.repeat(gap);
    else if (token.spaced) text += ' ';
    text += token.text;
    file = token.file;
    line = token.line + newlines(token.text);
  }
  return `${text}\n`;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}
