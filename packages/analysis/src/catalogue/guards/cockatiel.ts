import type { CatalogueModule, GuardRow, PolicyKind } from '../catalogue.js';

function factory(name: string, kind: PolicyKind, options: number, more: Partial<GuardRow> = {}): GuardRow {
  return { export: name, name, policies: [kind], form: 'factory', options, ...more };
}

/** `maxAttempts` counts the tries after the first one; without it a retry never stops. */
export const cockatiel: CatalogueModule = {
  module: 'cockatiel',
  docs: 'https://github.com/connor4312/cockatiel#retrypolicy-options',
  guards: [
    factory('retry', 'retry', 1, { attempts: 'maxAttempts', condition: 0 }),
    factory('timeout', 'timeout', 0),
    factory('circuitBreaker', 'circuit-breaker', 1),
    factory('bulkhead', 'bulkhead', 0),
    factory('fallback', 'fallback', 1),
    { export: 'wrap', name: 'wrap', policies: [], form: 'factory' },
    { export: 'usePolicy', name: 'usePolicy', policies: [], form: 'decorator', atLeast: 1 },
    { export: '*', member: 'execute', name: 'policy', policies: [], form: 'wrapper', atLeast: 1 },
    { export: '*', member: 'wrap', name: 'policy', policies: [], form: 'wraps', atLeast: 1 },
  ],
};
