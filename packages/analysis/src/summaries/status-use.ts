import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { referencesTo } from '../resolver/references.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import type { GuardedWay, Step } from './guarded-ways.js';
import { isInside } from './regions.js';

/** What becomes of the status of a response inside its guard: somebody looks at it, nobody does, or that cannot be seen. */
export type StatusUse = 'looked-at' | 'ignored' | 'unknown';

type Tools = Pick<Analysis, 'ts' | 'facts' | 'scopes' | 'targets' | 'reachable' | 'callers'>;

const statusMembers = new Set(['ok', 'status', 'statusText', 'statusCode', 'statusMessage']);
/** Members that tell nothing of the status. */
const otherMembers = new Set(
  'json text blob arrayBuffer formData bytes buffer body bodyUsed headers trailers url type redirected'.split(' '),
);
/** Somebody may refuse what an error answer holds in place of a result. */
const validating = /parse|valid|assert|check|ensure|decode|verify|safe|schema|expect|guard/i;
const maxDepth = 40;

/** A place that a function returns to. */
interface Frame {
  readonly body: ts.Node;
  readonly site: ts.Node;
}

/** Follows a response through the code under its guard, from the call that brings it. */
export function statusUse({ region, outbound, steps, isInHelper }: GuardedWay, tools: Tools): StatusUse {
  const { ts, scopes, targets, reachable, callers } = tools;
  // What the operation returns is the business of its caller, who is outside the guard.
  const frames: Frame[] = steps.slice(1).map(({ code }, index) => ({ body: code, site: steps[index]!.node }));
  const operation = steps[0]!.code;
  if (steps.slice(0, -1).some((step, index) => !isPlainCall(step, steps[index + 1]!, tools))) return 'unknown';
  return follow(outbound.node, frames, 0);

  function follow(value: ts.Node, frames: readonly Frame[], depth: number): StatusUse {
    if (depth > maxDepth) return 'unknown';
    const outer = rewrap(ts, value);
    const { parent } = outer;
    const next = (node: ts.Node): StatusUse => follow(node, frames, depth + 1);
    if (outer === region.operation) return 'ignored';
    if (ts.isAwaitExpression(parent)) return next(parent);
    // A promise that nobody waits for is a mistake of another kind.
    if (ts.isExpressionStatement(parent)) return ts.isAwaitExpression(unwrapOnce(outer)) ? 'ignored' : 'unknown';
    if (ts.isPropertyAccessExpression(parent)) return ofMember(parent, frames, depth + 1);
    if (ts.isVariableDeclaration(parent)) return ofBinding(parent, frames, depth + 1);
    if (ts.isReturnStatement(parent)) return returned(parent, frames, depth + 1);
    if (ts.isArrowFunction(parent)) return parent.body === outer ? leave(parent, frames, depth + 1) : 'unknown';
    if (ts.isConditionalExpression(parent)) return parent.condition === outer ? 'ignored' : next(parent);
    if (ts.isPrefixUnaryExpression(parent) || ts.isIfStatement(parent)) return 'ignored';
    if (ts.isBinaryExpression(parent)) return ofBinary(parent, outer, frames, depth + 1);
    if (ts.isThrowStatement(parent)) return 'looked-at';
    if (ts.isArrayLiteralExpression(parent)) return isRace(parent) ? next(rewrap(ts, parent).parent) : 'unknown';
    if (ts.isCallExpression(parent)) return ofArgument(parent, outer, frames, depth + 1);
    return 'unknown';
  }

  function unwrapOnce(node: ts.Node): ts.Node {
    while (ts.isParenthesizedExpression(node)) node = node.expression;
    return node;
  }

  function ofMember(access: ts.PropertyAccessExpression, frames: readonly Frame[], depth: number): StatusUse {
    const name = access.name.text;
    if (statusMembers.has(name)) return 'looked-at';
    const call = rewrap(ts, access).parent;
    const isCalled = ts.isCallExpression(call) && unwrap(ts, call.expression) === access;
    if (isCalled && name === 'then') return ofHandler(call.arguments[0], call, frames, depth);
    if (isCalled && (name === 'catch' || name === 'finally' || name === 'clone')) return follow(call, frames, depth);
    if (!otherMembers.has(name)) return 'unknown';
    return bodyIsLookedAt(isCalled ? call : access, frames, 0) ? 'unknown' : 'ignored';
  }

  function ofHandler(
    handler: ts.Expression | undefined,
    call: ts.CallExpression,
    frames: readonly Frame[],
    depth: number,
  ): StatusUse {
    return handler ? ofFunctions(handler, 0, call, frames, depth) : 'unknown';
  }

  /** What functions do with an argument; what they return of it goes on at the call. */
  function ofFunctions(
    expression: ts.Expression,
    position: number,
    site: ts.Node,
    frames: readonly Frame[],
    depth: number,
  ): StatusUse {
    const functions = reachable.functionsOf(expression);
    if (functions.length === 0) return 'unknown';
    return together(
      functions.map((node) => {
        const parameter = node.parameters[position];
        if (!parameter) return 'ignored';
        if (parameter.dotDotDotToken) return 'unknown';
        return ofBinding(parameter, [...frames, { body: node.body!, site }], depth);
      }),
    );
  }

  function ofBinding(
    declaration: ts.VariableDeclaration | ts.ParameterDeclaration,
    frames: readonly Frame[],
    depth: number,
  ): StatusUse {
    const { name } = declaration;
    if (ts.isIdentifier(name)) return ofVariable(name, declaration, frames, depth);
    if (!ts.isObjectBindingPattern(name)) return 'unknown';
    const isLooked = name.elements.some(({ propertyName, name, dotDotDotToken }) => {
      const key = propertyName ?? name;
      return dotDotDotToken !== undefined || !ts.isIdentifier(key) || statusMembers.has(key.text);
    });
    return isLooked ? 'looked-at' : 'ignored';
  }

  function ofVariable(name: ts.Identifier, declaration: ts.Node, frames: readonly Frame[], depth: number): StatusUse {
    const references = referencesTo(name, declaration, tools).filter((reference) => !isAssigned(reference));
    return together(references.map((reference) => follow(reference, frames, depth)));
  }

  function isAssigned(mention: ts.Node): boolean {
    const { parent } = mention;
    return (
      ts.isBinaryExpression(parent) &&
      parent.left === mention &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    );
  }

  function ofBinary(
    { operatorToken, left, right }: ts.BinaryExpression,
    value: ts.Node,
    frames: readonly Frame[],
    depth: number,
  ): StatusUse {
    const { kind } = operatorToken;
    if (kind === ts.SyntaxKind.EqualsToken && right === value && ts.isIdentifier(left)) {
      const declaration = scopes.find(left.text, left);
      const isLocal = declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name);
      return isLocal ? ofVariable(declaration.name as ts.Identifier, declaration, frames, depth) : 'unknown';
    }
    const passes = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    const isLast = kind === ts.SyntaxKind.AmpersandAmpersandToken && right === value;
    return passes || isLast ? follow(value.parent, frames, depth) : 'unknown';
  }

  function isRace(list: ts.ArrayLiteralExpression): boolean {
    const call = rewrap(ts, list).parent;
    return ts.isCallExpression(call) && /^Promise\.(?:race|any)$/.test(call.expression.getText());
  }

  function ofArgument(call: ts.CallExpression, value: ts.Node, frames: readonly Frame[], depth: number): StatusUse {
    const position = call.arguments.indexOf(value as ts.Expression);
    if (position < 0) return 'unknown';
    const callee = call.expression.getText();
    if (callee === 'Promise.resolve' || isOperation(call, position)) return follow(call, frames, depth);
    if (callee.startsWith('console.')) return 'ignored';
    return ofFunctions(call.expression, position, call, frames, depth);
  }

  /** `policy.execute(() => fetch(url))`, `pTimeout(fetch(url), …)`: what comes in comes out. */
  function isOperation(call: ts.CallExpression, position: number): boolean {
    const row = targets.guard(call)?.row;
    return row?.form === 'wrapper' && position === (row.operation ?? 0);
  }

  function returned(place: ts.Node, frames: readonly Frame[], depth: number): StatusUse {
    for (let node = place; node.parent; node = node.parent) {
      if (ts.isFunctionLike(node)) return leave(node, frames, depth);
    }
    return 'unknown';
  }

  /** The value goes out of a function. */
  function leave(fn: ts.Node, frames: readonly Frame[], depth: number): StatusUse {
    const { body } = fn as ts.FunctionLikeDeclaration;
    if (!body || depth > maxDepth) return 'unknown';
    const frame = frames.at(-1);
    if (frame?.body === body) return follow(frame.site, frames.slice(0, -1), depth);
    const outer = rewrap(ts, fn);
    const call = outer.parent;
    // Out of the guarded operation itself; what a helper does with the result of its callback is not followed.
    if (!frame && isInside(operation, fn)) return isInHelper ? 'unknown' : 'ignored';
    if (ts.isCallExpression(call)) {
      if (call.expression === outer) return follow(call, frames, depth);
      const position = call.arguments.indexOf(outer as ts.Expression);
      const isThen = ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'then';
      return isThen || isOperation(call, position) ? follow(call, frames, depth) : 'unknown';
    }
    const isNamed = ts.isVariableDeclaration(call) || ts.isFunctionDeclaration(fn);
    const uses = isNamed ? callers.usesOf(ts.isFunctionDeclaration(fn) ? fn : call) : undefined;
    if (!uses?.length || uses.some(({ region }) => region)) return 'unknown';
    const inside = uses.filter(({ site }) => isInside(site, frame?.body ?? operation));
    return together(inside.map(({ site }) => (isCall(site) ? follow(site, frames, depth) : 'unknown')));
  }

  function isCall(site: ts.Node): boolean {
    return ts.isCallExpression(site) && !site.arguments.some((argument) => ts.isFunctionLike(unwrap(ts, argument)));
  }

  /** The body is parsed by a schema, or a condition reads it: an error answer is noticed after all. */
  function bodyIsLookedAt(value: ts.Node, frames: readonly Frame[], depth: number): boolean {
    if (depth > maxDepth) return true;
    const outer = rewrap(ts, value);
    const { parent } = outer;
    const next = (node: ts.Node): boolean => bodyIsLookedAt(node, frames, depth + 1);
    if (ts.isAwaitExpression(parent)) return next(parent);
    if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent))
      return returnedBodyIsLookedAt(parent, frames, depth);
    if (ts.isVariableDeclaration(parent)) return bindingIsLookedAt(parent, frames, depth + 1);
    if (ts.isCallExpression(parent) && parent.expression !== outer) {
      const callee = parent.expression.getText();
      return callee !== 'JSON.parse' && validating.test(callee);
    }
    if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'then' && ts.isCallExpression(parent.parent)) {
      const handlers = reachable.functionsOf(parent.parent.arguments[0] ?? parent);
      return handlers.some(({ parameters: [first] }) => first && bindingIsLookedAt(first, frames, depth + 1));
    }
    return isInCondition(outer);
  }

  function returnedBodyIsLookedAt(place: ts.Node, frames: readonly Frame[], depth: number): boolean {
    let fn = place;
    while (fn.parent && !ts.isFunctionLike(fn)) fn = fn.parent;
    const frame = frames.at(-1);
    if (frame && (fn as Partial<ts.FunctionLikeDeclaration>).body === frame.body) {
      return bodyIsLookedAt(frame.site, frames.slice(0, -1), depth + 1);
    }
    const call = rewrap(ts, fn).parent;
    const isThen =
      call &&
      ts.isCallExpression(call) &&
      ts.isPropertyAccessExpression(call.expression) &&
      call.expression.name.text === 'then';
    return isThen && bodyIsLookedAt(call, frames, depth + 1);
  }

  function bindingIsLookedAt(
    declaration: ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement,
    frames: readonly Frame[],
    depth: number,
  ): boolean {
    const { name } = declaration;
    if (!ts.isIdentifier(name)) {
      return name.elements.some(
        (element) => ts.isBindingElement(element) && bindingIsLookedAt(element, frames, depth + 1),
      );
    }
    return referencesTo(name, declaration, tools).some(
      (reference) => isInCondition(reference) || bodyIsLookedAt(reference, frames, depth + 1),
    );
  }

  function isInCondition(place: ts.Node): boolean {
    for (let node = place; node.parent && !ts.isFunctionLike(node) && !ts.isBlock(node); node = node.parent) {
      const { parent } = node;
      if (ts.isIfStatement(parent) && parent.expression === node) return true;
      if (parent.kind === ts.SyntaxKind.SwitchStatement || ts.isThrowStatement(parent)) return true;
    }
    return false;
  }
}

/** Whether a step calls the function that holds the next one, and is not just handed it. */
function isPlainCall({ node }: Step, { code }: Step, { reachable, targets }: Tools): boolean {
  const call = node as CallLike;
  if (reachable.functionsOf(calleeOf(call)).some(({ body }) => body === code)) return true;
  // An inner guard resolves to what its operation does.
  return argumentsOf(call).length > 0 && targets.guard(call)?.row.form === 'wrapper';
}

/** One who looks is enough; one who may look leaves it open. */
function together(uses: readonly StatusUse[]): StatusUse {
  if (uses.includes('looked-at')) return 'looked-at';
  return uses.includes('unknown') ? 'unknown' : 'ignored';
}
