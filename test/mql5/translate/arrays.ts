import { closing, replaced, TranslationError, type Token } from './tokens.ts';

/** Words that may stand before a name and `[` without being its type. */
const NOT_TYPES = new Set('return case else do in out const static input sinput operator sizeof'.split(' '));

/** `T x[]`, `T x[N]`, `T x[] = {…}`, `T &x[]` as arrays that know their size. */
export function translateArrays(tokens: readonly Token[]): Token[] {
  const output: Token[] = [];
  const open: string[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!;
    const found = declaration(tokens, at);
    if (found === null) {
      if (token.kind === 'mark') follow(open, token.text);
      output.push(token);
      at++;
      continue;
    }
    const isParameter = open.at(-1) === '(';
    // Outside of functions and structures, and where it is static, MQL5 fills an array with zeros.
    const isZeroed = open.length === 0 || output.at(-1)?.text === 'static';
    output.push(...(isParameter ? parameter(tokens, found) : variable(tokens, found, isZeroed)));
    at = found.end;
  }
  return output;
}

function follow(open: string[], mark: string): void {
  if (mark === '(' || mark === '{' || mark === '[') open.push(mark);
  if (mark === ')' || mark === '}' || mark === ']') open.pop();
}

interface Declaration {
  readonly type: Token;
  readonly isReference: boolean;
  readonly name: Token;
  readonly open: number;
  readonly close: number;
  /** Index of the first token after all that belongs to it. */
  readonly end: number;
}

function declaration(tokens: readonly Token[], at: number): Declaration | null {
  const type = tokens[at]!;
  if (type.kind !== 'word' || NOT_TYPES.has(type.text)) return null;
  const isReference = tokens[at + 1]?.text === '&';
  const open = at + (isReference ? 3 : 2);
  const name = tokens[open - 1];
  if (name?.kind !== 'word' || tokens[open]?.text !== '[') return null;
  const close = closing(tokens, open);
  // `a & b[i]` is an expression: only a parameter has empty brackets behind an ampersand.
  if (isReference && close !== open + 1) return null;
  if (tokens[close + 1]?.text === '[') throw new TranslationError(name, 'arrays of one dimension only');
  const hasValues = tokens[close + 1]?.text === '=';
  return { type, isReference, name, open, close, end: hasValues ? closing(tokens, close + 2) + 1 : close + 1 };
}

function parameter(_tokens: readonly Token[], { type, isReference, name }: Declaration): Token[] {
  if (!isReference) throw new TranslationError(name, `arrays are passed by reference: &${name.text}[]`);
  return [replaced(type, `mql5::array<${type.text}>`, 'word'), replaced(name, '&'), { ...name, spaced: false }];
}

function variable(tokens: readonly Token[], found: Declaration, isZeroed: boolean): Token[] {
  const { type, name, open, close, end } = found;
  if (tokens[end]?.text === ',') throw new TranslationError(name, 'one array a declaration');
  const made = `mql5::array<${type.text}>`;
  const size = tokens.slice(open + 1, close);
  const head = [replaced(type, made, 'word'), { ...name, spaced: true }];
  // Brackets stay marks of their own: what comes after counts them.
  const call = (maker: string, values: readonly Token[]) => [
    ...[...head, replaced(name, '='), replaced(name, `${made}::${maker}`, 'word'), replaced(name, '(')],
    ...[...values, replaced(tokens[end - 1]!, ')')],
  ];
  if (end > close + 1) {
    const count = size.length === 0 ? [replaced(name, '-1')] : size;
    return call('of', [...count, replaced(name, ','), ...tokens.slice(close + 2, end)]);
  }
  if (size.length === 0) return head;
  return call(isZeroed ? 'zeroed' : 'fixed', size);
}
