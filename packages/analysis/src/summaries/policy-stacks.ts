import type ts from 'typescript';
import type { Analysis } from '../analysis.js';
import { argumentsOf } from '../facts/file-facts.js';
import type { Policy, Region } from './regions.js';

/** One policy of a stack, and what to point at: the decorator, the argument, the call. */
export interface StackMember {
  readonly policy: Policy;
  readonly node: ts.Node;
}

/** Policies around one operation. */
export interface PolicyStack {
  /** Outermost first. */
  readonly members: readonly StackMember[];
  /** How many of them, the outermost ones, stand around the guard that this stack is about. */
  readonly outer: number;
  /** What runs under them, where that is in sight. */
  readonly operation?: ts.Node | undefined;
}

/** Whether two members meet in this very stack: what one expression holds, and what stands around, is compared where it is written. */
export function isOwnPair({ members, outer }: PolicyStack, first: number, second: number): boolean {
  if (members[first]?.node === members[second]?.node) return false;
  return outer === 0 || (Math.min(first, second) < outer && Math.max(first, second) >= outer);
}

type Tools = Pick<Analysis, 'ts' | 'facts' | 'regions' | 'targets'>;

/** Where a file puts policies around each other: decorators of a method, members of a pipeline, guards within guards. */
export function policyStacks(file: ts.SourceFile, tools: Tools): readonly PolicyStack[] {
  const { facts } = tools;
  const { calls, decorators } = facts(file);
  const stacks: PolicyStack[] = [];
  for (const method of new Set(decorators.map(({ parent }) => parent))) {
    stacks.push({
      members: decorators.filter(({ parent }) => parent === method).flatMap((node) => ofDecorator(node, tools)),
      outer: 0,
      operation: method,
    });
  }
  for (const call of calls) stacks.push(...ofCall(call, tools));
  return stacks.filter(({ members }) => members.length > 1);
}

function ofDecorator(decorator: ts.Decorator, { ts, regions, targets }: Tools): readonly StackMember[] {
  const policies = regions.at(decorator)?.policies ?? [];
  const call = decorator.expression;
  const own = targets.decorator(decorator)?.row.policies.length;
  if (own !== 0 || !ts.isCallExpression(call)) return policies.map((policy) => ({ policy, node: decorator }));
  // `@Guard(retry(), timeout(1_000))`
  return call.arguments.flatMap((node) => regions.policiesOf(node).map((policy) => ({ policy, node })));
}

function ofCall(
  call: ReturnType<Tools['facts']>['calls'][number],
  { ts, regions, targets }: Tools,
): readonly PolicyStack[] {
  const guard = targets.guard(call);
  if (!guard) return [];
  const { form, operation = 0, policies, member } = guard.row;
  const given = argumentsOf(call);
  const isPipeline = policies.length === 0 && member === undefined && (form === 'factory' || form === 'wraps');
  const own = isPipeline
    ? given.flatMap((node, position) =>
        form === 'wraps' && position === operation ? [] : regions.policiesOf(node).map((policy) => ({ policy, node })),
      )
    : [];
  const stacks: PolicyStack[] =
    own.length > 0 ? [{ members: own, outer: 0, operation: form === 'wraps' ? given[operation] : undefined }] : [];
  if (form !== 'wrapper') return stacks;
  const region = regions.at(call);
  const outside = region ? [...regions.around(call).regions].reverse().flatMap((around) => membersOf(around)) : [];
  if (!region || outside.length === 0) return stacks;
  const inside = region.policies.map((policy) => ({
    policy,
    node: ts.isTaggedTemplateExpression(call) ? call.tag : call.expression,
  }));
  return [...stacks, { members: [...outside, ...inside], outer: outside.length, operation: region.operation }];
}

function membersOf({ policies, node }: Region): readonly StackMember[] {
  return policies.map((policy) => ({ policy, node }));
}
