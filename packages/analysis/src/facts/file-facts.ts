import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** What one file says by syntax alone. It lives as long as its `SourceFile`, which survives edits of other files. */
export interface FileFacts {
  /** Module specifiers, of imports, re-exports and `require`. */
  readonly specifiers: readonly ts.StringLiteralLike[];
  /** Calls and `new` expressions in source order. Decorator factories are not calls: they run at class definition. */
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
  /** Identifiers by text, for the question "who uses this function?". */
  readonly mentions: ReadonlyMap<string, readonly (ts.Identifier | ts.PrivateIdentifier)[]>;
}

export function createFileFacts(ts: TypeScript): (file: ts.SourceFile) => FileFacts {
  const known = new WeakMap<ts.SourceFile, FileFacts>();

  function collect(file: ts.SourceFile): FileFacts {
    const specifiers: ts.StringLiteralLike[] = [];
    const calls: (ts.CallExpression | ts.NewExpression)[] = [];
    const mentions = new Map<string, (ts.Identifier | ts.PrivateIdentifier)[]>();

    // Declarations are read for their imports alone.
    if (file.isDeclarationFile) {
      for (const node of file.statements) {
        if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
          if (ts.isStringLiteralLike(node.moduleSpecifier)) specifiers.push(node.moduleSpecifier);
        }
      }
      return { specifiers, calls, mentions };
    }

    // A stack instead of recursion: a chain of some thousand calls is legal code and must not end the process.
    const open: ts.Node[] = [file];
    for (let node = open.pop(); node; node = open.pop()) {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        const same = mentions.get(node.text);
        if (same) same.push(node);
        else mentions.set(node.text, [node]);
        continue;
      }
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
        if (node.moduleSpecifier && ts.isStringLiteralLike(node.moduleSpecifier)) specifiers.push(node.moduleSpecifier);
      } else if (ts.isExternalModuleReference(node)) {
        if (ts.isStringLiteralLike(node.expression)) specifiers.push(node.expression);
      } else if (ts.isCallExpression(node)) {
        const required = requiredModule(ts, node);
        if (required) specifiers.push(required);
        if (!ts.isDecorator(node.parent)) calls.push(node);
      } else if (ts.isNewExpression(node)) {
        calls.push(node);
      }
      ts.forEachChild(node, (child) => void open.push(child));
    }
    calls.sort((a, b) => a.expression.end - b.expression.end);
    return { specifiers, calls, mentions };
  }

  return (file) => {
    let facts = known.get(file);
    if (!facts) known.set(file, (facts = collect(file)));
    return facts;
  };
}

/** The module of `require('…')` and `import('…')`. */
export function requiredModule(ts: TypeScript, node: ts.CallExpression): ts.StringLiteralLike | undefined {
  const isRequire =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  const argument = node.arguments[0];
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument : undefined;
}
