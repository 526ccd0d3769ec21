import { assertPolicies, definePolicy, type BuiltInPolicy, type Policy } from './policy.js';

export interface PipelinePolicy extends BuiltInPolicy {
  readonly kind: 'pipeline';
  /** Outermost first. */
  readonly policies: readonly Policy[];
}

/**
 * Several policies as one, outermost first, compiled to one call path.
 *
 * The usual order is fallback, cache, retry, hedge, circuit breaker, rate limit, bulkhead, timeout (per attempt), with another
 * timeout outside for the whole; the order you write is the order that runs.
 *
 * @throws {TypeError} Without policies, or for something that is none.
 */
export function pipeline(...policies: Policy[]): PipelinePolicy {
  assertPolicies('pipeline', policies);
  const members = [...policies];
  return definePolicy(
    {
      kind: 'pipeline',
      name: members.map(({ name }) => name).join(' > '),
      internals: { members },
      snapshot: () => ({ policies: members.map(({ kind, name }) => ({ kind, name })) }),
    },
    { policies: members },
  ) as PipelinePolicy;
}
