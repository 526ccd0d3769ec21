import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** What a node assigns to. */
function targetOf(node: ts.Node, ts: TypeScript): ts.Node | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isAssignment = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return isAssignment ? node.left : undefined;
  }
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  if (ts.isPrefixUnaryExpression(node)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    return node.operator === PlusPlusToken || node.operator === MinusMinusToken ? node.operand : undefined;
  }
  return ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.initializer : undefined;
}

/** What assigns to a name, or to something that is reached by it: `key = …`, `order.key += 1`, `[key] = …`, `for (key of …)`. */
export function assignmentTo(name: ts.Node, ts: TypeScript): ts.Node | undefined {
  for (let node = name; node.parent && !ts.isFunctionLike(node) && !ts.isBlock(node); node = node.parent) {
    if (targetOf(node.parent, ts) === node) return node.parent;
  }
  return undefined;
}
