import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import type { Policy } from './regions.js';

/** Something whose results are kept. */
export interface Cache {
  /** What to point at: the decorator, the argument that brings the policy, the call. */
  readonly node: ts.Node;
  readonly policy: Policy;
  /** The function whose results they are, or the method. */
  readonly operation: ts.Node;
  /** Through `execute` there are no arguments, and all calls share one space. */
  readonly isExecuted: boolean;
}

/** The caches that a file puts around operations. */
export function cachesIn(
  file: ts.SourceFile,
  { ts, facts, regions }: Pick<Analysis, 'ts' | 'facts' | 'regions'>,
): readonly Cache[] {
  const { calls, decorators } = facts(file);
  const caches: Cache[] = [];
  for (const node of [...decorators, ...calls]) {
    const region = regions.at(node);
    const policy = region?.policies.find(({ kind }) => kind === 'cached');
    if (!region || !policy) continue;
    const given = ts.isCallExpression(node) ? node.arguments : [];
    const argument = given.find(
      (argument) => argument !== region.operation && regions.policiesOf(argument).some(({ kind }) => kind === 'cached'),
    );
    const callee = ts.isCallExpression(node) ? node.expression : node;
    caches.push({
      node: argument ?? callee,
      policy,
      operation: region.operation,
      isExecuted: region.form === 'wrapper',
    });
  }
  return caches;
}

/** The function behind an operation: the method itself, the arrow of a field, what a name stands for. */
export function functionOf(
  operation: ts.Node,
  { ts, reachable }: Pick<Analysis, 'ts' | 'reachable'>,
): ts.FunctionLikeDeclaration | undefined {
  const value = ts.isPropertyDeclaration(operation) ? operation.initializer : operation;
  if (!value) return undefined;
  if (ts.isMethodDeclaration(value)) return value;
  return reachable.functionsOf(value)[0];
}
