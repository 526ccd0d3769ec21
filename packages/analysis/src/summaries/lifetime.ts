import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import { referencesTo } from '../resolver/references.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import { isInside } from './regions.js';

/** What becomes of something that a function makes, when it does not outlive the function. */
export interface ShortLife {
  /** The calls that go through it. */
  readonly uses: readonly CallLike[];
  /** The function ends it itself: it is meant to be short-lived. */
  readonly isClosed: boolean;
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'scopes' | 'meanings' | 'targets' | 'reachable'>;

const closing = /^(?:end|close|quit|disconnect|\$disconnect|destroy|stop|shutdown|terminate|drain|release)$/;
/** Resolve to the client itself, or to a connection of it. */
const opening = /^(?:connect|\$connect|init|initiali[sz]e|open|start|ready|sync)$/;
/** What a policy that is no guard of the catalogue runs its operation with. */
const running = /^(?:execute|fire|call|exec|run|invoke)$/;
const callbackMethods = new Set('map flatMap forEach filter find some every reduce then catch finally'.split(' '));
const maxDepth = 24;

/** Follows what a call makes through the function around it; `undefined` when it is handed on, kept, or may be. */
export function shortLife(creation: CallLike, owner: ts.Node, tools: Tools): ShortLife | undefined {
  const { ts, scopes, meanings, targets, reachable } = tools;
  const uses = new Set<CallLike>();
  const seen = new Set<ts.Node>();
  let isClosed = false;
  return staysInside(creation, owner, 0) ? { uses: [...uses], isClosed } : undefined;

  function staysInside(value: ts.Node, fn: ts.Node, depth: number): boolean {
    if (depth > maxDepth || !runsWithin(value, fn)) return false;
    const outer = rewrap(ts, value);
    const { parent } = outer;
    const next = (node: ts.Node): boolean => staysInside(node, fn, depth + 1);
    if (ts.isAwaitExpression(parent)) return next(parent);
    if (ts.isVariableDeclaration(parent)) return parent.name === outer || variableStays(parent, fn, depth + 1);
    if (ts.isPropertyAccessExpression(parent)) return parent.expression !== outer || memberStays(parent, fn, depth + 1);
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      if (parent.expression !== outer) return argumentStays(parent, outer, fn, depth + 1);
      uses.add(parent);
      return true;
    }
    if (ts.isTaggedTemplateExpression(parent)) {
      uses.add(parent);
      return true;
    }
    if (ts.isBinaryExpression(parent)) return operandStays(parent, outer, fn, depth + 1);
    return (
      ts.isExpressionStatement(parent) ||
      ts.isIfStatement(parent) ||
      ts.isPrefixUnaryExpression(parent) ||
      parent.kind === ts.SyntaxKind.TypeOfExpression ||
      parent.kind === ts.SyntaxKind.TypeQuery
    );
  }

  function variableStays({ name, parent }: ts.VariableDeclaration, fn: ts.Node, depth: number): boolean {
    if (!ts.isIdentifier(name) || !isInside(parent, fn)) return false;
    return mentionsStay(name, name.parent, fn, depth);
  }

  function mentionsStay(name: ts.Identifier, declaration: ts.Node, fn: ts.Node, depth: number): boolean {
    if (seen.has(declaration)) return true;
    seen.add(declaration);
    return referencesTo(name, declaration, tools).every((reference) => staysInside(reference, fn, depth));
  }

  function memberStays(access: ts.PropertyAccessExpression, fn: ts.Node, depth: number): boolean {
    const name = access.name.text;
    const call = rewrap(ts, access).parent;
    if (!ts.isCallExpression(call) || unwrap(ts, call.expression) !== access) {
      return meanings.of(access)?.kind !== 'instance' || staysInside(access, fn, depth);
    }
    if (closing.test(name)) isClosed = true;
    const guard = targets.guard(call);
    if (guard?.row.form === 'wraps') return staysInside(call, fn, depth);
    if (guard || running.test(name)) {
      uses.add(call);
      return true;
    }
    if (targets.call(call)) uses.add(call);
    if (opening.test(name)) return staysInside(call, fn, depth);
    // A connection of a pool, a database of a client.
    return isData(call) || meanings.of(call)?.kind !== 'instance' || staysInside(call, fn, depth);
  }

  /** What a query resolves to is no part of the client, whatever its type is called. */
  function isData(call: ts.CallExpression): boolean {
    const made = meanings.of(call);
    return made?.kind === 'instance' && made.creation === undefined;
  }

  function argumentStays(
    call: ts.CallExpression | ts.NewExpression,
    value: ts.Node,
    fn: ts.Node,
    depth: number,
  ): boolean {
    const form = targets.guard(call)?.row.form;
    if (form === 'factory' || form === 'wraps') return staysInside(call, fn, depth);
    const position = call.arguments?.indexOf(value as ts.Expression) ?? -1;
    if (form === 'wrapper' || position < 0 || ts.isNewExpression(call)) return form === 'wrapper';
    const functions = reachable.functionsOf(calleeOf(call));
    return (
      functions.length > 0 &&
      functions.every((callee) => {
        const parameter = callee.parameters[position];
        if (!parameter) return true;
        return ts.isIdentifier(parameter.name) && mentionsStay(parameter.name, parameter, callee, depth);
      })
    );
  }

  function operandStays(
    { operatorToken, left }: ts.BinaryExpression,
    value: ts.Node,
    fn: ts.Node,
    depth: number,
  ): boolean {
    const { kind } = operatorToken;
    const isChoice = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    if (isChoice || kind === ts.SyntaxKind.AmpersandAmpersandToken) return staysInside(value.parent, fn, depth);
    if (kind !== ts.SyntaxKind.EqualsToken)
      return kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken;
    if (left === value) return true;
    const declaration = ts.isIdentifier(left) ? scopes.find(left.text, left) : undefined;
    return declaration !== undefined && ts.isVariableDeclaration(declaration) && variableStays(declaration, fn, depth);
  }

  /** No function between the place and its owner that may run when the owner is over. */
  function runsWithin(place: ts.Node, fn: ts.Node): boolean {
    for (let node = place; node !== fn && node.parent; node = node.parent) {
      if (ts.isFunctionLike(node) && !runsHere(node)) return false;
    }
    return true;
  }

  function runsHere(node: ts.Node): boolean {
    const outer = rewrap(ts, node);
    const { parent } = outer;
    if (ts.isNewExpression(parent))
      return parent.expression.getText() === 'Promise' || targets.guard(parent) !== undefined;
    if (!ts.isCallExpression(parent)) return false;
    if (parent.expression === outer) return true;
    const callee = parent.expression;
    const isCallback = ts.isPropertyAccessExpression(callee) && callbackMethods.has(callee.name.text);
    return isCallback || targets.guard(parent) !== undefined || targets.call(parent) !== undefined;
  }
}

/** Whether a use stands in a loop, or in a callback for each of several items, inside a function. */
export function isRepeated(use: ts.Node, owner: ts.Node, { ts }: Pick<Analysis, 'ts'>): boolean {
  for (let node = use; node !== owner && node.parent; node = node.parent) {
    if (ts.isIterationStatement(node, false)) return true;
    const call = ts.isFunctionLike(node) ? rewrap(ts, node).parent : undefined;
    if (!call || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) continue;
    if (/^(?:map|flatMap|forEach|filter|find|some|every|reduce)$/.test(call.expression.name.text)) return true;
  }
  return false;
}

/** Whether an argument is a client already, which the new one only wraps. */
export function wrapsClient(
  creation: CallLike,
  { ts, meanings, catalogue }: Pick<Analysis, 'ts' | 'meanings' | 'catalogue'>,
): boolean {
  const isClient = (value: ts.Node, depth: number): boolean => {
    const node = unwrap(ts, value);
    if (depth > 3) return false;
    if (ts.isArrayLiteralExpression(node)) return node.elements.some((element) => isClient(element, depth + 1));
    if (ts.isObjectLiteralExpression(node)) {
      return node.properties.some((property) => {
        if (ts.isShorthandPropertyAssignment(property)) return isClient(property.name, depth + 1);
        return ts.isPropertyAssignment(property) && isClient(property.initializer, depth + 1);
      });
    }
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return false;
    const meaning = meanings.of(node);
    return (
      meaning?.kind === 'instance' &&
      catalogue.module(meaning.module)?.kind !== undefined &&
      meaning.module !== 'global'
    );
  };
  return argumentsOf(creation).some((argument) => isClient(argument, 0));
}
