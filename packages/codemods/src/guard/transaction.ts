import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import type { AnalyzedFile } from '../project.js';
import { calleeName, type Owner } from './surroundings.js';

const opening =
  /^(?:\$?transaction|begin|savepoint|withTransaction|runTransaction|runInTransaction|inTransaction|transactional)$/i;
const manual = /^(?:beginTransaction|startTransaction|commitTransaction|abortTransaction|commit|rollback)$/;
const statement = /^\s*(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK)\b/i;
const transactionType = /Transaction|ClientSession|QueryRunner/;

/**
 * Whether a call of a database is part of a transaction, or opens one. One of its statements cannot be repeated alone, a
 * breaker that refuses the rollback leaves it open, and after a timeout the whole may still be committed.
 */
export function isInTransaction(
  call: ts.CallExpression,
  { target }: OutboundCall,
  owner: Owner | undefined,
  { program }: AnalyzedFile,
): boolean {
  if (target.kind !== 'db') return false;
  if (opening.test(calleeName(call))) return true;
  const checker = program.getTypeChecker();
  const isTransaction = (receiver: ts.Expression): boolean =>
    /(?:^|\.)(?:tx|trx|transaction)$/i.test(receiver.getText()) ||
    transactionType.test(checker.getTypeAtLocation(receiver).getSymbol()?.name ?? '');
  if (receiversOf(call).some(isTransaction)) return true;
  for (let node: ts.Node = call; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isCallExpression(node.parent) && node !== node.parent.expression && opening.test(calleeName(node.parent)))
      return true;
    if (ts.isMethodDeclaration(node) && isTransactional(node)) return true;
  }
  return owner !== undefined && opensByHand(owner);
}

/** What a call is made on, from the inside out: `a.b.c(…)` on `a.b` and on `a`, `tx('accounts').where(…)` on `tx` as well. */
function receiversOf(call: ts.CallExpression): ts.Expression[] {
  const receivers: ts.Expression[] = [];
  let at: ts.Expression = call;
  for (;;) {
    if (ts.isCallExpression(at)) at = at.expression;
    else if (ts.isPropertyAccessExpression(at) && at.expression.kind !== ts.SyntaxKind.ThisKeyword) {
      // The method of the call itself is none.
      if (at !== call.expression) receivers.push(at);
      at = at.expression;
    } else {
      receivers.push(at);
      return receivers;
    }
  }
}

function isTransactional(method: ts.MethodDeclaration): boolean {
  return (
    ts.getDecorators(method)?.some(({ expression }) => /^Transaction(?:al)?\b/.test(expression.getText())) ?? false
  );
}

function opensByHand(owner: Owner): boolean {
  const open: ts.Node[] = [owner];
  for (let node = open.pop(); node; node = open.pop()) {
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      if (manual.test(calleeName(node)) || (first && ts.isStringLiteralLike(first) && statement.test(first.text)))
        return true;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}
