// One declaration file for the public surface of a module: every exported declaration and what it needs, in the order of
// need, with types that come from a schema library written out. Uses the TypeScript compiler alone.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/**
 * Returns the text of a declaration file for `entry` that refers to nothing but the language's own library. `scratch` is
 * a folder inside the project, so that packages resolve from it; it is removed again. Throws where that cannot be.
 */
export function bundleDeclarations(root, entry, scratch) {
  rmSync(scratch, { recursive: true, force: true });
  try {
    emitDeclarations(root, entry, scratch);
    return new Bundle(scratch, join(scratch, relative(root, entry)).replace(/\.ts$/, '.d.ts')).text();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function emitDeclarations(root, entry, scratch) {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram([entry], {
    ...options,
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true },
    ...{ rootDir: root, outDir: scratch },
  });
  refuse(ts.getPreEmitDiagnostics(program));
  const write = (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    // A declaration file cannot be imported by the name of its source.
    writeFileSync(path, text.replace(/(\bfrom\s+|\bimport\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2'));
  };
  refuse(program.emit(undefined, write).diagnostics);
}

class Bundle {
  #checker;
  #scratch;
  #exported = new Set();
  /** Exported as types alone: a class among them must not look as if it could be constructed. */
  #exportedTypes = new Set();
  #names = new Map();
  #queue = [];

  constructor(scratch, entry) {
    this.#scratch = resolve(scratch) + sep;
    const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext, strict: true, types: ['node'] };
    const program = ts.createProgram([entry], { ...options, exactOptionalPropertyTypes: true });
    const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(this.#scratch));
    own.forEach((file) => refuse(program.getSemanticDiagnostics(file)));
    this.#checker = program.getTypeChecker();
    const module = this.#checker.getSymbolAtLocation(program.getSourceFile(entry));
    for (const symbol of this.#checker.getExportsOfModule(module)) {
      const target = this.#resolve(symbol);
      if (target.name !== symbol.name) throw new Error(`${target.name} is exported as ${symbol.name}`);
      (isTypeOnly(symbol) ? this.#exportedTypes : this.#exported).add(target);
      this.#need(target);
    }
  }

  text() {
    const parts = [];
    for (let at = 0; at < this.#queue.length; at += 1) {
      const symbol = this.#queue[at];
      for (const statement of statementsOf(symbol)) parts.push(this.#statement(symbol, statement));
    }
    const types = [...this.#exportedTypes].map(({ name }) => name);
    // Without such a list, everything in a declaration file counts as exported.
    return `/// <reference lib="esnext.disposable" />\n\n${parts.join('\n')}\nexport type { ${types.join(', ')} };\n`;
  }

  #statement(symbol, statement) {
    const needs = this.#references(statement);
    const isForeign = needs.some((other) => this.#isOf(other, 'node_modules'));
    const text = isForeign ? this.#expanded(symbol, statement) : statement.getFullText().trim();
    if (!isForeign) needs.filter((other) => this.#isOwn(other)).forEach((other) => this.#need(other));
    const bare = text.replace(/^(\/\*\*[^]*?\*\/\s*)?(?:export )?(?:declare )?/, '$1');
    const [, docs = '', rest] = /^(\/\*\*[^]*?\*\/\s*)?([^]*)$/.exec(bare);
    const word = /^(?:const|class|function|abstract)\b/.test(rest) ? 'declare ' : '';
    return `${docs}${this.#exported.has(symbol) ? 'export ' : ''}${word}${rest}\n`;
  }

  /** A type alias with everything that it is made of written out. */
  #expanded(symbol, statement) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.typeParameters !== undefined) {
      throw new Error(`${symbol.name} rests on a package and is no plain type alias: it cannot be written out`);
    }
    const flags =
      ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias | ts.NodeBuilderFlags.MultilineObjectLiterals;
    const node = this.#checker.typeToTypeNode(this.#checker.getDeclaredTypeOfSymbol(symbol), undefined, flags);
    const written = ts.createPrinter().printNode(ts.EmitHint.Unspecified, node, statement.getSourceFile());
    const docs = ts.getJSDocCommentsAndTags(statement).map((doc) => `${doc.getText()}\n`);
    return `${docs.join('')}type ${symbol.name} = ${written};`;
  }

  #references(node) {
    const found = new Set();
    const visit = (child) => {
      const symbol = ts.isIdentifier(child) ? this.#checker.getSymbolAtLocation(child) : undefined;
      if (symbol !== undefined) found.add(this.#resolve(symbol));
      ts.forEachChild(child, visit);
    };
    visit(node);
    return [...found];
  }

  #need(symbol) {
    if (this.#queue.includes(symbol)) return;
    const other = this.#names.get(symbol.name);
    if (other !== undefined) throw new Error(`two declarations are named ${symbol.name}`);
    this.#names.set(symbol.name, symbol);
    this.#queue.push(symbol);
  }

  #resolve(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Whether a symbol stands at the top of one of our own files. */
  #isOwn(symbol) {
    return statementsOf(symbol).some((statement) => statement.getSourceFile().fileName.startsWith(this.#scratch));
  }

  #isOf(symbol, folder) {
    const files = (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile().fileName);
    return files.some((file) => file.includes(`/${folder}/`) && !file.includes('/node_modules/typescript/lib/'));
  }
}

function isTypeOnly(symbol) {
  return (symbol.declarations ?? []).some(
    (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
  );
}

/** The statements at the top of a file that declare a symbol. */
function statementsOf(symbol) {
  const statements = (symbol.declarations ?? []).map((declaration) =>
    ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration,
  );
  return statements.filter(
    (statement) => ts.isSourceFile(statement.parent ?? statement) && !ts.isSourceFile(statement),
  );
}

function refuse(diagnostics) {
  if (diagnostics.length === 0) return;
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => '', getNewLine: () => '\n' };
  throw new Error(ts.formatDiagnostics(diagnostics, host));
}
