import { ts } from 'ts-morph';
import { isGlobal, within } from '../nodes.js';

/** Whether it makes no difference where the expression stands if it throws at once or gives a promise that rejects. */
export function throwsLikeItRejects(expression: ts.Expression): boolean {
  let node: ts.Node = expression;
  while (ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return true;
  if (ts.isArrowFunction(parent)) return parent.body === node && isAsync(parent);
  if (!ts.isReturnStatement(parent)) return false;
  for (let outer: ts.Node | undefined = parent.parent; outer; outer = outer.parent) {
    // A `return` does not wait: what rejects later is not caught.
    if (ts.isTryStatement(outer)) return false;
    if (ts.isFunctionLike(outer)) return isAsync(outer);
  }
  return false;
}

/** Whether what makes a promise is sure to do nothing but that: whatever goes wrong is a rejection. */
export function neverThrows(maker: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isNewExpression(maker)) {
    return (
      isGlobal(maker.expression, 'Promise', checker) && maker.arguments?.length === 1 && isFunction(maker.arguments[0]!)
    );
  }
  // A promise in a variable is there already.
  if (!ts.isCallExpression(maker)) return ts.isIdentifier(maker);
  const { expression: callee } = maker;
  if (maker.arguments.some(mayThrow)) return false;
  if (isGlobal(callee, 'fetch', checker)) return true;
  const declaration = checker.getResolvedSignature(maker)?.getDeclaration() as ts.Node | undefined;
  if (!declaration || !ts.isFunctionLike(declaration) || !isAsync(declaration)) return false;
  if (ts.isFunctionDeclaration(declaration)) return ts.isIdentifier(callee);
  if (ts.isMethodDeclaration(declaration)) {
    // Others may be overridden by what is no async function.
    const isOwn =
      ts.isPrivateIdentifier(declaration.name) ||
      declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
    return isOwn && ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
  }
  let { parent } = declaration;
  while (ts.isParenthesizedExpression(parent)) ({ parent } = parent);
  if (parent === maker) return true;
  return (
    ts.isIdentifier(callee) && ts.isVariableDeclaration(parent) && (parent.parent.flags & ts.NodeFlags.Const) !== 0
  );
}

function isAsync(node: ts.SignatureDeclaration): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const isGenerator = 'asteriskToken' in node && node.asteriskToken !== undefined;
  return !isGenerator && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
}

/** Calls among the arguments run before the promise is there. */
function mayThrow(argument: ts.Expression): boolean {
  return within(
    argument,
    (node) => ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node),
  );
}

function isFunction(node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}
