export { pipeline, type PipelinePolicy } from './pipeline.js';
export { guard, withRetry, withTimeout } from './guard.js';
export { snapshot } from './registry.js';

export { bulkhead, type BulkheadOptions, type BulkheadPolicy } from './policies/bulkhead.js';
export { cached, type CachedOptions, type CachedPolicy, type CacheEntry, type CacheStore } from './policies/cached.js';
export { chaos, type ChaosOptions, type ChaosPolicy } from './policies/chaos.js';
export {
  circuitBreaker,
  type CircuitBreakerOptions,
  type CircuitBreakerPolicy,
  type Isolation,
} from './policies/circuit-breaker.js';
export type { CircuitMode, CircuitState, SavedCircuit } from './policies/circuit.js';
export { fallback, type FallbackHandler, type FallbackOptions, type FallbackPolicy } from './policies/fallback.js';
export { hedge, type HedgeOptions, type HedgePolicy } from './policies/hedge.js';
export type { IdempotentOptions } from './policies/idempotent.js';
export { rateLimit, type RateLimitOptions, type RateLimitPolicy } from './policies/rate-limit.js';
export { retry, type RetryOptions, type RetryPolicy } from './policies/retry.js';
export { retryBudget, type RetryBudget, type RetryBudgetOptions } from './policies/retry-budget.js';
export { attemptErrors } from './policies/retrying.js';
export { timeout, type TimeoutOptions, type TimeoutPolicy } from './policies/timeout.js';

export { Bulkhead } from './decorators/bulkhead.js';
export { Cached } from './decorators/cached.js';
export { CircuitBreaker } from './decorators/circuit-breaker.js';
export { Fallback } from './decorators/fallback.js';
export { Guard } from './decorators/guard.js';
export { Hedge } from './decorators/hedge.js';
export { Idempotent } from './decorators/idempotent.js';
export { RateLimit } from './decorators/rate-limit.js';
export { Retry } from './decorators/retry.js';
export { Timeout } from './decorators/timeout.js';
export type { AsyncMethod, PolicyDecorator } from './decorators/decorate.js';

export {
  BulkheadFullError,
  captureStacks,
  ChaosError,
  CircuitOpenError,
  HoldfastError,
  RateLimitedError,
  RejectionError,
  RetryBudgetExhaustedError,
  TimeoutError,
} from './errors.js';

export { systemClock, type Clock, type Timer } from './clock.js';
export type { HoldfastEvent } from './events.js';
export type { OperationContext } from './engine/operation-context.js';
export { outcomeOfError, type Outcome } from './outcome.js';
export type { BuiltInPolicy, ExecuteOptions, Operation, Policy, PolicySnapshot } from './policy.js';
