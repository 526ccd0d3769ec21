import type { CatalogueModule, GuardRow, PolicyKind } from '../catalogue.js';

const kinds: Readonly<Record<string, PolicyKind>> = {
  CircuitBreaker: 'circuit-breaker',
  Retry: 'retry',
  Timeout: 'timeout',
  Bulkhead: 'bulkhead',
  Cached: 'cached',
  RateLimit: 'rate-limit',
  Fallback: 'fallback',
  Hedge: 'hedge',
};

/** What the retry of the runtime calls its options. */
const attempts = {
  attempts: 'maxAttempts',
  attemptsCountFirst: true,
  ownAttempts: 3,
  condition: 'retryIf',
  maxElapsed: 'maxElapsed',
} as const;
const duration = { duration: 'duration' } as const;

function optionsOf(kind: PolicyKind): Partial<GuardRow> {
  return kind === 'retry' ? attempts : kind === 'timeout' ? duration : {};
}

function factory(name: string, kind: PolicyKind): GuardRow {
  const exported = name.charAt(0).toLowerCase() + name.slice(1);
  return { export: exported, name: exported, policies: [kind], form: 'factory', options: 0, ...optionsOf(kind) };
}

/** Our own runtime. `chaos` and `@Idempotent` protect nothing, so they have no row. */
export const holdfast: CatalogueModule = {
  module: '@holdfast/runtime',
  guards: [
    ...Object.entries(kinds).flatMap(([name, kind]): GuardRow[] => [
      { export: name, name, policies: [kind], form: 'decorator', options: 0, ...optionsOf(kind) },
      factory(name, kind),
    ]),
    { export: 'Guard', name: 'Guard', policies: [], form: 'decorator', atLeast: 1 },
    { export: 'pipeline', name: 'pipeline', policies: [], form: 'factory' },
    { export: 'guard', name: 'guard', policies: [], form: 'wraps', atLeast: 2 },
    { export: 'withTimeout', name: 'withTimeout', policies: ['timeout'], form: 'wrapper', options: 1, atLeast: 2 },
    {
      export: 'withRetry',
      name: 'withRetry',
      policies: ['retry'],
      form: 'wrapper',
      options: 1,
      atLeast: 1,
      ...attempts,
    },
    { export: '*', member: 'execute', name: 'policy', policies: [], form: 'wrapper', atLeast: 1 },
  ],
  ambientSignals: ['currentSignal'],
};
