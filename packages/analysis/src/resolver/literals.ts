import type ts from 'typescript';
import type { Scopes } from '../facts/scopes.js';
import type { TypeScript } from '../typescript.js';
import { unwrap } from './unwrap.js';

export type Literal = number | string | boolean;

const maxSteps = 8;

/** The value of an expression that says it: a literal, arithmetic of literals, a constant of the same file. */
export function literalOf(ts: TypeScript, scopes: Scopes, node: ts.Node | undefined, steps = 0): Literal | undefined {
  if (!node || steps > maxSteps) return undefined;
  const expression = unwrap(ts, node);
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (expression.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (expression.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(expression)) {
    const value = literalOf(ts, scopes, expression.operand, steps + 1);
    return expression.operator === ts.SyntaxKind.MinusToken && typeof value === 'number' ? -value : undefined;
  }
  if (ts.isBinaryExpression(expression)) {
    const left = literalOf(ts, scopes, expression.left, steps + 1);
    const right = literalOf(ts, scopes, expression.right, steps + 1);
    if (typeof left !== 'number' || typeof right !== 'number') return undefined;
    return calculated(ts, expression.operatorToken.kind, left, right);
  }
  if (!ts.isIdentifier(expression)) return undefined;
  const declaration = scopes.find(expression.text, expression);
  if (!declaration) return expression.text === 'Infinity' ? Infinity : expression.text === 'NaN' ? NaN : undefined;
  const isConstant =
    ts.isVariableDeclaration(declaration) &&
    ts.isVariableDeclarationList(declaration.parent) &&
    (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConstant ? literalOf(ts, scopes, declaration.initializer, steps + 1) : undefined;
}

function calculated(ts: TypeScript, operator: ts.SyntaxKind, left: number, right: number): number | undefined {
  switch (operator) {
    case ts.SyntaxKind.AsteriskToken:
      return left * right;
    case ts.SyntaxKind.PlusToken:
      return left + right;
    case ts.SyntaxKind.MinusToken:
      return left - right;
    case ts.SyntaxKind.SlashToken:
      return left / right;
    default:
      return undefined;
  }
}
