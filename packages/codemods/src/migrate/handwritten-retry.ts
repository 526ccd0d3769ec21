import { ts } from 'ts-morph';
import { indentAt, lineEnd } from '../layout.js';
import { contains, symbolOf, within } from '../nodes.js';
import type { Edit } from '../plan.js';
import { Course, type Loop } from './loop-course.js';
import { Obstacle, type Rewrite, type Site, type Surroundings } from './migration.js';

const runtime = '@holdfast/runtime';

/**
 * A loop around `try { return await operation(); } catch { … }` becomes `return await withRetry(operation, …)`.
 *
 * What the loop does is not guessed from its shape: it is run through with its own numbers, as if the operation failed every time.
 */
export function handwrittenRetries(loop: ts.IterationStatement, around: Surroundings): Site[] {
  // Over items, each attempt has another one: no retry.
  if (ts.isForOfStatement(loop) || ts.isForInStatement(loop)) return [];
  const body = ts.isBlock(loop.statement) ? [...loop.statement.statements] : [loop.statement];
  const attempts = body.filter((statement): statement is ts.TryStatement => ts.isTryStatement(statement));
  const attempt = attempts.find((statement) => isAttempt(statement));
  if (!attempt?.catchClause) return [];
  const { file } = around;
  const shown = loop.getFirstToken(file) ?? loop;
  return [{ node: loop, shown, rewrite: () => rewrite({ loop, body, attempt }, around) }];
}

/** What is awaited in it ends the loop when it succeeds, and does not always end it when it fails. */
function isAttempt({ tryBlock, catchClause }: ts.TryStatement): boolean {
  const leaves = (node: ts.Node): boolean => ts.isReturnStatement(node) || ts.isBreakStatement(node);
  const last = catchClause?.block.statements.at(-1);
  const isFinal =
    last && (ts.isThrowStatement(last) || leaves(last)) && !within(catchClause!.block, ts.isContinueStatement);
  return catchClause !== undefined && !isFinal && within(tryBlock, ts.isAwaitExpression) && within(tryBlock, leaves);
}

function rewrite({ loop, body, attempt }: Loop, { file, program, layout, imports }: Surroundings): Rewrite {
  const checker = program.getTypeChecker();
  if (attempt.finallyBlock || !ts.isBlock(loop.parent)) throw new Obstacle('stateful-loop');
  const course = new Course({ loop, body, attempt }, checker);
  const { attempts, delay } = course.run();
  const repeats = course.retryIf();
  const operation = operationOf(attempt.tryBlock, course, checker);

  const region = regionOf(loop, course);
  const start = loop.getStart(file);
  const { node, text } = operation;
  const lost = file.text.slice(region.start, node.getStart(file)) + file.text.slice(node.end, region.end);
  if (/\/[/*]/.test(lost)) throw new Obstacle('comment');

  const outer = indentAt(file.text, start);
  const head = `return await ${imports.use(runtime, 'withRetry')}(${moved(text, node, outer)}`;
  const properties = [
    `maxAttempts: ${attempts}`,
    ...(delay === undefined ? [] : [`delay: ${delay}`, `retryIf: ${repeats}`]),
  ];
  const line = `{ ${properties.join(', ')} }`;
  const isShort = !head.includes('\n') && outer.length + head.length + line.length + 5 <= layout.printWidth;
  const { eol, indent } = layout;
  const lines = properties.map((property) => `${outer}${indent}${property},${eol}`).join('');
  const options = isShort ? line : `{${eol}${lines}${outer}}`;
  const edits: Edit[] = [
    ...region.declarations.map((statement) => wholeLine(file, statement)),
    { start, end: region.end, text: `${head}, ${options})${layout.semicolon}` },
  ];
  return { edits, policies: ['retry'] };
}

/** Code as it has to stand where the loop stood. */
function moved(text: string, node: ts.Node, outer: string): string {
  const file = node.getSourceFile();
  const own = indentAt(file.text, node.getStart(file));
  const isTemplate = (inner: ts.Node): boolean =>
    (ts.isTemplateExpression(inner) || ts.isNoSubstitutionTemplateLiteral(inner)) && inner.getText().includes('\n');
  const holdsTemplate = (inner: ts.Node): boolean =>
    isTemplate(inner) || ts.forEachChild(inner, (child) => holdsTemplate(child) || undefined) === true;
  return holdsTemplate(node) ? text : text.replaceAll(`\n${own}`, `\n${outer}`);
}

interface OperationText {
  readonly text: string;
  /** What is kept of the code as it is written. */
  readonly node: ts.Node;
}

/** The block under `try` as a function. */
function operationOf(block: ts.Block, course: Course, checker: ts.TypeChecker): OperationText {
  const last = block.statements.at(-1);
  if (!last || !ts.isReturnStatement(last) || !last.expression) throw new Obstacle('stateful-loop');
  if (within(block, (node) => jumpsOut(node, block) || isForeign(node, block, course, checker))) {
    throw new Obstacle('stateful-loop');
  }
  if (isMentioned(block, course, checker)) throw new Obstacle('stateful-loop');
  if (block.statements.length > 1) return { text: `async () => ${block.getText()}`, node: block };
  const returned = unwrap(last.expression);
  if (!ts.isAwaitExpression(returned)) throw new Obstacle('stateful-loop');
  const { expression } = returned;
  if (!checker.getTypeAtLocation(expression).getProperty('then')) throw new Obstacle('stateful-loop');
  const isAsync = within(expression, ts.isAwaitExpression);
  if (returned !== last.expression) {
    return { text: `async () => ${last.expression.getText()}`, node: last.expression };
  }
  const text = ts.isObjectLiteralExpression(expression) ? `(${expression.getText()})` : expression.getText();
  return { text: `${isAsync ? 'async ' : ''}() => ${text}`, node: expression };
}

function unwrap(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)
    ? unwrap(node.expression)
    : node;
}

function jumpsOut(node: ts.Node, block: ts.Block): boolean {
  if (ts.isYieldExpression(node)) return true;
  if (!ts.isBreakStatement(node) && !ts.isContinueStatement(node)) return false;
  if (node.label) return true;
  for (let { parent } = node; parent !== block; parent = parent.parent) {
    if (ts.isIterationStatement(parent, false)) return false;
    if (ts.isBreakStatement(node) && ts.isSwitchStatement(parent)) return false;
  }
  return true;
}

/** What would not be the same in a function: a promise that is returned unseen, a variable from outside that is written. */
function isForeign(node: ts.Node, block: ts.Block, course: Course, checker: ts.TypeChecker): boolean {
  if (ts.isReturnStatement(node)) {
    const value = node.expression && unwrap(node.expression);
    if (!value || ts.isAwaitExpression(value)) return false;
    // Its failure passes by the `catch`.
    const type = checker.getTypeAtLocation(value);
    return (
      (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0 ||
      (type.isUnion() ? type.types : [type]).some((part) => part.getProperty('then') !== undefined)
    );
  }
  const written = course.written(node);
  if (!written) return false;
  const declaration = checker.getSymbolAtLocation(written)?.valueDeclaration;
  return !declaration || declaration.pos < block.pos || declaration.end > block.end;
}

/** The operation knows which attempt it is, or writes what the loop counts, in functions of its own as well. */
function isMentioned(code: ts.Node, course: Course, checker: ts.TypeChecker): boolean {
  return contains(code, (node) => {
    const symbol = ts.isIdentifier(node) ? symbolOf(checker, node) : undefined;
    return symbol !== undefined && course.isState(symbol);
  });
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly declarations: readonly ts.Statement[];
}

/** The loop, what it counts with, and the `throw` behind it, which nothing reaches any more. */
function regionOf(loop: ts.IterationStatement, course: Course): Region {
  const { statements } = loop.parent as ts.Block;
  const at = statements.indexOf(loop);
  const next = statements[at + 1];
  if (next && (!ts.isThrowStatement(next) || statements.length > at + 2)) throw new Obstacle('stateful-loop');
  const declarations = course.declarations();
  const first = Math.min(at, ...declarations.map((statement) => statements.indexOf(statement)));
  // They stand right before the loop: nothing can happen in between.
  if (first < 0 || at - first !== declarations.length) throw new Obstacle('stateful-loop');
  return { start: statements[first]!.getStart(), end: next?.end ?? loop.end, declarations };
}

function wholeLine(file: ts.SourceFile, statement: ts.Statement): Edit {
  const { text } = file;
  const start = text.lastIndexOf('\n', statement.getStart(file) - 1) + 1;
  const end = text.indexOf('\n', lineEnd(text, statement.end)) + 1;
  const isAlone = text.slice(start, end).trim() === statement.getText(file);
  return isAlone ? { start, end, text: '' } : { start: statement.getStart(file), end: statement.end, text: '' };
}
