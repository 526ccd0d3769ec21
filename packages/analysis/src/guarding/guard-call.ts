import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { addOption, insert } from '../edits.js';
import type { Edit } from '../finding.js';
import { addImports } from '../imports.js';
import type { Outbound } from '../outbound.js';
import { assignmentTo } from '../resolver/assignments.js';
import { referencesTo } from '../resolver/references.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import { floating } from '../summaries/floating.js';
import { isInside } from '../summaries/regions.js';
import { transactionsIn } from '../summaries/transactions.js';
import { figures, numeral } from './figures.js';
import { sendsStream } from './one-shot.js';

/**
 * Makes an outbound call the operation of `withTimeout`, its signal forwarded where the call takes one. Nothing where the call would no
 * longer be the same: what it waits for on the way, what cannot be given up or handed into a function.
 */
export function guardCall(outbound: Outbound, analysis: Analysis): readonly Edit[] | undefined {
  const { ts } = analysis;
  const { node: call } = outbound;
  // `client?.get()` may answer nothing, which is no promise.
  if (!ts.isCallExpression(call) || call.flags & ts.NodeFlags.OptionalChain) return undefined;
  if (!isWaitedFor(outbound, analysis) || !canBeGivenUp(outbound, analysis)) return undefined;
  const file = call.getSourceFile();
  const operation = wholeOperation(call, outbound.target.module === 'global', analysis);
  if (!operation || !canBeMoved(operation, analysis)) return undefined;
  const added = addImports(ts, file, [{ module: '@holdfast/runtime', name: 'withTimeout' }]);
  if (!added) return undefined;
  const isHidden = mentions(ts, operation, 'signal');
  const signal = forwardSignal(outbound, isHidden ? 'context.signal' : 'signal', analysis);
  if (signal && isHidden && mentions(ts, operation, 'context')) return undefined;
  const context = signal ? (isHidden ? 'context' : '{ signal }') : '';
  // What is thenable and no more, or of no type, is a promise once it is returned by an `async` function.
  const isPromise = !analysis.checker || analysis.checker.mayHaveProperty(operation, 'finally') === true;
  const start = operation.getStart(file);
  return [
    ...added.edits,
    insert(start, `${added.names[0]!}(${isPromise ? '' : 'async '}(${context}) => `),
    ...(signal ? [signal] : []),
    insert(operation.end, `, ${numeral(figures.timeout)})`),
  ];
}

/** Hands a signal to a call that takes one and has none; nothing where what is in the place of the options may be something else. */
export function forwardSignal(outbound: Outbound, value: string, { ts, checker, clients }: Analysis): Edit | undefined {
  const { node, signal, options, target } = outbound;
  if (signal?.option.state !== 'absent' || signal.name.includes('.') || !ts.isCallExpression(node)) return undefined;
  if (clients.option(target, [signal.name]).state !== 'absent') return undefined;
  const given = node.arguments[options];
  const isKnown = !given || given.getText() === 'undefined' || ts.isObjectLiteralExpression(unwrap(ts, given));
  if (!isKnown && checker?.mayHaveProperty(given, signal.name) !== true) return undefined;
  return addOption(ts, node, options, value === signal.name ? value : `${signal.name}: ${value}`);
}

/** Whether somebody would hear of a timeout. */
export function isWaitedFor({ node }: Outbound, analysis: Analysis): boolean {
  const { ts } = analysis;
  if (!ts.isCallExpression(node)) return true;
  return !floating(node, analysis) && rewrap(ts, node).parent.kind !== ts.SyntaxKind.VoidExpression;
}

/** Whether a call can be given up without harm. */
export function canBeGivenUp({ node, kind }: Outbound, analysis: Analysis): boolean {
  const { ts } = analysis;
  if (!ts.isCallExpression(node) || sendsStream(node, analysis)) return false;
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
  // Handed out after the timeout, a connection has nobody who gives it back.
  if (kind !== 'http' && /^(?:connect|getConnection|acquire|reserve)$/.test(name)) return false;
  return kind !== 'db' || !isInTransaction(node, analysis);
}

export function isInTransaction(node: ts.Node, analysis: Analysis): boolean {
  return transactionsIn(node.getSourceFile(), analysis).some(({ code }) => code.some((part) => isInside(node, part)));
}

const promiseMembers = /^(?:then|catch|finally)$/;

/** The call with what is asked of its answer before it is there, `got(url).json()`; nothing when the whole is no promise. */
function wholeOperation(call: ts.CallExpression, isFetch: boolean, analysis: Analysis): ts.CallExpression | undefined {
  const { ts, checker } = analysis;
  const access = call.parent;
  if (ts.isPropertyAccessExpression(access) && access.expression === call && !promiseMembers.test(access.name.text)) {
    const next = access.parent;
    return ts.isCallExpression(next) && next.expression === access ? wholeOperation(next, false, analysis) : undefined;
  }
  if (checker) return checker.isThenable(call) === false ? undefined : call;
  const outer = rewrap(ts, call).parent;
  return isFetch || ts.isAwaitExpression(outer) || ts.isPropertyAccessExpression(access) ? call : undefined;
}

/** Whether an expression means the same in an arrow function around it. */
function canBeMoved(operation: ts.Expression, analysis: Analysis): boolean {
  const { ts, checker, scopes } = analysis;
  for (let node: ts.Node = operation; node.parent && !ts.isFunctionLike(node); node = node.parent) {
    if (ts.isDecorator(node)) return false;
  }
  const open: ts.Node[] = [operation];
  for (let node = open.pop(); node; node = open.pop()) {
    const { kind } = node;
    if (kind === ts.SyntaxKind.SuperKeyword || (ts.isIdentifier(node) && node.text === 'arguments')) return false;
    if (ts.isAwaitExpression(node) || kind === ts.SyntaxKind.YieldExpression) return false;
    // A function would forget what a check above found out.
    if (checker && isReference(node) && checker.isNarrowed(node) && !staysNarrow(node)) return false;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, (child) => void open.push(child));
  }
  return true;

  function isReference(node: ts.Node): node is ts.Expression {
    if (ts.isIdentifier(node)) return !ts.isPropertyAccessExpression(node.parent) || node.parent.name !== node;
    return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  }

  /** What is assigned once and for all. */
  function staysNarrow(node: ts.Expression): boolean {
    const declaration = ts.isIdentifier(node) ? scopes.find(node.text, node) : undefined;
    if (!declaration || !(ts.isVariableDeclaration(declaration) || ts.isParameter(declaration))) return false;
    const { name, initializer, parent } = declaration;
    if (!ts.isIdentifier(name)) return false;
    if (ts.isVariableDeclaration(declaration)) {
      if (parent.flags & ts.NodeFlags.Const) return true;
      if (!initializer || !(parent.flags & ts.NodeFlags.BlockScoped)) return false;
    }
    return !referencesTo(name, declaration, analysis).some((reference) => assignmentTo(reference, ts));
  }
}

function mentions(ts: Analysis['ts'], node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) return true;
  return ts.forEachChild(node, (child) => mentions(ts, child, name) || undefined) ?? false;
}
