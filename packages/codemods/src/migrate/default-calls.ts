import type { ts } from 'ts-morph';
import type { MigrationSkipReason } from '../plan.js';
import { obstructed, type Rewrite, type Site, type Surroundings } from './migration.js';
import { callOf, type PackageUses } from './package-uses.js';

/** The sites of a library whose default export is called: the calls, and whatever else is done with it, which stays. */
export function defaultCalls(
  { uses, others }: Pick<PackageUses, 'uses' | 'others'>,
  around: Surroundings,
  /** What stands against every call. */
  whole: MigrationSkipReason | undefined,
  rewrite: (call: ts.CallExpression, around: Surroundings) => Rewrite,
  /** Why uses of what it exports by name stay. */
  named: MigrationSkipReason = 'other-import',
): Site[] {
  const sites = uses.map((use): Site => {
    const call = callOf(use);
    if (use.export !== 'default') return obstructed(call ?? use.node, use.node, named);
    if (!call) return obstructed(use.node, use.node, 'not-a-call');
    if (whole) return obstructed(call, use.node, whole);
    return { node: call, shown: use.node, rewrite: () => rewrite(call, around) };
  });
  return [...sites, ...others.map((node) => obstructed(node, node, 'other-import'))];
}
