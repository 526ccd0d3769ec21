import type { OutboundCall } from '@holdfast/analysis';
import { ts } from 'ts-morph';
import type { AnalyzedFile } from '../project.js';
import { calleeName, type Owner } from './surroundings.js';

const opening = /^(?:\$?transaction|withTransaction|runTransaction|runInTransaction|inTransaction|transactional)$/i;
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
  const root = rootOf(call);
  if (/^(?:tx|trx|transaction)$/i.test(root.getText())) return true;
  if (transactionType.test(program.getTypeChecker().getTypeAtLocation(root).getSymbol()?.name ?? '')) return true;
  for (let node: ts.Node = call; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isCallExpression(node.parent) && node !== node.parent.expression && opening.test(calleeName(node.parent)))
      return true;
    if (ts.isMethodDeclaration(node) && isTransactional(node)) return true;
  }
  return owner !== undefined && opensByHand(owner);
}

/** `a` of `a.b.c(…)`, or `this.a` of `this.a.b(…)`. */
function rootOf(call: ts.CallExpression): ts.Expression {
  let root: ts.Expression = call;
  for (;;) {
    if (ts.isCallExpression(root)) root = root.expression;
    else if (ts.isPropertyAccessExpression(root) && root.expression.kind !== ts.SyntaxKind.ThisKeyword)
      root = root.expression;
    else return root;
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
