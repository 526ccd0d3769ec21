import type ts from 'typescript';
import type { TypeScript } from '../typescript.js';
import { isInside } from './regions.js';

/** Whether a place is in a `catch`: it runs because something else failed. */
export function isInCatch(place: ts.Node, within: ts.Node, ts: TypeScript): boolean {
  for (let node = place; node !== within && node.parent; node = node.parent) {
    if (ts.isCatchClause(node)) return true;
    const { parent } = node;
    const isHandler =
      ts.isFunctionLike(node) && ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression);
    if (isHandler && parent.expression.name.text === 'catch') return true;
  }
  return false;
}

/**
 * Whether two places of a function, in this order, never both run: the arms of a condition, conditions of which only one
 * can hold, or the first one leaves.
 */
export function exclude(first: ts.Node, second: ts.Node, within: ts.Node, ts: TypeScript): boolean {
  const required = equalities(first, within, ts);
  for (const [tested, value] of equalities(second, within, ts)) {
    if (required.has(tested) && required.get(tested) !== value) return true;
  }
  for (let node = first; node !== within && node.parent; node = node.parent) {
    const { parent } = node;
    if (isInside(second, parent) && !isInside(second, node)) {
      // Here the ways part.
      if (ts.isIfStatement(parent)) return parent.thenStatement === node || parent.elseStatement === node;
      if (ts.isConditionalExpression(parent)) return parent.condition !== node;
      if (ts.isCaseBlock(parent)) return leaves(node, ts);
      return false;
    }
    // `if (isDraft) { await save(); return; }`
    const isArm = ts.isIfStatement(parent) && parent.expression !== node;
    if (isArm && leaves(node, ts)) return true;
    if (ts.isTryStatement(parent) && parent.tryBlock === node && leaves(node, ts) && !isInside(second, parent))
      return true;
    if (parent.parent && ts.isCaseBlock(parent.parent) && leaves(parent, ts) && !isInside(second, parent)) {
      return isInside(second, parent.parent) || endsFunction(parent, ts);
    }
  }
  return false;
}

/** What is equal to which literal wherever a place runs: `if (state === 'open') { … }`. */
function equalities(place: ts.Node, within: ts.Node, ts: TypeScript): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let node = place; node !== within && node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== node) continue;
    const { expression } = parent;
    if (!ts.isBinaryExpression(expression)) continue;
    const { kind } = expression.operatorToken;
    const isEquality = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
    if (isEquality && (ts.isStringLiteralLike(expression.right) || ts.isNumericLiteral(expression.right))) {
      found.set(expression.left.getText(), expression.right.getText());
    }
  }
  return found;
}

function statementsOf(node: ts.Node): readonly ts.Statement[] {
  const { statements } = node as Partial<ts.Block>;
  return statements ?? [node as ts.Statement];
}

function leaves(node: ts.Node, ts: TypeScript): boolean {
  const last = statementsOf(node).at(-1);
  if (!last) return false;
  if (ts.isBlock(last)) return leaves(last, ts);
  return (
    ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakStatement(last) || ts.isContinueStatement(last)
  );
}

function endsFunction(node: ts.Node, ts: TypeScript): boolean {
  const last = statementsOf(node).at(-1);
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

const undoing = /compensat|undo|revert|roll_?back|restore|cancel|refund|release|cleanup|markAs|retryLater/i;

/** Whether a `catch` around the second of two steps takes the first one back; a database does so for its transaction alone. */
export function isUndone(
  first: ts.Node,
  second: ts.Node,
  within: ts.Node,
  ts: TypeScript,
  writes: (code: ts.Node) => boolean,
): boolean {
  for (let node = second; node !== within && node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== node || !parent.catchClause) continue;
    const { block } = parent.catchClause;
    if (writes(block)) return true;
    // Only what is outside of the transaction is taken back by a call of that name.
    const isTransaction = isInside(first, parent) && /roll_?back/i.test(block.getText());
    if (!isTransaction && undoing.test(block.getText())) return true;
  }
  return false;
}
