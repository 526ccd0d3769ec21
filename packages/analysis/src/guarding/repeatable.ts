import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { calleeOf, type CallLike } from '../facts/file-facts.js';
import { rewrap, unwrap } from '../resolver/unwrap.js';
import { originOfKey } from '../summaries/key-origins.js';
import type { Reached } from '../summaries/reachable.js';
import { isInside } from '../summaries/regions.js';
import { isInTransaction } from './guard-call.js';
import { sendsStream } from './one-shot.js';

/** Ways that are longer are not followed to their end. */
const maxPath = 7;

/**
 * Whether running a function again does nothing that running it once does not: every outbound call reads, is idempotent or sends the same
 * key, no client repeats it already, and nothing else is waited for or called for its effect, which may be a write that nobody knows.
 */
export function isRepeatable(fn: ts.FunctionLikeDeclaration, reached: readonly Reached[], analysis: Analysis): boolean {
  if (!reached.every((way) => isRepeatableCall(way, fn, analysis))) return false;
  const outbounds = new Set<ts.Node>(reached.map(({ outbound }) => outbound.node));
  const { reachable, budget } = analysis;
  const calls = reachable.callsFrom(fn);
  const bodies = [fn.body!];
  for (const { call, path } of calls) {
    if (path.length >= maxPath) return false;
    const callees = reachable.calleesOf(call);
    bodies.push(...callees.map(({ body }) => body!));
    if (callees.length === 0 && mayHaveEffect(call, outbounds, analysis)) return false;
  }
  return !budget.isExhausted() && bodies.every((body) => !changesState(body, outbounds, analysis));
}

function isRepeatableCall({ outbound }: Reached, fn: ts.FunctionLikeDeclaration, analysis: Analysis): boolean {
  const { ts } = analysis;
  const { node, kind, effect, operation, ownRetries, reach, regions } = outbound;
  // Retries would multiply.
  if ((ownRetries && ownRetries.count !== 0) || regions.length > 0 || reach.kind === 'guarded') return false;
  if (kind === 'db' && isInTransaction(node, analysis)) return false;
  if (effect === 'read') return true;
  if (!ts.isCallExpression(node) || sendsStream(node, analysis)) return false;
  if (operation.key) {
    const attempt = { code: [fn], isCallback: false, argumentsFor: () => undefined };
    return originOfKey(operation.key.value, attempt, analysis).kind === 'same';
  }
  // Whether a body is a stream is a matter of types.
  return effect === 'idempotent-write' && analysis.isTyped;
}

/** A call outside the project that is waited for, or made for what it does; reading a body and writing a log are none. */
function mayHaveEffect(call: CallLike, outbounds: ReadonlySet<ts.Node>, { ts, checker }: Analysis): boolean {
  const callee = calleeOf(call);
  // Part of a chain that is sent as a whole, or what follows it: `fetch(url).then(…)`.
  if ([...outbounds].some((outbound) => outbound.getStart() === call.getStart() && overlap(outbound, call)))
    return false;
  const { parent } = rewrap(ts, call);
  if (ts.isExpressionStatement(parent)) return !/(?:^|\.)(?:console|log|logger)\b/i.test(callee.getText());
  if (/^Promise\.(?:all|allSettled|any|race)$/.test(callee.getText())) return false;
  if (ts.isPropertyAccessExpression(callee) && bodyReaders.test(callee.name.text)) return false;
  if (ts.isAwaitExpression(parent)) return true;
  const isThenable = checker?.isThenable(call as ts.Expression);
  return isThenable ?? (ts.isReturnStatement(parent) || ts.isArrowFunction(parent));
}

const bodyReaders = /^(?:json|text|arrayBuffer|blob|bytes|formData)$/;

function overlap(a: ts.Node, b: ts.Node): boolean {
  return isInside(a, b) || isInside(b, a);
}

function changesState(body: ts.Node, outbounds: ReadonlySet<ts.Node>, { ts }: Analysis): boolean {
  const { FirstCompoundAssignment, LastCompoundAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
  const isMember = (node: ts.Node): boolean =>
    ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  const open: ts.Node[] = [body];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isPostfixUnaryExpression(node) && isMember(node.operand)) return true;
    if (ts.isPrefixUnaryExpression(node) && [PlusPlusToken, MinusMinusToken].includes(node.operator as never)) {
      if (isMember(node.operand)) return true;
    }
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind >= FirstCompoundAssignment && kind <= LastCompoundAssignment && isMember(node.left)) return true;
    }
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    // A promise that was made before is not made again.
    if (ts.isAwaitExpression(node) && !ts.isCallExpression(unwrap(ts, node)) && !outbounds.has(node)) return true;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}
