import { ts } from 'ts-morph';
import { indentAt, startsLine, type Layout } from '../layout.js';
import type { Edit } from '../plan.js';

/** Decorators above a method: below those it has, before its modifiers, above a comment that speaks of the next line. */
export function addDecorators(
  file: ts.SourceFile,
  method: ts.MethodDeclaration,
  decorators: readonly string[],
  { eol }: Layout,
): Edit {
  const { text } = file;
  const existing = ts.getDecorators(method)?.at(-1);
  const modifier = method.modifiers?.find((modifier) => !ts.isDecorator(modifier));
  const head = (modifier ?? method.asteriskToken ?? method.name).getStart(file);
  const start = aboveDirective(text, existing ? existing.end : method.pos, head);
  if (startsLine(text, start)) {
    const indent = indentAt(text, start);
    return { start, end: start, text: decorators.map((decorator) => decorator + eol + indent).join('') };
  }
  // `@Get() find()`: each decorator gets a line, and so does the method.
  const owner = method.getStart(file);
  if (existing && startsLine(text, owner)) {
    const line = eol + indentAt(text, owner);
    return { start: existing.end, end: start, text: decorators.map((decorator) => line + decorator).join('') + line };
  }
  return { start, end: start, text: `${decorators.join(' ')} ` };
}

/** `// eslint-disable-next-line` must stay right above the line it was written for. */
export function aboveDirective(text: string, from: number, head: number): number {
  let start = head;
  for (const comment of [...(ts.getLeadingCommentRanges(text, from) ?? [])].reverse()) {
    if (
      !/-next-line|prettier-ignore|@ts-expect-error|@ts-ignore|holdfast-ignore/.test(
        text.slice(comment.pos, comment.end),
      )
    )
      break;
    start = comment.pos;
  }
  return start;
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
