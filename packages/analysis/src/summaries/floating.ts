import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { CallLike } from '../facts/file-facts.js';
import { referencesTo } from '../resolver/references.js';
import { rewrap } from '../resolver/unwrap.js';

/** The promise of a call that nobody waits for. */
export interface Floating {
  /** Where it gets lost: the expression that is a statement of its own, or the variable that nobody reads. */
  readonly at: ts.Node;
  /** Somebody meant it: `void`, or a handler for its failure. */
  readonly isMeant: boolean;
  /** What calls back and waits for nothing: `forEach`. */
  readonly method?: string;
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'scopes'>;

/** Call their callback for each item; what they return, if anything, is lost with the statement. */
const iterating = new Set(['forEach', 'map', 'flatMap']);

/** Where the promise of a call gets lost; `undefined` when somebody waits for it, keeps it, or may do so. */
export function floating(call: CallLike, tools: Tools): Floating | undefined {
  const { ts } = tools;
  return follow(call, false);

  function follow(value: ts.Node, isMeant: boolean): Floating | undefined {
    const outer = rewrap(ts, value);
    const { parent } = outer;
    if (ts.isExpressionStatement(parent)) return isSettledByHand(parent) ? undefined : { at: outer, isMeant };
    if (parent.kind === ts.SyntaxKind.VoidExpression) return ofVoid(parent);
    if (ts.isAwaitExpression(parent)) return ofFunction(enclosing(parent), true, isMeant);
    if (ts.isReturnStatement(parent)) return ofFunction(enclosing(parent), false, isMeant);
    if (ts.isArrowFunction(parent) && parent.body === outer) return ofFunction(parent, false, isMeant);
    if (ts.isPropertyAccessExpression(parent)) return ofMember(parent, isMeant);
    if (ts.isConditionalExpression(parent)) return parent.condition === outer ? undefined : follow(parent, isMeant);
    if (ts.isBinaryExpression(parent)) return isPassedOn(parent, outer) ? follow(parent, isMeant) : undefined;
    if (ts.isVariableDeclaration(parent)) return isRead(parent) ? undefined : { at: outer, isMeant };
    return undefined;
  }

  function ofVoid(node: ts.Node): Floating | undefined {
    const { parent } = rewrap(ts, node);
    const isLost = ts.isExpressionStatement(parent) || (ts.isArrowFunction(parent) && isInIteration(parent));
    return isLost && !isSettledByHand(parent) ? { at: node, isMeant: true } : undefined;
  }

  function isInIteration(fn: ts.Node): boolean {
    return ofFunction(fn, false, true) !== undefined;
  }

  /** `load().then(use)` is another promise, with the same fate. */
  function ofMember(access: ts.PropertyAccessExpression, isMeant: boolean): Floating | undefined {
    const name = access.name.text;
    const next = access.parent;
    if (!/^(?:then|catch|finally)$/.test(name) || !ts.isCallExpression(next) || next.expression !== access)
      return undefined;
    const isHandled = name === 'catch' || (name === 'then' && next.arguments.length > 1);
    return follow(next, isMeant || isHandled);
  }

  function isPassedOn({ operatorToken, right }: ts.BinaryExpression, value: ts.Node): boolean {
    const { kind } = operatorToken;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) return true;
    const isLast = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.CommaToken;
    return isLast && right === value;
  }

  function isRead(declaration: ts.VariableDeclaration): boolean {
    const { name, parent } = declaration;
    if (!ts.isIdentifier(name) || !ts.isVariableDeclarationList(parent)) return true;
    if (!ts.isVariableStatement(parent.parent) || ts.isSourceFile(parent.parent.parent)) return true;
    return referencesTo(name, declaration, tools).length > 0;
  }

  function enclosing(place: ts.Node): ts.Node | undefined {
    for (let node: ts.Node | undefined = place.parent; node; node = node.parent)
      if (ts.isFunctionLike(node)) return node;
    return undefined;
  }

  /** The promise of a callback or of a function that is called where it stands. */
  function ofFunction(fn: ts.Node | undefined, isAwaited: boolean, isMeant: boolean): Floating | undefined {
    if (!fn || (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn))) return undefined;
    if (isAwaited && !fn.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return undefined;
    const outer = rewrap(ts, fn);
    const { parent } = outer;
    if (!ts.isCallExpression(parent)) return undefined;
    if (parent.expression === outer) return follow(parent, isMeant);
    const callee = parent.expression;
    if (!ts.isPropertyAccessExpression(callee) || !iterating.has(callee.name.text)) return undefined;
    // What is awaited or returned is no array's `forEach`, and may wait for its callbacks.
    const isStatement = ts.isExpressionStatement(rewrap(ts, parent).parent) && parent.arguments[0] === outer;
    return isStatement && !isSettledByHand(parent) ? { at: parent, isMeant, method: callee.name.text } : undefined;
  }

  /** `new Promise((resolve, reject) => { load().then(resolve, reject); })` */
  function isSettledByHand(place: ts.Node): boolean {
    for (let node: ts.Node = place; node.parent; node = node.parent) {
      if (!ts.isFunctionLike(node)) continue;
      const { parent } = rewrap(ts, node);
      if (ts.isNewExpression(parent) && parent.expression.getText() === 'Promise') return true;
      if (!ts.isCallExpression(parent)) return false;
    }
    return false;
  }
}
