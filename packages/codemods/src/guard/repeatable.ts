import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
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
    const isObstacle = ts.isAwaitExpression(node)
      ? !isHarmlessWait(node.expression, reads)
      : ts.isExpressionStatement(node) && hasEffect(node);
    if (isObstacle) obstacle ??= node;
    return isObstacle;
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

/** A call made for what it does, logging excepted. */
function hasEffect({ expression }: ts.ExpressionStatement): boolean {
  if (!ts.isCallExpression(expression)) return false;
  return !/(?:^|\.)(?:console|log|logger)\b/i.test(expression.expression.getText());
}

function contains(root: ts.Node, test: (node: ts.Node) => boolean): boolean {
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (test(node)) return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}
