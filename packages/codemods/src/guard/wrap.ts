import { aboveDirective as aboveDirectiveOf, addDecorators as addDecoratorsTo } from '@holdfast/analysis/writing';
import { ts } from 'ts-morph';
import { indentAt, startsLine, type Layout } from '../layout.js';
import type { Edit } from '../plan.js';

// ts-morph declares the same compiler a second time.
const compiler = ts as never;

/** Decorators above a method: below those it has, before its modifiers, above a comment that speaks of the next line. */
export function addDecorators(file: ts.SourceFile, method: ts.MethodDeclaration, decorators: readonly string[]): Edit {
  return addDecoratorsTo(compiler, file as never, method as never, decorators);
}

/** Where what is put before a place goes: a comment that speaks of the next line stays right above it. */
export function aboveDirective(text: string, from: number, head: number): number {
  return aboveDirectiveOf(compiler, text, from, head);
}

/** Wraps an expression in a call, in place. */
export function wrapExpression(file: ts.SourceFile, expression: ts.Expression, before: string, after: string): Edit[] {
  const start = expression.getStart(file);
  return [
    { start, end: start, text: before },
    { start: expression.end, end: expression.end, text: after },
  ];
}

/** Makes the body of a function the operation of a policy. Lines move one step to the right, and nothing else changes. */
export function wrapBody(file: ts.SourceFile, body: ts.Block, before: string, after: string, layout: Layout): Edit[] {
  const { text } = file;
  const { eol, indent } = layout;
  const statements = body.statements.filter(
    (statement) => !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression),
  );
  const directive = body.statements.slice(0, body.statements.length - statements.length).at(-1);
  const open = directive?.end ?? body.getStart(file) + 1;
  const close = body.end - 1;
  const isOneLine = !text.slice(open, close).includes('\n');
  if (isOneLine) {
    return [
      { start: open, end: open, text: ` ${before}` },
      { start: close, end: close, text: `${after} ` },
    ];
  }
  const outer = indentAt(text, close);
  const edits: Edit[] = [{ start: open, end: open, text: eol + outer + indent + before }];
  const literals = literalRanges(body);
  for (let at = text.indexOf('\n', open) + 1; at > 0 && at < close; at = text.indexOf('\n', at) + 1) {
    const isBlank = /^[ \t]*\r?\n/.test(text.slice(at, text.indexOf('\n', at) + 1));
    const isLiteral = literals.some(([start, end]) => start < at && at < end);
    const isClose = startsLine(text, close) && text.slice(at, close).trim() === '';
    if (!isBlank && !isLiteral && !isClose) edits.push({ start: at, end: at, text: indent });
  }
  const lastLine = startsLine(text, close) ? close - outer.length : close;
  edits.push({ start: lastLine, end: lastLine, text: outer + indent + after + eol });
  return edits;
}

/** What is inside quotes and backticks is data: indenting it would change it. */
function literalRanges(root: ts.Node): [number, number][] {
  const ranges: [number, number][] = [];
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node) || ts.isJsxText(node)) {
      ranges.push([node.getStart(), node.end]);
    } else {
      ts.forEachChild(node, (child) => void open.push(child));
    }
  }
  return ranges;
}
