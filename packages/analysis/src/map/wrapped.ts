import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { unwrap } from '../resolver/unwrap.js';

type Tools = Pick<Analysis, 'ts' | 'targets'>;

/** `const load = guard(send, timeout(1_000))`: whoever calls `load` calls `send`, under the guard. */
export function isWrapped(node: ts.Node, { ts, targets }: Tools): boolean {
  if (!ts.isVariableDeclaration(node) && !ts.isPropertyDeclaration(node)) return false;
  const value = node.initializer && unwrap(ts, node.initializer);
  if (!value || (!ts.isCallExpression(value) && !ts.isNewExpression(value))) return false;
  return targets.guard(value)?.row.form === 'wraps';
}

/** The declaration around a place, within its owner, that holds a function with its guard. */
export function wrappedAround(place: ts.Node, owner: ts.Node | undefined, tools: Tools): ts.Node | undefined {
  for (let node = place; node.parent && node !== owner; node = node.parent) if (isWrapped(node, tools)) return node;
  return undefined;
}
