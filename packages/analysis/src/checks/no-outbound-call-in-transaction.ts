import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { DependencyKind } from '../catalogue/catalogue.js';
import { evidenceOf, shorten } from '../location.js';
import type { Reached } from '../summaries/reachable.js';
import { isInside } from '../summaries/regions.js';
import { transactionsIn, type Transaction } from '../summaries/transactions.js';
import { isWaitedFor, runsLater } from '../summaries/waits.js';
import type { Check, Judgement } from './check.js';

/** A transaction that waits for somebody else holds its locks and its connection for as long as they like. */
export const noOutboundCallInTransaction: Check = {
  id: 'no-outbound-call-in-transaction',
  code: 770_017,
  harm: 'Locks and a connection of the pool are held until somebody else answers',
  preset: 'recommended',
  messages: {
    inTransaction:
      '`{{call}}` runs while the transaction of `{{transaction}}` is open: its locks and its connection are held until the other side answers.',
    inTransactionPath:
      '`{{call}}` runs while the transaction of `{{transaction}}` is open, on the way `{{way}}`: its locks and its connection are held until the other side answers.',
  },
  *judge(file, analysis) {
    const told = new Set<ts.Node>();
    for (const transaction of transactionsIn(file, analysis)) {
      for (const code of transaction.code) {
        for (const reached of analysis.reachable.from(code)) {
          const at = reached.path[0] ? calleeText(reached.path[0], analysis.ts) : reached.outbound.callee;
          if (told.has(at) || !holdsOpen(reached, code, analysis)) continue;
          told.add(at);
          yield judgementOf(at, transaction, reached, analysis);
        }
      }
    }
  },
};

const remote: ReadonlySet<DependencyKind> = new Set(['http', 'rpc', 'sdk', 'mail', 'broker', 'socket', 'cache']);

function holdsOpen({ outbound, path }: Reached, code: ts.Node, analysis: Analysis): boolean {
  if (!remote.has(outbound.kind)) return false;
  const steps = [...path, outbound.node];
  const { ts, reachable } = analysis;
  if (!steps.every((step) => ts.isAwaitExpression(step) || isWaitedFor(step, analysis))) return false;
  return steps.every((step, position) => {
    const caller = position === 0 ? undefined : path[position - 1];
    const callee = caller && reachable.calleesOf(caller).find((node) => isInside(step, node));
    return !runsLater(step, caller ? (callee ?? step) : code, analysis);
  });
}

function calleeText(call: ts.Node, ts: Analysis['ts']): ts.Node {
  return ts.isCallExpression(call) || ts.isNewExpression(call) ? call.expression : call;
}

function judgementOf(
  at: ts.Node,
  { node, name }: Transaction,
  { outbound, path }: Reached,
  { ts }: Analysis,
): Judgement {
  const call = shorten(outbound.callee.getText());
  const way = [...path.map((step) => evidenceOf(ts, step).text), call].join(' → ');
  // A cache is quick, and code of a package may reach the network on other ways only.
  const isLikely = outbound.kind === 'cache' || outbound.target.isInferred === true;
  return {
    at,
    messageId: path.length > 0 ? 'inTransactionPath' : 'inTransaction',
    data: { call, transaction: shorten(name), way },
    ...(isLikely ? { confidence: 'likely' as const } : {}),
    path: [node, ...path, outbound.callee],
  };
}
