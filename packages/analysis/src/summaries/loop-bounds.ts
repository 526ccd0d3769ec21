import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { unwrap } from '../resolver/unwrap.js';
import { catchOf } from './retry-conditions.js';
import { isInside, type Region } from './regions.js';
import { loopCondition, some } from './retries.js';

type Tools = Pick<Analysis, 'ts' | 'scopes' | 'facts' | 'reachable'>;

/** A loop or a function that tries again, taken apart. */
interface Loop {
  /** The loop, or the function that calls itself. */
  readonly whole: ts.Node;
  /** What is tried. */
  readonly operation: ts.Block;
  readonly caught: ts.Block;
  readonly error: ts.VariableDeclaration | undefined;
}

function loopOf(region: Region, ts: Tools['ts']): Loop | undefined {
  const attempt = region.operation.parent;
  const caught = catchOf(region, ts);
  if (!ts.isTryStatement(attempt) || !caught) return undefined;
  let whole: ts.Node | undefined = region.node;
  if (region.form === 'recursion') {
    while (whole && !ts.isFunctionLike(whole)) whole = whole.parent;
  }
  const error = attempt.catchClause?.variableDeclaration;
  return whole && { whole, operation: attempt.tryBlock, caught, error };
}

/** Whether something ends the attempts: a count, a clock, a signal, somebody's flag. */
export function isCapped(region: Region, tools: Tools): boolean {
  const { ts } = tools;
  const loop = loopOf(region, ts);
  if (!loop) return true;
  const { whole, operation, caught } = loop;
  if (ts.isForOfStatement(whole) || ts.isForInStatement(whole)) return true;
  const condition = loopCondition(whole, ts);
  if (condition && endsByItself(condition, loop, tools)) return true;
  if (drawsAnew(loop, tools)) return true;
  // What is asked on the way round, and what is asked in the operation about something that the loop counts.
  return some(whole, ts, (node) => {
    const asked = askedBy(node, ts);
    if (!asked || asked === condition) return false;
    if (isInside(asked, operation))
      return (
        counted(loop, tools).some((name) => mentions(asked, name, ts)) ||
        /Date|now\(\)|performance|deadline|aborted/.test(asked.getText())
      );
    return !isInside(node, caught) || !isAboutError(asked, loop, tools);
  });
}

function askedBy(node: ts.Node, ts: Tools['ts']): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) ? node.condition : undefined;
}

/** `while (attempt < 3)`, `while (this.isRunning)`: not `true`, and not a flag that only success sets. */
function endsByItself(condition: ts.Expression, { operation, whole }: Loop, { ts, facts }: Tools): boolean {
  const bare = unwrap(ts, condition);
  if (bare.kind === ts.SyntaxKind.TrueKeyword || (ts.isNumericLiteral(bare) && bare.text !== '0')) return false;
  const isPlain = !some(
    bare,
    ts,
    (node) => ts.isCallExpression(node) || (ts.isBinaryExpression(node) && isComparison(node, ts)),
  );
  if (!isPlain) return true;
  const names = identifiersIn(bare, ts);
  return names.some(({ text }) => {
    const assigned = (facts(whole.getSourceFile()).mentions.get(text) ?? []).filter(
      (mention) => isInside(mention, whole) && isAssigned(mention, ts),
    );
    return assigned.length === 0 || assigned.some((mention) => !isInside(mention, operation));
  });
}

function isComparison({ operatorToken, left, right }: ts.BinaryExpression, ts: Tools['ts']): boolean {
  const isLess = [
    ts.SyntaxKind.LessThanToken,
    ts.SyntaxKind.LessThanEqualsToken,
    ts.SyntaxKind.GreaterThanToken,
    ts.SyntaxKind.GreaterThanEqualsToken,
  ].includes(operatorToken.kind);
  return isLess || [left, right].some((side) => ts.isNumericLiteral(side));
}

function isAssigned(mention: ts.Node, ts: Tools['ts']): boolean {
  const target =
    ts.isPropertyAccessExpression(mention.parent) && mention.parent.name === mention ? mention.parent : mention;
  const { parent } = target;
  return (
    ts.isBinaryExpression(parent) && parent.left === target && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

/** Names that the loop counts up or down. */
function counted({ whole }: Loop, { ts }: Tools): readonly string[] {
  const names: string[] = [];
  some(whole, ts, (node) => {
    const isStep =
      (ts.isBinaryExpression(node) && /^[+-]=$/.test(node.operatorToken.getText())) ||
      /^(?:\+\+|--)\w|\w(?:\+\+|--)$/.test(node.getText());
    if (isStep) names.push(...(node.getText().match(/[A-Za-z_$][\w$]*/g) ?? []).slice(0, 2));
    return false;
  });
  return names;
}

function mentions(code: ts.Node, name: string, ts: Tools['ts']): boolean {
  return some(code, ts, (node) => ts.isIdentifier(node) && node.text === name);
}

/** The values that an expression is about: not what is called, nor names of members and types. */
function identifiersIn(code: ts.Node, ts: Tools['ts']): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  some(code, ts, (node) => {
    if (!ts.isIdentifier(node)) return false;
    const { parent } = node;
    const isCallee = ts.isCallExpression(parent) && parent.expression === node;
    const isMember =
      ts.isPropertyAccessExpression(parent) &&
      parent.name === node &&
      parent.expression.kind !== ts.SyntaxKind.ThisKeyword;
    const isReceiver =
      ts.isPropertyAccessExpression(parent) &&
      parent.expression === node &&
      ts.isCallExpression(parent.parent) &&
      parent.parent.expression === parent;
    const isType =
      ts.isBinaryExpression(parent) &&
      parent.right === node &&
      parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
    if (!isCallee && !isMember && !isType && !(isReceiver && /^[A-Z]/.test(node.text))) found.push(node);
    return false;
  });
  return found;
}

/** A condition that looks at nothing but the failure: it may hold for ever. */
function isAboutError(condition: ts.Expression, loop: Loop, tools: Tools, depth = 0): boolean {
  const { ts, scopes } = tools;
  if (/Date|now\(\)|performance/.test(condition.getText())) return false;
  return identifiersIn(condition, ts).every((name) => {
    if (name.text === 'undefined' || /^[A-Z]/.test(name.text)) return true;
    const declaration = scopes.find(name.text, name);
    if (!declaration) return false;
    // `axios.isAxiosError(error)` asks the failure.
    if (ts.isImportClause(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration))
      return true;
    if (declaration === loop.error || (loop.error && isInside(declaration, loop.error))) return true;
    const isLocal = ts.isVariableDeclaration(declaration) && isInside(declaration, loop.caught);
    return (
      isLocal &&
      declaration.initializer !== undefined &&
      depth < 4 &&
      isAboutError(declaration.initializer, loop, tools, depth + 1)
    );
  });
}

const pausing =
  /sleep|delay|wait(?!For\w+Response)|pause|backoff|back_off|setTimeout|timer|throttle|nextTick|setImmediate/i;

/** Whether time passes, or something else changes, before the next attempt. */
export function isDelayed(region: Region, tools: Tools): boolean {
  const { ts } = tools;
  const loop = loopOf(region, ts);
  if (!loop) return true;
  const { whole, operation, caught } = loop;
  // Who finds a name taken tries another one, at once.
  if (
    /unique|duplicate|conflict|collision|exist|EEXIST|EADDRINUSE|23505|P2002|11000|40001|40P01|deadlock|version|serializ/i.test(
      caught.getText(),
    )
  ) {
    return true;
  }
  const isPause = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && pausing.test(node.expression.getText())) return true;
    const isAwaited = ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.YieldExpression;
    // Something is waited for; for what is not always to be seen.
    return isAwaited && !isInside(node, operation);
  };
  const around = region.form === 'recursion' ? caught : whole;
  return (
    some(around, ts, isPause) || some(operation, ts, isPause) || changesOperation(loop, tools) || drawsAnew(loop, tools)
  );
}

/** `const code = newCode()` at the start of each round: the attempts have nothing in common. */
function drawsAnew({ whole, operation, caught }: Loop, { ts, facts }: Tools): boolean {
  return some(whole, ts, (node) => {
    if (!ts.isVariableDeclaration(node) || !node.initializer || !ts.isIdentifier(node.name)) return false;
    if (isInside(node, operation) || isInside(node, caught)) return false;
    if (!some(node.initializer, ts, (part) => ts.isCallExpression(part))) return false;
    const { text } = node.name;
    return (facts(whole.getSourceFile()).mentions.get(text) ?? []).some((mention) => isInside(mention, operation));
  });
}

/** `host = nextHost()` in the `catch`: the next attempt is another one. */
function changesOperation({ whole, operation, caught }: Loop, { ts, facts }: Tools): boolean {
  return some(whole, ts, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
    if (isInside(node, operation) || !(isInside(node, caught) || ts.isExpressionStatement(node.parent))) return false;
    const name = ts.isPropertyAccessExpression(node.left) ? node.left.name.text : node.left.getText();
    if (ts.isNumericLiteral(node.right) || /[+-] *1$/.test(node.right.getText())) return false;
    return (facts(whole.getSourceFile()).mentions.get(name) ?? []).some(
      (mention) => isInside(mention, whole) && !isInside(mention, caught),
    );
  });
}

/** Whether those who failed together come back at different times. */
export function isSpread(region: Region, tools: Tools): boolean {
  const { ts, reachable, facts } = tools;
  const loop = loopOf(region, ts);
  if (!loop) return true;
  const random = /random|jitter|fuzz/i;
  if (random.test(loop.whole.getText())) return true;
  return facts(loop.whole.getSourceFile()).calls.some(
    (call) =>
      isInside(call, loop.whole) &&
      !isInside(call, loop.operation) &&
      ts.isCallExpression(call) &&
      reachable.functionsOf(call.expression).some((callee) => random.test(callee.getText())),
  );
}

/** Whether a `catch` asks anything about the failure before it tries again. */
export function asksAboutError(region: Region, tools: Tools): boolean {
  const { ts } = tools;
  const loop = loopOf(region, ts);
  if (!loop?.error) return false;
  const names = loop.error.name.getText().match(/[A-Za-z_$][\w$]*/g) ?? [];
  return some(loop.caught, ts, (node) => {
    const asked = askedBy(node, ts) ?? (ts.isBinaryExpression(node) || ts.isCallExpression(node) ? node : undefined);
    if (!asked || !names.some((name) => mentions(asked, name, ts))) return false;
    // To print or keep a failure is not to ask about it.
    if (ts.isCallExpression(asked))
      return /^(?:is|should|can|has)/.test(asked.expression.getText().replace(/^.*\./, ''));
    return !(ts.isBinaryExpression(asked) && asked.operatorToken.kind === ts.SyntaxKind.EqualsToken);
  });
}
