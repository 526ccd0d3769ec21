import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { rewrap } from '../resolver/unwrap.js';

type Tools = Pick<Analysis, 'ts'>;

/** Functions that run what they are given later, when what surrounds the call is over. */
const later =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener|subscribe|push|unshift|defer|afterCommit|runOnTransaction\w+|waitUntil|after)$|after_?commit|on_?commit/i;

/** Whether the code around a call waits for it: it is awaited, returned, or handed to something that is. */
export function isWaitedFor(call: ts.Node, { ts }: Tools): boolean {
  for (let node = rewrap(ts, call); ; node = rewrap(ts, node)) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return true;
    if (parent.kind === ts.SyntaxKind.YieldExpression) return true;
    if (ts.isCallExpression(parent) && parent.expression !== node) node = parent;
    else if (
      ts.isPropertyAccessExpression(parent) &&
      ts.isCallExpression(parent.parent) &&
      parent.parent.expression === parent
    ) {
      node = parent.parent;
    } else if (
      ts.isArrayLiteralExpression(parent) ||
      ts.isConditionalExpression(parent) ||
      ts.isBinaryExpression(parent) ||
      ts.isSpreadElement(parent)
    ) {
      node = parent;
    } else return false;
  }
}

/** Whether a place inside some code runs when that code is over: in a timer, a listener, a function that is handed out. */
export function runsLater(place: ts.Node, code: ts.Node, { ts }: Tools): boolean {
  for (let node = place; node !== code && node.parent; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const { parent } = rewrap(ts, node);
    if (ts.isReturnStatement(parent) || ts.isPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent))
      return true;
    if (!ts.isCallExpression(parent)) continue;
    const callee = parent.expression;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
    if (later.test(name)) return true;
  }
  return false;
}
