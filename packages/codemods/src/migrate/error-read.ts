import { ts } from 'ts-morph';

/** Whether anybody may learn which of the errors was thrown: not behind `.catch(() => …)` or `try { … } catch { … }`. */
export function isErrorRead(call: ts.CallExpression): boolean {
  const { parent } = call;
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'catch' && ts.isCallExpression(parent.parent)) {
    const [handler] = parent.parent.arguments;
    return !(handler && ts.isArrowFunction(handler) && handler.parameters.length === 0);
  }
  if (!ts.isAwaitExpression(parent)) return true;
  for (let node: ts.Node = parent; !ts.isFunctionLike(node) && !ts.isSourceFile(node); node = node.parent) {
    const around = node.parent;
    if (ts.isTryStatement(around) && around.tryBlock === node && around.catchClause) {
      return around.catchClause.variableDeclaration !== undefined;
    }
  }
  return true;
}
