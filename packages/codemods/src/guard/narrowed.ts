import { ts } from 'ts-morph';
import type { Owner } from './surroundings.js';

/**
 * Whether an expression rests on a type that a check above made narrower, and that would be wide again in a function around it: that of a
 * member, or of a variable that is assigned later.
 */
export function usesNarrowedType(
  expression: ts.Expression,
  owner: Owner | undefined,
  checker: ts.TypeChecker,
): boolean {
  const open: ts.Node[] = [expression];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isFunctionLike(node)) continue;
    if (isReference(node) && isNarrowed(node, checker)) {
      if (!ts.isIdentifier(node) || isAssignedLater(node, owner, checker)) return true;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

function isReference(node: ts.Node): node is ts.Expression {
  if (ts.isIdentifier(node)) return !ts.isPropertyAccessExpression(node.parent) || node.parent.name !== node;
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function isNarrowed(reference: ts.Expression, checker: ts.TypeChecker): boolean {
  const isShorthand = ts.isShorthandPropertyAssignment(reference.parent);
  const symbol = isShorthand
    ? checker.getShorthandAssignmentValueSymbol(reference.parent)
    : checker.getSymbolAtLocation(reference);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return false;
  // `let where;` is what it was last given.
  if (ts.isVariableDeclaration(declaration) && !declaration.type && !declaration.initializer) return true;
  const declared = checker.getTypeOfSymbol(symbol);
  if (!declared.isUnion()) return false;
  return !checker.isTypeAssignableTo(declared, checker.getTypeAtLocation(reference));
}

function isAssignedLater(name: ts.Identifier, owner: Owner | undefined, checker: ts.TypeChecker): boolean {
  const declaration = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)?.valueDeclaration
    : checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declaration) return false;
  if (ts.isVariableDeclaration(declaration) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0) return false;
  if (ts.isVariableDeclaration(declaration) && !declaration.type && !declaration.initializer) return true;
  const open: ts.Node[] = [owner ?? name.getSourceFile()];
  for (let node = open.pop(); node; node = open.pop()) {
    // In a destructured list as well. An earlier one counts too, as the code may be in a loop.
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && mentions(node.left, name.text))
      return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

function mentions(root: ts.Node, name: string): boolean {
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isIdentifier(node) && node.text === name) return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
