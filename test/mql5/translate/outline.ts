import { closing, replaced, TranslationError, type Token } from './tokens.ts';

/** A program in the order that C++ needs: what its functions mention, then their prototypes, then all the rest. */
export interface Outline {
  readonly defines: readonly Token[];
  readonly enumerations: readonly Token[];
  readonly structures: readonly Token[];
  readonly prototypes: readonly Token[];
  readonly body: readonly Token[];
  readonly functions: ReadonlySet<string>;
}

const STRUCTURES =
  'MqlTick MqlRates MqlTradeRequest MqlTradeResult MqlTradeCheckResult MqlTradeTransaction MqlDateTime';

/** Takes a whole program apart. MQL5 lets a function be used before its definition, C++ does not. */
export function outline(tokens: readonly Token[]): Outline {
  return new Outliner(tokens).run();
}

class Outliner {
  readonly #tokens: readonly Token[];
  readonly #defines: Token[] = [];
  readonly #enumerations: Token[] = [];
  readonly #structures: Token[] = [];
  readonly #prototypes: Token[] = [];
  readonly #body: Token[] = [];
  readonly #functions = new Set<string>();
  readonly #structureNames = new Set(STRUCTURES.split(' '));

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens.filter((token) => token.kind !== 'directive');
    this.#defines = tokens.filter((token) => token.kind === 'directive');
  }

  run(): Outline {
    for (let at = 0; at < this.#tokens.length;) at = this.#declaration(at);
    return {
      defines: this.#defines,
      enumerations: this.#enumerations,
      structures: this.#structures,
      prototypes: this.#prototypes,
      body: this.#body,
      functions: this.#functions,
    };
  }

  /** Sorts one declaration of the whole program; the index of the next. */
  #declaration(at: number): number {
    const tokens = this.#tokens;
    switch (tokens[at]!.text) {
      case 'enum':
        return this.#enumeration(at);
      case 'struct':
      case 'class':
        return this.#structure(at);
      case 'input':
      case 'sinput':
        return this.#input(at);
      default:
        return this.#functionOrVariable(at);
    }
  }

  #enumeration(at: number): number {
    const name = this.#tokens[at + 1]!;
    const open = at + 2;
    if (name.kind !== 'word' || this.#tokens[open]?.text !== '{') {
      throw new TranslationError(this.#tokens[at]!, 'an enumeration has a name here');
    }
    const end = this.#semicolon(closing(this.#tokens, open)) + 1;
    this.#enumerations.push(this.#tokens[at]!, name, replaced(name, ' : int '), ...this.#tokens.slice(open, end));
    this.#enumerations.push(replaced(this.#tokens[end - 1]!, textFunction(name.text, this.#members(open))));
    return end;
  }

  #members(open: number): string[] {
    const tokens = this.#tokens.slice(open, closing(this.#tokens, open));
    return tokens
      .filter((token, i) => token.kind === 'word' && /^[{,]$/.test(tokens[i - 1]?.text ?? ''))
      .map((t) => t.text);
  }

  #structure(at: number): number {
    const [kind, name] = [this.#tokens[at]!, this.#tokens[at + 1]!];
    this.#structureNames.add(name.text);
    this.#structures.push(kind, name, replaced(name, ';'));
    const open = this.#find(at, '{');
    return this.#keep(at, this.#semicolon(closing(this.#tokens, open)) + 1);
  }

  #input(at: number): number {
    const [type, name, equals] = this.#tokens.slice(at + 1, at + 4);
    const end = this.#semicolon(at);
    if (type === undefined || name === undefined || equals?.text !== '=') {
      throw new TranslationError(this.#tokens[at]!, 'an input is `input TYPE NAME = VALUE;`');
    }
    this.#body.push(
      replaced(type, `static const ${type.text} ${name.text} = terminal::input<${type.text}>("${name.text}",`),
    );
    this.#body.push(...this.#tokens.slice(at + 4, end), replaced(this.#tokens[end]!, ');'));
    return end + 1;
  }

  #functionOrVariable(at: number): number {
    const open = this.#find(at, '(', ';=');
    if (open < 0) return this.#keep(at, this.#semicolon(at) + 1);
    const close = closing(this.#tokens, open);
    const bodyOpen = this.#tokens[close + 1]?.text === 'const' ? close + 2 : close + 1;
    const isDefinition = [':', '{'].includes(this.#tokens[bodyOpen]?.text ?? '');
    const header = this.#tokens.slice(at, close + 1);
    this.#checkParameters(header, open - at);
    if (!isDefinition) return this.#explicitPrototype(at, open);
    const end = closing(this.#tokens, this.#find(bodyOpen, '{')) + 1;
    const isMember = header.slice(0, open - at).some(({ text }) => text === '::');
    const isPlain = !isMember && this.#tokens[at]!.text !== 'template';
    if (isPlain) {
      this.#functions.add(this.#tokens[open - 1]!.text);
      this.#prototypes.push(...header, replaced(this.#tokens[close]!, ';'));
    }
    this.#body.push(...withoutDefaults(header, open - at), ...this.#tokens.slice(close + 1, end));
    return end;
  }

  /** A prototype that the program has itself is not needed; anything else with parentheses is a variable. */
  #explicitPrototype(at: number, open: number): number {
    const end = this.#semicolon(at) + 1;
    const name = this.#tokens[open - 1]!.text;
    const isDefinedLater = this.#tokens.some(
      (token, i) => i > end && token.text === name && this.#tokens[i + 1]?.text === '(' && this.#opensBody(i + 1),
    );
    return isDefinedLater ? end : this.#keep(at, end);
  }

  #opensBody(open: number): boolean {
    return this.#tokens[closing(this.#tokens, open) + 1]?.text === '{';
  }

  #checkParameters(header: readonly Token[], open: number): void {
    for (let at = open; at < header.length; at++) {
      const [token, next] = [header[at]!, header[at + 1]];
      if (!this.#structureNames.has(token.text) || next?.kind !== 'word') continue;
      throw new TranslationError(token, `structures are passed by reference: ${token.text} &${next.text}`);
    }
  }

  #keep(at: number, end: number): number {
    this.#body.push(...this.#tokens.slice(at, end));
    return end;
  }

  /** Index of the mark at this level of brackets, or -1 when one of `stops` comes first. */
  #find(at: number, mark: string, stops = ''): number {
    for (let i = at; i < this.#tokens.length; i++) {
      const { text } = this.#tokens[i]!;
      if (text === mark) return i;
      if (text.length === 1 && stops.includes(text)) return -1;
      if (text === '(' || text === '[') i = closing(this.#tokens, i);
    }
    throw new TranslationError(this.#tokens[at]!, `no '${mark}' after '${this.#tokens[at]!.text}'`);
  }

  #semicolon(at: number): number {
    for (let i = at; i < this.#tokens.length; i++) {
      const { kind, text } = this.#tokens[i]!;
      if (kind === 'mark' && text === ';') return i;
      if (kind === 'mark' && /^[([{]$/.test(text)) i = closing(this.#tokens, i);
    }
    throw new TranslationError(this.#tokens[at]!, "no ';' at its end");
  }
}

function withoutDefaults(header: readonly Token[], open: number): Token[] {
  let depth = 0;
  let isDefault = false;
  return header.filter(({ text }, at) => {
    if (at < open) return true;
    if (/^[([{]$/.test(text)) depth++;
    if (/^[)\]}]$/.test(text)) depth--;
    if (depth === 0 || (depth === 1 && text === ',')) isDefault = false;
    else if (depth === 1 && text === '=') isDefault = true;
    return !isDefault;
  });
}

/** EnumToString of an enumeration of the program. */
function textFunction(name: string, members: readonly string[]): string {
  const tests = members.map((member) => `if (value == ${member}) return u"${member}"_s; `).join('');
  return ` inline string EnumToString(${name} value) { ${tests}return u"${name}::"_s + string((int)value); }`;
}
