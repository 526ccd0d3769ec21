import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';

/** The expression inside parentheses, `await`, `as`, `satisfies`, `<T>` and `!`. */
export function unwrap(ts: TypeScript, node: ts.Node): ts.Node {
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

/** The outermost of the same wrappings around an expression, `await` excepted. */
export function rewrap(ts: TypeScript, node: ts.Node): ts.Node {
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isAsExpression(node.parent) ||
    ts.isSatisfiesExpression(node.parent) ||
    ts.isTypeAssertionExpression(node.parent) ||
    ts.isNonNullExpression(node.parent)
  ) {
    node = node.parent;
  }
  return node;
}
