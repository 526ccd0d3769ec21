import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import { contains } from '../nodes.js';
import type { Owner } from './surroundings.js';

const bodyReaders = /^(?:json|text|arrayBuffer|blob|bytes|formData)$/;

/** `response.json()` and the like, alone. */
export function isBodyRead(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) &&
    node.arguments.length === 0 &&
    ts.isPropertyAccessExpression(node.expression) &&
    bodyReaders.test(node.expression.name.text)
  );
}

/** Whether the owner of a `fetch` reads a response body. axios resolves when the body is there. */
export function readsBody(outbound: OutboundCall, owner: Owner): boolean {
  return outbound.target.module === 'global' && owner.body !== undefined && contains(owner.body, isBodyRead);
}

const headerMembers = /^(?:ok|status|statusText|headers|url|redirected|type)$/;

/** Whether nothing but the status and headers of a response is looked at, so that its body does not matter. */
export function ignoresBody(response: ts.Expression, owner: Owner | undefined): boolean {
  let { parent } = response;
  while (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent)) parent = parent.parent;
  if (ts.isPropertyAccessExpression(parent)) return headerMembers.test(parent.name.text);
  if (!owner?.body || !ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const { name } = parent;
  return !contains(owner.body, (node) => {
    if (!ts.isIdentifier(node) || node === name || node.text !== name.text) return false;
    const access = node.parent;
    if (ts.isPropertyAccessExpression(access) && access.name === node) return false;
    return !ts.isPropertyAccessExpression(access) || !headerMembers.test(access.name.text);
  });
}

/**
 * Whether running a whole function twice does nothing that its outbound reads do not do. Anything else that it waits
 * for, or calls for its effect, may be a write that nobody catalogued. Returns what stands in the way.
 */
export function obstacleToRepeating(owner: Owner, reads: ReadonlySet<number>): ts.Node | undefined {
  let obstacle: ts.Node | undefined;
  if (!owner.body) return undefined;
  contains(owner.body, (node) => {
    const isWait = ts.isAwaitExpression(node)
      ? !isHarmlessWait(node.expression, reads)
      : ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    // What it waits for weighs more than what it does in passing.
    if (isWait) obstacle = node;
    else if (ts.isExpressionStatement(node) && !reads.has(node.getStart()) && hasEffect(node)) obstacle ??= node;
    return isWait;
  });
  return obstacle;
}

/** Waits for reads and for bodies of responses, alone or in `Promise.all`. */
function isHarmlessWait(expression: ts.Expression, reads: ReadonlySet<number>): boolean {
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isAwaitExpression(expression)) {
    return isHarmlessWait(expression.expression, reads);
  }
  // A chain such as `fetch(…).then(…)` starts where its call starts.
  if (!ts.isCallExpression(expression)) return false;
  if (reads.has(expression.getStart()) || isBodyRead(expression)) return true;
  const [argument] = expression.arguments;
  if (!argument || !/^Promise\.(?:all|allSettled|any|race)$/.test(expression.expression.getText())) return false;
  if (ts.isArrayLiteralExpression(argument))
    return argument.elements.every((element) => isHarmlessWait(element, reads));
  const callback = ts.isCallExpression(argument) ? argument.arguments[0] : undefined;
  if (!callback || !ts.isArrowFunction(callback)) return false;
  return ts.isBlock(callback.body) || isHarmlessWait(callback.body, reads);
}

/** Whether a response is read bit by bit, for as long as that takes. */
export function usesStream({ body }: Owner): boolean {
  return (
    body !== undefined &&
    contains(
      body,
      (node) =>
        (ts.isPropertyAccessExpression(node) && /^(?:getReader|pipe|pipeTo|pipeThrough)$/.test(node.name.text)) ||
        (ts.isPropertyAccessExpression(node) &&
          node.name.text === 'body' &&
          !ts.isCallExpression(node.parent) &&
          /response|^res$/i.test(node.expression.getText())) ||
        isStreamOption(node),
    )
  );
}

/** A call that is answered before its body is there. */
export function asksForStream(call: ts.CallExpression): boolean {
  return call.arguments.some((argument) => contains(argument, isStreamOption));
}

/** `responseType: 'stream'` */
function isStreamOption(node: ts.Node): boolean {
  return (
    ts.isPropertyAssignment(node) && node.name.getText() === 'responseType' && /stream/.test(node.initializer.getText())
  );
}

/** A call made for what it does, logging excepted, or a change that adds to what was there before. */
function hasEffect({ expression }: ts.ExpressionStatement): boolean {
  if (ts.isPostfixUnaryExpression(expression)) return isMember(expression.operand);
  if (ts.isPrefixUnaryExpression(expression)) return isMember(expression.operand);
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    const isCompound = kind >= ts.SyntaxKind.FirstCompoundAssignment && kind <= ts.SyntaxKind.LastCompoundAssignment;
    return isCompound && isMember(expression.left);
  }
  if (!ts.isCallExpression(expression)) return false;
  return !/(?:^|\.)(?:console|log|logger)\b/i.test(expression.expression.getText());
}

function isMember(expression: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression);
}
