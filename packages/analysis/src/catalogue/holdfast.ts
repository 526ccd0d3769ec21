import type { CatalogueModule, CreateRow, GuardRow } from './catalogue.js';

const factories = [
  'circuitBreaker',
  'retry',
  'timeout',
  'bulkhead',
  'cached',
  'rateLimit',
  'fallback',
  'hedge',
  'pipeline',
];
const decorators = ['CircuitBreaker', 'Retry', 'Timeout', 'Bulkhead', 'Cached', 'RateLimit', 'Fallback', 'Hedge'];

/** Our own runtime: what it wraps is guarded. `chaos` and `@Idempotent` protect nothing, so they have no row. */
export const holdfast: CatalogueModule = {
  module: '@holdfast/runtime',
  creates: factories.map((factory): CreateRow => ({ export: factory, returns: 'Policy' })),
  guards: [
    ...decorators.map((name): GuardRow => ({ export: name, policy: name, form: 'decorator', atLeast: 0 })),
    { export: 'Guard', policy: 'Guard', form: 'decorator', atLeast: 1 },
    { export: 'guard', policy: 'guard', form: 'wrapper', atLeast: 2 },
    { export: 'withTimeout', policy: 'withTimeout', form: 'wrapper', atLeast: 2 },
    { export: 'withRetry', policy: 'withRetry', form: 'wrapper', atLeast: 1 },
    { export: '*', member: 'execute', policy: 'policy', form: 'wrapper', atLeast: 1 },
  ],
  ambientSignals: ['currentSignal'],
};
