import { ts } from 'ts-morph';
import { contains, symbolOf } from './nodes.js';

/** Whether an expression has no effect, and the same value whenever it is evaluated: a literal, or a name that is never assigned again. */
export function isStable(node: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  const { TrueKeyword, FalseKeyword, NullKeyword } = ts.SyntaxKind;
  if (node.kind === TrueKeyword || node.kind === FalseKeyword || node.kind === NullKeyword) return true;
  if (!ts.isIdentifier(node)) return false;
  let symbol = symbolOf(checker, node);
  if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return node.text === 'undefined';
  if (ts.isFunctionDeclaration(declaration)) return true;
  let root: ts.Node = declaration;
  while (ts.isBindingElement(root) || ts.isObjectBindingPattern(root) || ts.isArrayBindingPattern(root)) {
    root = root.parent;
  }
  if (ts.isVariableDeclaration(root)) return (root.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return ts.isParameter(root) && !readsArgumentsObject(root) && !isAssigned(symbol, root.parent, checker);
}

/** `arguments[0] = …` changes a parameter in sloppy code. */
function readsArgumentsObject({ parent }: ts.ParameterDeclaration): boolean {
  return /\barguments\b/.test(parent.getText());
}

function isAssigned(symbol: ts.Symbol, scope: ts.Node, checker: ts.TypeChecker): boolean {
  const isNamed = (node: ts.Node): boolean => ts.isIdentifier(node) && symbolOf(checker, node) === symbol;
  return contains(scope, (node) => {
    const target = targetOf(node);
    return target !== undefined && contains(target, isNamed);
  });
}

/** What a node assigns to. */
export function targetOf(node: ts.Node): ts.Node | undefined {
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
