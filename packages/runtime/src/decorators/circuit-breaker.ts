import type { Policy } from '../policy.js';
import { circuitBreaker, type CircuitBreakerOptions } from '../policies/circuit-breaker.js';
import { policyDecorator } from './policy-decorator.js';
import type { PolicyDecorator } from './decorate.js';

/** `circuitBreaker` around a method: takes its options, its `failureThreshold`, or an existing policy to share. */
export const CircuitBreaker: (options?: CircuitBreakerOptions | number | Policy) => PolicyDecorator = policyDecorator(
  '@CircuitBreaker',
  circuitBreaker,
  'failureThreshold',
);
