export { circuitBreaker } from './policies/circuit-breaker.js';
export { retry } from './policies/retry.js';
export { timeout } from './policies/timeout.js';
export { bulkhead } from './policies/bulkhead.js';
export { rateLimit } from './policies/rate-limit.js';
export { pipeline } from './pipeline.js';
export { guard, withRetry, withTimeout } from './guard.js';
