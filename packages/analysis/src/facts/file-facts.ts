import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** Anything that runs a function: a call, `new`, or a tagged template. */
export type CallLike = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

/** What one file says by syntax alone. It lives as long as its `SourceFile`, which survives edits of other files. */
export interface FileFacts {
  /** Module specifiers, of imports, re-exports and `require`. */
  readonly specifiers: readonly ts.StringLiteralLike[];
  /** Calls, `new` and tagged templates in source order. Decorator factories are not among them: they run at class definition. */
  readonly calls: readonly CallLike[];
  readonly decorators: readonly ts.Decorator[];
  /** `await` of something other than a call: of a promise or builder made earlier. */
  readonly awaits: readonly ts.AwaitExpression[];
  readonly loops: readonly ts.IterationStatement[];
  readonly classes: readonly ts.ClassLikeDeclaration[];
  /** Identifiers by text, for the question "who uses this function?". */
  readonly mentions: ReadonlyMap<string, readonly (ts.Identifier | ts.PrivateIdentifier)[]>;
}

export function createFileFacts(ts: TypeScript): (file: ts.SourceFile) => FileFacts {
  const known = new WeakMap<ts.SourceFile, FileFacts>();

  function collect(file: ts.SourceFile): FileFacts {
    const specifiers: ts.StringLiteralLike[] = [];
    const calls: CallLike[] = [];
    const decorators: ts.Decorator[] = [];
    const awaits: ts.AwaitExpression[] = [];
    const loops: ts.IterationStatement[] = [];
    const classes: ts.ClassLikeDeclaration[] = [];
    const mentions = new Map<string, (ts.Identifier | ts.PrivateIdentifier)[]>();
    const facts = { specifiers, calls, decorators, awaits, loops, classes, mentions };
    if (file.isDeclarationFile) return facts;

    // A stack instead of recursion: a chain of some thousand calls is legal code and must not end the process.
    const open: ts.Node[] = [file];
    const push = (child: ts.Node): void => void open.push(child);
    for (let node = open.pop(); node; node = open.pop()) {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        const same = mentions.get(node.text);
        if (same) same.push(node);
        else mentions.set(node.text, [node]);
        continue;
      }
      if (ts.isCallExpression(node)) {
        const required = requiredModule(ts, node);
        if (required) specifiers.push(required);
        if (!ts.isDecorator(node.parent)) calls.push(node);
      } else if (ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) calls.push(node);
      else if (ts.isDecorator(node)) decorators.push(node);
      else if (ts.isAwaitExpression(node)) {
        if (!ts.isCallExpression(node.expression)) awaits.push(node);
      } else if (ts.isClassLike(node)) classes.push(node);
      else if (ts.isIterationStatement(node, false)) loops.push(node);
      else if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
        if (node.moduleSpecifier && ts.isStringLiteralLike(node.moduleSpecifier)) specifiers.push(node.moduleSpecifier);
      } else if (ts.isExternalModuleReference(node)) {
        if (ts.isStringLiteralLike(node.expression)) specifiers.push(node.expression);
      } else if (ts.isImportTypeNode(node)) {
        const { argument } = node;
        if (ts.isLiteralTypeNode(argument) && ts.isStringLiteralLike(argument.literal))
          specifiers.push(argument.literal);
      }
      ts.forEachChild(node, push);
    }
    calls.sort((a, b) => calleeOf(a).end - calleeOf(b).end);
    for (const list of [decorators, awaits, loops, classes]) list.sort((a, b) => a.pos - b.pos);
    return facts;
  }

  return (file) => {
    let facts = known.get(file);
    if (!facts) known.set(file, (facts = collect(file)));
    return facts;
  };
}

export function calleeOf(call: CallLike): ts.LeftHandSideExpression {
  return 'tag' in call ? call.tag : call.expression;
}

export function argumentsOf(call: CallLike): readonly ts.Expression[] {
  return 'tag' in call ? [call.template] : (call.arguments ?? []);
}

/** The module of `require('…')` and `import('…')`. */
export function requiredModule(ts: TypeScript, node: ts.CallExpression): ts.StringLiteralLike | undefined {
  const isRequire =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  const argument = node.arguments[0];
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument : undefined;
}
