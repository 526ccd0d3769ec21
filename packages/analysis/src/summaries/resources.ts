import type { Analysis } from '../analysis.js';
import { argumentsOf, calleeOf, type CallLike } from '../facts/file-facts.js';
import type { Outbound } from '../outbound.js';
import { unwrap } from '../resolver/unwrap.js';
import type ts from 'typescript';

type Tools = Pick<Analysis, 'ts' | 'operations'>;

const tables = /\b(?:from|join|into|update|table)\s+(?:only\s+)?["`[]?([a-z_][\w.$]*)/gi;

/**
 * What a call reads or changes, in words that are the same for both: tables of a statement, the collection or model it
 * is called on, the address up to its first variable part. Empty when that cannot be seen.
 */
export function resourcesOf({ node, kind, target }: Outbound, { ts, operations }: Tools): readonly string[] {
  if (ts.isAwaitExpression(node)) return kind === 'db' ? ofChain(node.expression, ts) : [];
  const text = operations.textOf(argumentsOf(node)[0]) ?? operations.textOf(node);
  if (kind === 'http') {
    const address = text?.split(/[?#]/)[0]?.replace(/\/+$/, '');
    return address && /\w/.test(address.replace(/^https?:/, '')) ? [`${clientText(node, ts)} ${address}`] : [];
  }
  if (typeof target.row.effect === 'object' && 'sql' in target.row.effect) {
    const named = [...(text ?? '').matchAll(tables)].map(
      ([, table]) => `table ${table!.toLowerCase().replace(/^.*\./, '')}`,
    );
    return [...new Set(named)];
  }
  return kind === 'db' ? ofChain(node, ts) : [];
}

function clientText(call: CallLike, ts: Tools['ts']): string {
  const callee = unwrap(ts, calleeOf(call));
  return ts.isPropertyAccessExpression(callee) ? callee.expression.getText() : callee.getText();
}

const choosing =
  /^(?:from|into|table|insert|insertInto|selectFrom|update|updateTable|delete|deleteFrom|collection|model|getRepository)$/;

/** `db('users').where(…)`, `db.select().from(users)`, `this.users.findOne(…)`, `prisma.user.create(…)` */
function ofChain(node: ts.Node, ts: Tools['ts']): readonly string[] {
  let receiver: string | undefined;
  let next: ts.Node = unwrap(ts, node);
  for (let steps = 0; steps < 200; steps += 1) {
    if (ts.isCallExpression(next)) {
      const callee = unwrap(ts, next.expression);
      const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
      const first = next.arguments[0];
      const isNamed = first !== undefined && (ts.isStringLiteralLike(first) || ts.isIdentifier(first));
      if (isNamed && (choosing.test(name) || (name === '' && ts.isStringLiteralLike(first)))) {
        return [`table ${(ts.isStringLiteralLike(first) ? first.text : first.getText()).toLowerCase()}`];
      }
      next = callee;
    } else if (ts.isPropertyAccessExpression(next)) {
      next = unwrap(ts, next.expression);
      // A member of a member: the model, the repository. A name alone may be the client of everything.
      if (ts.isPropertyAccessExpression(next) || (ts.isIdentifier(next) && /^[A-Z]/.test(next.text)))
        receiver ??= next.getText();
    } else break;
  }
  const isWholeClient =
    receiver !== undefined &&
    /(?:^|\.)(?:db|pool|client|knex|prisma|connection|conn|database|sequelize|dataSource|manager|em)$/i.test(receiver);
  return receiver === undefined || isWholeClient ? [] : [receiver];
}
