import { ts } from 'ts-morph';

/** A function that a call belongs to: the one a reader would name when asked where the call is. */
export type Owner =
  | ts.MethodDeclaration
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

/** What lies between a call and its owner. */
export interface CallSurroundings {
  readonly call: ts.CallExpression;
  readonly owner: Owner | undefined;
  /** The call is in a callback within its owner, such as a route handler: it need not end when its owner does. */
  readonly isInCallback: boolean;
  /** The promise the call is the head of: `fetch(…).then(…)`. */
  readonly chain: ts.Expression;
  /** Runs more than once, or when its owner is done already: a guard around the owner would not fit one call. */
  readonly runsApart: boolean;
  readonly isGenerator: boolean;
  readonly isFloating: boolean;
}

const promiseMethods = new Set(['then', 'catch', 'finally']);
const detaching =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener|subscribe|forEach)$/;

export function surroundingsOf(call: ts.CallExpression): CallSurroundings {
  const chain = chainOf(call);
  let owner: Owner | undefined;
  let innermost: Owner | undefined;
  let runsApart = false;
  let isGenerator = false;
  for (let node: ts.Node = call; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isIterationStatement(node, false)) runsApart = true;
    if (!isOwner(node)) continue;
    innermost ??= node;
    if ('asteriskToken' in node && node.asteriskToken) isGenerator = true;
    const parent = skipParentheses(node.parent);
    if (isCallback(node, parent)) {
      if (detaching.test(calleeName(parent as ts.CallExpression))) runsApart = true;
      continue;
    }
    owner = node;
    break;
  }
  return {
    call,
    // A callback of the module itself is all there is to name.
    owner: owner ?? innermost,
    isInCallback: innermost !== owner,
    chain,
    runsApart,
    isGenerator,
    isFloating: isFloating(chain),
  };
}

export function isOwner(node: ts.Node): node is Owner {
  return (
    ts.isMethodDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

export function isCallback(node: ts.Node, parent: ts.Node = skipParentheses(node.parent)): boolean {
  return (
    (ts.isCallExpression(parent) || ts.isNewExpression(parent)) &&
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node))
  );
}

/** The whole promise chain that starts with the call. */
function chainOf(call: ts.CallExpression): ts.Expression {
  let chain: ts.Expression = call;
  for (;;) {
    const { parent } = chain;
    if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent)) {
      chain = parent;
    } else if (
      ts.isPropertyAccessExpression(parent) &&
      promiseMethods.has(parent.name.text) &&
      ts.isCallExpression(parent.parent) &&
      parent.parent.expression === parent
    ) {
      chain = parent.parent;
    } else {
      return chain;
    }
  }
}

/** Nobody waits for it, so a policy could neither end nor repeat anything that somebody sees. */
function isFloating(chain: ts.Expression): boolean {
  const { parent } = chain;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (!ts.isArrowFunction(parent) || parent.body !== chain) return false;
  const user = skipParentheses(parent.parent);
  return ts.isCallExpression(user) && detaching.test(calleeName(user));
}

export function calleeName(call: ts.CallExpression): string {
  const callee = call.expression;
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : '';
}

function skipParentheses(node: ts.Node): ts.Node {
  while (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    node = node.parent;
  return node;
}
